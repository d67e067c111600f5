from __future__ import annotations

from pathlib import Path

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from hygge_core import HomeType, StoreType, UsageError
from hygge_core.cli.selection import select
from hygge_core.config.model import EntityConfig, FlowConfig, HomeConfig, Project, StoreConfig


@frozen
class Nothing:
    pass


HOME = HomeConfig(type=HomeType(name="none", config=Nothing, open=print), value=Nothing())
STORE = StoreConfig(type=StoreType(name="none", config=Nothing, open=print), value=Nothing())


def project(**flows):
    return Project(
        name="p",
        root=Path(),
        flows=tuple(
            FlowConfig(
                name=flow,
                file="hygge.toml",
                entities=tuple(EntityConfig(flow=flow, name=name, home=HOME, store=STORE) for name in entities),
            )
            for flow, entities in flows.items()
        ),
    )


SHOP = project(erp=["Account", "Contact", "dbo.Order"], crm=["Contact", "Lead[1]"], web=["Visit"])


@pytest.mark.parametrize(
    ("flows", "entities", "chosen"),
    [
        ([], [], "erp.Account erp.Contact erp.dbo.Order crm.Contact crm.Lead[1] web.Visit"),
        (["web", "crm"], [], "crm.Contact crm.Lead[1] web.Visit"),
        (["web,crm"], [], "crm.Contact crm.Lead[1] web.Visit"),
        ([" web , crm,"], [], "crm.Contact crm.Lead[1] web.Visit"),
        (["*r*"], [], "erp.Account erp.Contact erp.dbo.Order crm.Contact crm.Lead[1]"),
        ([], ["erp.Contact"], "erp.Contact"),
        ([], ["web.Visit,erp.Account", "erp.Account"], "erp.Account web.Visit"),
        ([], ["Account"], "erp.Account"),
        ([], ["dbo.Order"], "erp.dbo.Order"),
        ([], ["crm.Lead[1]"], "crm.Lead[1]"),
        ([], ["Lead[1]"], "crm.Lead[1]"),
        ([], ["erp.*"], "erp.Account erp.Contact erp.dbo.Order"),
        ([], ["*.Contact"], "erp.Contact crm.Contact"),
        (["crm"], ["Contact"], "crm.Contact"),
        (["erp", "web"], ["*.?isit"], "web.Visit"),
    ],
)
def test_flows_and_entities_choose(flows, entities, chosen):
    assert " ".join(entity.path for entity in select(SHOP, flows, entities)) == chosen


@pytest.mark.parametrize(
    ("flows", "entities", "message"),
    [
        (["crn"], [], "--flow: no flow is called 'crn'; did you mean 'crm'?"),
        (["zzz"], [], "--flow: no flow is called 'zzz'; there are erp, crm, web"),
        (["z*"], [], "--flow: no flow is called 'z*'; there are erp, crm, web"),
        ([], ["erp.Acount"], "--entity: no entity is called 'erp.Acount'; did you mean 'erp.Account'?"),
        ([], ["Vist"], "--entity: no entity is called 'Vist'; did you mean 'Visit'?"),
        ([], ["Contact"], "--entity: 'Contact' is in several flows; say which: erp.Contact, crm.Contact"),
        (["web"], ["erp.Account"], "--entity: no entity is called 'erp.Account'; there are web.Visit, Visit"),
        ([], ["q?"], ("--entity: no entity is called 'q?'; there are erp.Account, erp.Contact, erp.dbo.Order, "
         "crm.Contact, crm.Lead[1], web.Visit, Account, Contact and 4 more")),
    ],
)  # fmt: skip
def test_a_name_that_chooses_nothing_is_refused(flows, entities, message):
    with pytest.raises(UsageError) as caught:
        select(SHOP, flows, entities)
    assert str(caught.value) == message
    assert caught.value.exit_code == 2


def test_a_project_without_flows_has_nothing_to_suggest():
    with pytest.raises(UsageError, match="there are none"):
        select(project(), ["erp"], [])


@given(st.data())
def test_every_entity_can_be_chosen_by_its_path_alone(data):
    names = st.text(alphabet="ab.[]*?!", min_size=1, max_size=6)
    some = project(x=data.draw(st.lists(names, min_size=1, max_size=6, unique=True)))
    entity = data.draw(st.sampled_from(some.entities))
    assert select(some, [], [entity.path]) == (entity,)
