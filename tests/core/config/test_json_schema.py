from __future__ import annotations

import json
import subprocess
import sys

import attrs
import pytest
import tomli
from jsonschema import Draft202012Validator

from core.config.test_mistakes import MISTAKES
from hygge_core.config import json_schema
from hygge_core.config.schema_types import describe_class
from hygge_core.plugins import Plugins


GOOD = {
    "empty": "",
    "options": 'name = "x"\n[options]\nconcurrency = 2\nmax_memory = "512MiB"\ncontinue_on_error = "${X}"',
    "memory in bytes": "[options]\nmax_memory = 1024",
    "connection": '[connections.a]\ntype = "rope"\nserver = "x"\nport = "${PORT:-1433}"',
    "flow": '[flows.a]\nhome = { type = "pond" }\nstore = { type = "loft", path = "{entity}" }\nentities = ["a"]',
    "flow file": 'home = { type = "pond" }\nstore = { type = "plain" }\nrun_type = "append"\n',
    "flow file of entities": 'entities = [{ name = "a", home = { type = "pond" }, store = { type = "plain" } }]\n',
    "entity completes": '[flows.a]\nhome = { type = "barn" }\nstore = { type = "plain" }\n'
    'entities = [{ name = "a", home = { path = "x" }, polish = { select = ["x"] } }]',
    "entity changes type": '[flows.a]\nhome = { type = "barn" }\nstore = { type = "plain" }\n'
    'entities = [{ name = "a", home = { type = "pond" } }]',
    "everything": '[flows.a]\nstore = { type = "plain" }\n[flows.a.home]\ntype = "barn"\npath = "x"\nrows = "${ROWS}"\n'
    'ratio = 2\nmode = "slow"\nlevel = true\nseason = "summer"\nfloor = 1\nwood = "${WOOD}"\nshelf = "x"\n'
    'sheets = ["a"]\ntags = ["a"]\norder = [1]\nwindow = [1, 2]\ncolumns = { a = "b" }\nweights = { a = 1.5 }\n'
    'anything = { a = 1 }\nscratch = "x"\nwait = "1h30m"\nbuffer = "1.5KiB"\nkey = "hush"\nkeys = ["a"]\n'
    'gate = { latch = "l", bars = [{ width = 1 }] }\neither = ["a"]\nhidden = 1\nshout = "hey"\n'
    '[[flows.a.polish.hash_ids]]\nname = "id"\nfrom_columns = ["a"]\n',
}

BEYOND = {
    # ranges and other checks of validators
    "memory negative", "name empty", "int too small", "runs empty", "connection bad port", "range",
    "empty path", "validator named", "validator across", "validator class", "converter", "shared reported once",
    # what only reading knows: names, places, variables, merging, what is there twice
    "entity twice", "entity case", "flow twice", "flow bad name", "one place", "unset", "unset typed",
    "malformed", "malformed2", "nested default", "entity needs", "incremental", "incremental entity", "int too large",
    "incremental no key", "incremental empty key", "watermark entity", "watermark values",
    "append upsert", "deletes append", "deletes versions", "deletes nothing",
    "entity type replaces", "since datetime", "entity home key", "float for int", "unreadable", "unresolvable",
}  # fmt: skip


@pytest.fixture(scope="module")
def validator(plugins):
    schema = json_schema(plugins)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("name", GOOD)
def test_good_examples_are_valid_and_load(name, validator, load):
    data = json.loads(json.dumps(tomli.loads(GOOD[name])))
    assert [error.message for error in validator.iter_errors(data)] == []
    is_flow = "flow file" in name
    environ = {"X": "true", "ROWS": "5", "WOOD": "oak"}
    load({"hygge.toml": "", "flows/f.toml": GOOD[name]} if is_flow else GOOD[name], **environ)


@pytest.mark.parametrize(
    "mistake",
    [found for found in MISTAKES if not found.environ and not found.variables and found.name not in BEYOND],
    ids=lambda mistake: mistake.name,
)
def test_mistakes_are_not_valid(mistake, validator):
    documents = []
    for text in mistake.files.values():
        try:
            documents.append(json.loads(json.dumps(tomli.loads(text), default=str)))
        except tomli.TOMLDecodeError:
            return
    assert not all(validator.is_valid(document) for document in documents)


def test_the_list_of_what_a_schema_cannot_say_is_not_longer_than_it_must_be(validator):
    for mistake in MISTAKES:
        if mistake.name in BEYOND:
            documents = [json.loads(json.dumps(tomli.loads(text), default=str)) for text in mistake.files.values()]
            assert all(validator.is_valid(document) for document in documents), mistake.name
    assert {mistake.name for mistake in MISTAKES} >= BEYOND


def test_keys_are_explained_where_their_classes_explain_them(plugins):
    schema = json_schema(plugins)
    [barn] = [kind for kind in schema["$defs"]["home"]["oneOf"] if kind["properties"]["type"]["const"] == "barn"]
    assert barn["description"] == "Sheaves and hay"
    assert barn["properties"]["path"]["description"] == "Where the barn stands"
    assert barn["properties"]["rows"]["default"] == 100
    assert barn["properties"]["gate"]["properties"]["bars"]["items"]["description"] == "One bar of a gate."
    assert barn["required"] == ["type", "path"]
    assert barn["additionalProperties"] is False
    options = schema["$defs"]["project"]["properties"]["options"]
    assert options["properties"]["concurrency"]["default"] == 8
    assert all(key["description"] for key in options["properties"].values())


def test_a_plugin_that_cannot_be_described_leaves_the_others_alone(plugins):
    kinds = json_schema(plugins)["$defs"]["home"]["oneOf"]
    [broken] = [kind for kind in kinds if kind["properties"]["type"]["const"] == "unresolvable"]
    assert "cannot be described: farm_barn" in broken["description"]
    assert len(kinds) == len(plugins.homes)


def test_without_plugins_no_flow_is_valid():
    schema = json_schema(Plugins.load(entry_points=[], environ={}))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    assert validator.is_valid({"name": "x"})
    assert not validator.is_valid(tomli.loads(GOOD["flow"]))


@pytest.mark.parametrize(("indent", "lines"), [("0", 1), ("2", 100)])
def test_the_command_prints_a_schema_and_nothing_else(tmp_path, indent, lines):
    command = [sys.executable, "-m", "hygge_core", "schema", "--indent", indent]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, encoding="utf-8", timeout=120)
    Draft202012Validator.check_schema(json.loads(done.stdout))
    assert len(done.stdout.splitlines()) >= lines
    assert (indent == "0") == (len(done.stdout.splitlines()) == 1)
    assert done.stderr == ""


def test_keys_that_a_class_shares_with_others_come_after_its_own():
    @attrs.frozen(kw_only=True)
    class Shed:
        roof: str

    @attrs.frozen(kw_only=True)
    class Barn(Shed):
        gate: str

    assert list(describe_class(Barn, {})["properties"]) == ["gate", "roof"]
