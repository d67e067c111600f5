"""Whatever keys and values an old project has, each is in the report once, and what is written is TOML."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path

import pytest
import tomli
import yaml
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from hygge_core.errors import UsageError
from hygge_core.migrate.checking import check
from hygge_core.migrate.migration import migrate
from hygge_core.migrate.project import read_project
from hygge_core.migrate.reading import leaves
from hygge_core.migrate.rules.connections import MSSQL, OWN
from hygge_core.migrate.rules.homes import HOMES
from hygge_core.migrate.rules.stores import STORES
from hygge_core.migrate.rules.tables import ENTITY, FLOW
from hygge_core.migrate.rules.top import PROJECT
from hygge_core.plugins import Plugins

from .outcomes import report


PLUGINS = Plugins.load(environ={})
AREAS = [PROJECT, MSSQL, OWN, FLOW, ENTITY, *HOMES.values(), *STORES.values()]
KNOWN = sorted(
    {step for area in AREAS for rule in area.rules for step in rule.key.replace("[]", "").split(".")} - {"*"}
)
TOP = ["home", "store", "entities", "defaults", "connections", "options", "full_drop", "flows", "polish"]
TYPES = [
    "parquet",
    "local",
    "mssql",
    "sqlite",
    "adls",
    "onelake",
    "open_mirroring",
    "csv",
    "incremental",
    "storage_key",
]

texts = st.one_of(
    st.sampled_from(
        [
            *TYPES,
            "${HOME}",
            "${a-b}",
            "$${x}",
            "${",
            "{entity}",
            "yes",
            "7",
            "a/b",
            "https://x.dfs.core.windows.net",
            "~",
            "",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
)
keys = st.one_of(st.sampled_from([*KNOWN, *TOP]), st.text(st.characters(exclude_categories=["Cs"]), max_size=6))
scalars = st.one_of(
    texts,
    st.booleans(),
    st.integers(-5, 10**20),
    st.floats(allow_nan=False),
    st.none(),
    st.dates(),
    st.datetimes(),
    st.binary(max_size=3),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=4)),
    max_leaves=8,
)
sides = st.one_of(
    st.none(),
    texts,
    st.fixed_dictionaries(
        {"type": st.sampled_from(TYPES)},
        optional=dict.fromkeys(
            ("path", "polish", "options", "connection", "server", "credential", "format", "incremental", "table"),
            values,
        ),
    ),
    values,
)
flows = st.fixed_dictionaries(
    {"home": sides, "store": sides},
    optional={
        "entities": st.one_of(
            values,
            st.lists(
                st.one_of(
                    texts,
                    st.fixed_dictionaries(
                        {"name": texts}, optional={"home": sides, "store": sides, "watermark": values}
                    ),
                ),
                max_size=3,
            ),
        ),
        "run_type": texts,
        "watermark": values,
        "full_drop": scalars,
        "defaults": values,
        "journal": values,
        "zz": values,
    },
)
tops = st.dictionaries(keys, values, max_size=4)


def written(folder, name, data):
    place = folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(top=tops, flow=flows, entity=st.one_of(st.none(), flows))
def test_each_value_is_remarked_on_once_and_what_is_written_can_be_read(top, flow, entity):
    top.pop("flows_dir", None)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        written(folder, "hygge.yml", top)
        written(folder, "flows/one/flow.yml", flow)
        if entity is not None:
            written(folder, "flows/one/entities/some.yml", entity)
        try:
            project = read_project(folder)
        except UsageError:
            reject()
        migration = migrate(project, folder / "new", PLUGINS)
        verdict = check(migration, PLUGINS, {})
        report(migration, verdict, folder)
    places = [leaf.place for node in (*project.nodes, *project.shadowed) for leaf in leaves(node) if leaf.place.key]
    said = [(one.file, one.line, one.key) for one in migration.remarks]
    assert sorted(said) == sorted({(one.file, one.line, one.key) for one in places})
    for text in migration.files.values():
        tomli.loads(text)
    for remark in migration.remarks:
        assert remark.to or remark.why or remark.kind == "kept", remark
        json.dumps(remark.to)


@settings(max_examples=60)
@given(texts)
def test_a_text_means_the_same_after_it_was_rewritten(text):
    from hygge_core.migrate.rules.rule import Asked
    from hygge_core.migrate.texts import rewritten

    try:
        new = rewritten(text)
    except Asked:
        return
    assert theirs(text) == ours(new)


def theirs(text):
    return re.sub(r"\$\{([^:}]+)(?::-([^}]*))?\}", lambda found: f"<{found[1]}>", text)


def ours(text):
    from hygge_core.config.environment import Expansion
    from hygge_core.config.node import Node, Place

    names = re.findall(r"\$\{(\w+)", text)
    expansion = Expansion({name: f"<{name}>" for name in names})
    node = expansion.expand(Node(value=text, place=Place(file="f")))
    assert not expansion.problems.found
    return str(node.value)


@pytest.mark.parametrize("text", ["plain", "${A}", "x${A:-b c}y", "${", "$$ ${", "${}", "a}${A}{b"])
def test_these_texts_in_particular(text):
    from hygge_core.migrate.texts import rewritten

    assert theirs(text) == ours(rewritten(text))
