"""Every key of everything that can be configured stands on its page, as the schema has it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from attrs import Factory, field, frozen

from hygge_core import (
    HomeType,
    Secret,  # noqa: TC001 - attrs resolves the annotations at run time
    StoreType,
)
from hygge_core.config import ByteSize  # noqa: TC001 - the same
from hygge_core.config.schema import json_schema
from hygge_core.config.schema_types import describe_class
from hygge_core.plugins import Plugins


ROOT = Path(__file__).parents[2]
OURS = sorted(file.parent.name for file in ROOT.glob("hygge-*/pyproject.toml"))
PAGE_OF = {
    "home parquet": "homes/files.md",
    "home csv": "homes/files.md",
    "home ndjson": "homes/files.md",
    "home sqlite": "homes/sqlite.md",
    "home mssql": "homes/mssql.md",
    "connection mssql": "homes/mssql.md",
    "store parquet": "stores/parquet.md",
    "store adls": "stores/adls.md",
    "connection adls": "stores/adls.md",
    "store onelake": "stores/onelake.md",
    "connection onelake": "stores/onelake.md",
    "store open_mirroring": "stores/open_mirroring.md",
}


@pytest.fixture(scope="module")
def plugins():
    return Plugins.load(environ={})


@pytest.fixture(scope="module")
def types(plugins):
    """The class of settings of everything that our own packages bring."""
    kinds = {"home": plugins.homes, "store": plugins.stores, "connection": plugins.connections}
    brought = {(kind, name): each.config for kind, named in kinds.items() for name, each in named.items()}
    return {
        f"{kind} {name}": config
        for (kind, name), config in brought.items()
        if plugins.provider(kind, name).distribution in OURS
    }


def table_of(page, request):
    """The first cells of the table that stands under a mark."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    table = text.partition(f"<!-- written: keys {request} -->\n")[2].partition("<!-- end -->")[0]
    return re.findall(r"(?m)^\| `([^`]+)` \|", table)


def test_whatever_can_be_configured_has_its_page(types):
    assert set(types) == set(PAGE_OF)


@pytest.mark.parametrize("name", PAGE_OF)
def test_a_page_has_every_key_of_its_type(types, name):
    keys = set(describe_class(types[name], {})["properties"])
    shown = {key.partition(".")[0].removesuffix("[]") for key in table_of(PAGE_OF[name], name)}
    assert shown == keys


def test_every_key_of_flows_and_of_the_project_is_on_the_page_of_configuration(plugins):
    defined = json_schema(plugins)["$defs"]
    marks = ("project without options", "options", "flow without watermark checks polish")
    shown = {key for mark in marks for key in table_of("configuration.md", mark)}
    assert shown >= {*defined["project"]["properties"], *defined["flow"]["properties"]}
    assert shown >= set(defined["project"]["properties"]["options"]["properties"])
    for key in ("watermark", "checks", "polish"):
        inner = defined["flow"]["properties"][key]["properties"]
        assert {f"{key}.{name}" for name in inner} <= set(table_of("configuration.md", f"flow {key}"))


def test_the_keys_of_an_entity_are_a_name_and_those_of_its_flow(plugins):
    defined = json_schema(plugins)["$defs"]
    entity = set(defined["entity"]["anyOf"][1]["properties"])
    assert entity == {"name", *defined["flow"]["properties"]} - {"entities"}
    text = (ROOT / "docs" / "configuration.md").read_text("utf-8").partition("### Entities")[2]
    table = text.partition("| key | meaning |")[2].partition("\n\n")[0]
    first = [line.split(" | ")[0] for line in table.splitlines()]
    assert {word for cell in first for word in re.findall(r"`(\w+)`", cell)} == entity


def test_pages_are_as_the_code_would_write_them(program):
    write = program("write")
    stale = [page.name for page, text in write.pages(write.writers()).items() if page.read_text("utf-8") != text]
    assert stale == [], "run `python docs/write.py` and commit these pages"


