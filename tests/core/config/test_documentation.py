from __future__ import annotations

import re
from pathlib import Path

import attrs
import pytest

from hygge_core.config import load_project
from hygge_core.config.model import Options, ProjectTable, TableConfig
from hygge_core.plugins import Plugins


PAGE = Path(__file__).parents[3] / "docs" / "configuration.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_the_example_of_the_page_loads_with_the_plugins_that_are_installed(tmp_path):
    files = dict(re.findall(r"(?ms)^`([a-z/.]+)`:\n\n```toml\n(.*?)^```", TEXT))
    assert set(files) == {"hygge.toml", "flows/shop.toml"}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    project = load_project(tmp_path / "hygge.toml", plugins=Plugins.load(environ={}), environ={})
    assert [entity.path for entity in project.entities] == [
        "erp.account",
        "erp.contact",
        "erp.order line",
        "erp.audit",
        "shop.customers",
        "shop.prices",
    ]
    assert project.entities[5].home.value.columns == {"zip": "string"}


@pytest.mark.parametrize(
    "attribute", [*attrs.fields(ProjectTable), *attrs.fields(Options), *attrs.fields(TableConfig)], ids=lambda a: a.name
)
def test_every_key_has_its_row(attribute):
    assert re.search(rf"(?m)^\| `{attribute.name}` \| ", TEXT)


@pytest.mark.parametrize("attribute", attrs.fields(Options), ids=lambda attribute: attribute.name)
def test_the_defaults_of_options_are_as_the_page_says(attribute):
    default = re.search(rf"(?m)^\| `{attribute.name}` \| [^|]* \| ([^|]*) \|", TEXT)[1].strip("`")
    expected = {"max_memory": "nothing", "disable_plugins": "[]"}
    expected |= {"runs": '"runs"', "journal": '"journal"'}
    assert default == expected.get(attribute.name, str(attribute.default).lower())


def test_the_messages_that_the_page_shows_are_the_real_ones(mistakes):
    shown = re.search(r"(?s)what to do:\n\n<!-- shown[^\n]+\n```text\n(.*?)```", TEXT)[1].splitlines()
    told = mistakes(
        {
            "hygge.toml": '\n\n[options]\nmax_memory = "512M"\n',
            "flows/shop.toml": '\nstore = { type = "loft", path = "x" }\nhome = { pth = "x", type = "loft2" }\n',
        }
    )
    assert told[-1] == shown[-1]
    told = mistakes({"hygge.toml": "", "flows/shop.toml": '\n\nhome = { pth = "x", type = "barn" }\n'})
    assert shown[0] in told