def test_the_program_writes_into_the_pages(program, tmp_path, monkeypatch):
    write = program("write")
    monkeypatch.setattr(write, "ROOT", tmp_path)
    (tmp_path / "docs").mkdir()
    page, other = tmp_path / "docs" / "page.md", tmp_path / "docs" / "other.md"
    page.write_text("# Page\n\n<!-- written: keys home csv -->\nout of date\n<!-- end -->\nafter\n", "utf-8")
    other.write_text("# Other\n", "utf-8")
    write.main()
    text = page.read_text("utf-8")
    assert "| `separator` |" in text
    assert "out of date" not in text
    assert text.endswith("\n\n<!-- end -->\nafter\n")
    write.main()
    assert page.read_text("utf-8") == text
    assert other.read_text("utf-8") == "# Other\n"


def test_a_mark_that_nobody_can_write_is_an_error(program):
    with pytest.raises(KeyError, match="nonsense"):
        program("write").written("<!-- written: nonsense -->\n<!-- end -->\n", {})


@frozen(kw_only=True)
class Lid:
    turns: int = field(default=2, metadata={"doc": "How often it turns."})


@frozen(kw_only=True)
class Jar:
    key: Secret | None = field(default=None, metadata={"doc": "What opens it."})
    holds: ByteSize = field(default=3 << 20, metadata={"doc": "How much goes in."})
    odd: ByteSize = field(default=1000, metadata={"doc": "An odd amount."})
    keeps: timedelta = field(default=timedelta(days=1, hours=6), metadata={"doc": "How long it keeps."})
    glass: Literal["clear", 4] = field(default="clear", metadata={"doc": "Which glass."})
    sealed: bool | Literal["wax"] = field(default=True, metadata={"doc": "How it is closed."})
    tags: tuple[str, ...] = field(default=("a",), metadata={"doc": "What else it says."})
    names: dict[str, str] = field(default=Factory(dict), metadata={"doc": "Names by language."})
    lid: Lid | None = field(default=None, metadata={"doc": "Its lid."})
    lids: tuple[Lid, ...] = field(default=(), metadata={"doc": "Spare lids."})
    extra: Any = field(default=None, metadata={"doc": "Anything."})
    label: str = field(metadata={"doc": "What | it says."})


def test_a_table_says_what_each_key_takes(program):
    described = describe_class(Jar, {})
    table = program("keys").Keys({"home jar": described}).table("home jar")
    assert table.splitlines()[2:] == [
        "| `label` | text | required | What \\| it says. |",
        "| `key` | secret | nothing | What opens it. |",
        '| `holds` | size | `"3MiB"` | How much goes in. |',
        '| `odd` | size | `"1000B"` | An odd amount. |',
        '| `keeps` | span of time | `"1d6h"` | How long it keeps. |',
        '| `glass` | `"clear"`, `4` | `"clear"` | Which glass. |',
        '| `sealed` | true or false or `"wax"` | `true` | How it is closed. |',
        '| `tags` | list of text | `["a"]` | What else it says. |',
        "| `names` | table of text | nothing | Names by language. |",
        "| `lid` | table | nothing | Its lid. |",
        "| `lid.turns` | whole number | `2` | How often it turns. |",
        "| `lids` | list of tables | `[]` | Spare lids. |",
        "| `lids[].turns` | whole number | `2` | How often it turns. |",
        "| `extra` | value | nothing | Anything. |",
    ]


def test_a_key_without_a_meaning_cannot_be_written(program):
    @frozen(kw_only=True)
    class Mute:
        box: str

    for kind in (HomeType, StoreType):
        assert kind(name="mute", config=Mute, open=Mute).config is Mute
    with pytest.raises(KeyError, match="description"):
        program("keys").Keys({"home mute": describe_class(Mute, {})}).table("home mute")


def test_tables_within_may_be_left_to_another_place(program):
    keys = program("keys").Keys({"home jar": describe_class(Jar, {})})
    without = keys.table("home jar without lid lids")
    assert "| `lid` |" in without
    assert "turns" not in without
    assert keys.table("home jar lid").splitlines()[2:] == ["| `lid.turns` | whole number | `2` | How often it turns. |"]
