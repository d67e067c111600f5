from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from hygge_core import Secret
from hygge_core.polish.config import PolishConfig


FLOW = """
home = { type = "barn", path = "in/{entity}", rows = 5, sheets = ["a"] }
store = { type = "loft", path = "out/{entity}" }
"""
INLINE = f"[flows.a]{FLOW}"


def only(project):
    [entity] = project.entities
    return entity


def test_an_empty_file_is_a_project_with_the_name_of_its_folder(load, tmp_path):
    project = load("")
    assert (project.name, project.root, project.flows) == (tmp_path.name, tmp_path.resolve(), ())
    assert (project.options.concurrency, project.options.attempts, project.options.runs) == (8, 3, "runs")
    assert project.options.max_memory is None


def test_options_are_read_as_they_are(load):
    project = load(
        """
        name = "warehouse"
        [options]
        concurrency = 2
        max_memory = "512MiB"
        continue_on_error = false
        attempts = 1
        runs = "reports"
        disable_plugins = ["a", "b"]
        """
    )
    assert project.name == "warehouse"
    assert project.options.concurrency == 2
    assert project.options.max_memory == 512 * 1024**2
    assert project.options.continue_on_error is False
    assert project.options.disable_plugins == ("a", "b")


def test_a_byte_order_mark_and_windows_lines_are_fine(load, mistakes):
    assert load({"hygge.toml": b'\xef\xbb\xbfname = "x"\r\n'}).name == "x"
    assert mistakes({"hygge.toml": b"\xef\xbb\xbf\r\n\r\nname = 1\r\n"})[0].startswith("hygge.toml:3: name: ")


def test_toml_1_1_is_read(load):
    project = load(
        'name = "\\e\\x41"\n[flows.a]\nhome = {\n  type = "pond", # the home\n}\nstore = { type = "plain", }\n'
    )
    assert project.name == "\x1bA"
    assert only(project).home.type.name == "pond"


def test_a_flow_without_entities_moves_one_table_of_its_name(load):
    entity = only(load(INLINE))
    assert (entity.flow, entity.name, entity.path, entity.file, entity.line) == ("a", "a", "a.a", "hygge.toml", 1)
    assert (entity.run_type, entity.on_drift, entity.on_empty, entity.polish) == ("full_drop", "evolve", "keep", None)
    assert entity.home.value.path == "in/{entity}"
    assert entity.home.type.name == "barn"
    assert entity.store.value.file_size == 128 * 1024**2


def test_flows_come_from_the_file_and_from_files_beside_it(load):
    project = load({"hygge.toml": INLINE, "flows/b.toml": FLOW, "flows/c d.toml": FLOW, "flows/.#b.toml": "broken ["})
    assert [(flow.name, flow.file) for flow in project.flows] == [
        ("a", "hygge.toml"),
        ("b", "flows/b.toml"),
        ("c d", "flows/c d.toml"),
    ]


def test_entities_keep_their_order_and_know_their_lines(load):
    project = load(
        {"hygge.toml": "", "flows/f.toml": f'{FLOW}entities = [\n  "z",\n  {{ name = "a" }},\n  "Ünï 🦉 \\"x\\" .y"]'}
    )
    assert [(entity.name, entity.line) for entity in project.entities] == [("z", 5), ("a", 6), ('Ünï 🦉 "x" .y', 7)]


def test_an_entity_overrides_its_flow_key_by_key(load):
    project = load(
        """
        [flows.f]
        run_type = "append"
        on_empty = "fail"
        polish = { select = ["a"], exclude = ["b"] }
        home = { type = "barn", path = "in/{entity}", rows = 5, columns = { a = "x", b = "y" } }
        store = { type = "loft", path = "out/{entity}", compression = "zstd" }
        [[flows.f.entities]]
        name = "plain"
        [[flows.f.entities]]
        name = "other"
        run_type = "full_drop"
        polish = { exclude = ["c"] }
        home = { rows = 6, columns = { c = "z" } }
        [[flows.f.entities]]
        name = "replaced"
        home = { type = "pond" }
        store = { type = "loft", file_size = 7 }
        """
    )
    plain, other, replaced = project.entities
    assert (plain.run_type, plain.on_empty, plain.home.value.rows) == ("append", "fail", 5)
    assert (other.run_type, other.on_empty) == ("full_drop", "fail")
    assert other.polish == PolishConfig(exclude=("c",)), "polish is replaced as a whole"
    assert (other.home.value.path, other.home.value.rows) == ("in/{entity}", 6)
    assert other.home.value.columns == {"c": "z"}, "tables inside of home are replaced as a whole"
    assert replaced.home.type.name == "pond", "another type replaces the table"
    assert (replaced.store.value.compression, replaced.store.value.file_size) == ("zstd", 7), "the same type does not"


def test_a_flow_may_leave_its_home_to_its_entities(load):
    project = load(
        """
        [flows.f]
        store = { type = "cloud", account = "x", key = "secret" }
        entities = [
            { name = "a", home = { type = "pond" } },
            { name = "b", home = { type = "barn", path = "x" } },
        ]
        """
    )
    assert [entity.home.type.name for entity in project.entities] == ["pond", "barn"]


@pytest.mark.parametrize(
    "store",
    [
        'type = "loft", path = "out/{entity}"',
        'type = "cloud", account = "x", key = "secret"',
        'type = "loft", path = "out", labels = ["x", "{entity}"]',
        'type = "plain"',
    ],
)
def test_stores_that_name_the_entity_or_nothing_take_several(load, store):
    assert (
        len(load(f'[flows.f]\nhome = {{ type = "pond" }}\nstore = {{ {store} }}\nentities = ["a", "b"]').entities) == 2
    )


def test_entities_may_each_have_a_place_of_their_own(load):
    own = ", ".join(f'{{ name = "{n}", store = {{ type = "loft", path = "{n}" }} }}' for n in "ab")
    assert len(load(f'[flows.f]\nhome = {{ type = "pond" }}\nentities = [{own}]').entities) == 2


def test_places_that_meet_are_refused_also_without_a_store_of_the_flow(mistakes):
    own = ",\n".join(f'{{ name = "{n}", store = {{ type = "loft", path = "x" }} }}' for n in "ab")
    [told] = mistakes(f'[flows.f]\nhome = {{ type = "pond" }}\nentities = [{own}]')
    assert told.startswith("hygge.toml:1: flows.f: all entities would settle in one place; ")


def test_every_type_of_a_plugin_is_read(load):
    project = load(
        """
        [flows.f]
        store = { type = "plain" }
        [flows.f.home]
        type = "barn"
        path = "x"
        ratio = 2
        header = false
        mode = "slow"
        level = true
        season = "summer"
        floor = 1
        wood = "pine"
        shelf = "low"
        names = ["n"]
        tags = ["t", "t"]
        order = [2, 1]
        window = [1, 2]
        columns = { "a b" = "int64" }
        weights = { a = 1, b = 0.5 }
        anything = { list = [1, { x = "y" }] }
        scratch = "tmp/x"
        since = 2026-01-31
        at = 2026-01-31T07:30:00Z
        daily = 07:30
        wait = "1h30m"
        buffer = "1.5KiB"
        key = "hush"
        keys = ["one", "two"]
        gate = { latch = "l", bars = [{ width = 1 }, { width = 2, label = "two" }] }
        either = ["a"]
        high = 3
        low = 2
        hidden = 9
        shout = "hey"
        """
    )
    barn = only(project).home.value
    assert (barn.ratio, type(barn.ratio)) == (2.0, float)
    assert barn.level is True
    assert (barn.season.name, barn.floor.name, barn.wood.name) == ("SUMMER", "FIRST", "PINE")
    assert (barn.names, barn.tags, barn.order, barn.window) == (["n"], frozenset("t"), (2, 1), (1, 2))
    assert (barn.columns, barn.weights) == ({"a b": "int64"}, {"a": 1.0, "b": 0.5})
    assert barn.anything == {"list": [1, {"x": "y"}]}
    assert barn.scratch == Path("tmp/x")
    assert (barn.since, barn.daily) == (date(2026, 1, 31), time(7, 30))
    assert barn.at == datetime(2026, 1, 31, 7, 30, tzinfo=UTC)
    assert (barn.wait, barn.buffer) == (timedelta(minutes=90), 1536)
    assert (barn.key, [key.reveal() for key in barn.keys]) == (Secret("hush"), ["one", "two"])
    assert [bar.width for bar in barn.gate.bars] == [1, 2]
    assert (barn.either, barn.high, barn.low, barn.shout) == (("a",), 3, 2, "HEY")
    assert barn._hidden == 9


def test_classes_without_annotations_are_read_as_they_come(load):
    entity = only(load('[flows.f]\nhome = { type = "untyped", path = [1, "x"] }\nstore = { type = "plain" }'))
    assert entity.home.value.path == [1, "x"]


def test_connections_are_read_and_named(load):
    project = load('[connections.erp]\ntype = "rope"\nserver = "sql01"\npassword = "hush-hush"\n')
    [rope] = project.connections
    assert (rope.name, rope.type.name, rope.value.server, rope.value.port) == ("erp", "rope", "sql01", 1433)
    assert rope.value.password.reveal() == "hush-hush"


def test_variables_are_expanded_once_and_escaped_ones_not_at_all(load):
    flow = '[flows.f]\nhome = { type = "barn", path = "${A}/$${A}/${B:-default}/$A/{entity}", word = "${EMPTY}" }\n'
    project = load(flow + 'store = { type = "plain" }', A="${B}x", B="", EMPTY="", UNUSED="unused")
    assert only(project).home.value.path == "${B}x/${A}/default/$A/{entity}"
    assert only(project).home.value.word == ""
    assert project.environment == {"A", "B", "EMPTY"}
    assert project.sensitive == {"${B}x"}


def test_a_whole_variable_may_be_a_number_or_a_boolean(load):
    keys = 'rows = "${ROWS}"\nratio = "${RATIO}"\nheader = "${HEADER}"\nbuffer = "${BYTES}"\n'
    keys += 'wait = "${WAIT:-2h}"\nhigh = "${HIGH:-12}"'
    project = load(
        f'[flows.f]\nstore = {{ type = "plain" }}\n[flows.f.home]\ntype = "barn"\npath = "x"\n{keys}',
        ROWS="0012",
        RATIO="1.5e1",
        HEADER="false",
        BYTES="4096",
    )
    barn = only(project).home.value
    assert (barn.rows, barn.ratio, barn.header, barn.buffer) == (12, 15.0, False, 4096)
    assert (barn.wait, barn.high) == (timedelta(hours=2), 12)


def test_expanded_texts_are_ordinary_strings_to_everyone(load):
    path = only(
        load('[flows.f]\nhome = { type = "barn", path = "${P}" }\nstore = { type = "plain" }', P="here")
    ).home.value.path
    assert path == "here"
    assert f"{path}/x" == "here/x"
    assert pickle.loads(pickle.dumps(path)) == "here"  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("7", 7),
        ("true", True),
        ('"true"', "true"),
        ("yes", "yes"),
        ("1\nb = 2", "1\nb = 2"),
        ("", ""),
        ("C:\\x", "C:\\x"),
    ],
)
def test_an_override_is_toml_where_it_can_be_and_text_where_not(load, written, expected):
    project = load(INLINE, f"flow.a.home.anything={written}")
    value = only(project).home.value.anything
    assert (value, type(value)) == (expected, type(expected))


def test_overrides_change_the_flow_and_the_last_one_wins(load):
    project = load(
        {"hygge.toml": "", "flows/my flow.toml": FLOW},
        "options.attempts=9",
        'flow."my flow".home.rows=8',
        'flow."my flow".home.rows=9',
        'flow."my flow".polish.columns.case=snake',
        'flow."my flow".entities=["x", { name = "y", home = { rows = 1 } }]',
        "flow.'my flow'.store={ type = 'loft', path = '{entity}' }",
    )
    assert project.options.attempts == 9
    assert [(entity.name, entity.home.value.rows) for entity in project.entities] == [("x", 9), ("y", 1)]
    assert project.entities[0].polish.columns.case == "snake"


def test_an_entity_keeps_what_it_says_itself_whatever_the_override_of_its_flow(load):
    project = load(f'{INLINE}entities = ["x", {{ name = "y", run_type = "full_drop" }}]', "flow.a.run_type=append")
    assert [entity.run_type for entity in project.entities] == ["append", "full_drop"]


def test_variables_in_overrides_are_expanded_and_overridden_ones_are_not_needed(load):
    project = load(INLINE.replace("out/", "${OUT}/"), "flow.a.store.path=${DIR}/{entity}", DIR="there")
    assert only(project).store.value.path == "there/{entity}"
    assert project.environment == {"DIR"}


def test_an_override_of_a_flow_that_cannot_be_read_adds_no_second_problem(mistakes):
    told = mistakes({"hygge.toml": "", "flows/a.toml": "x = ["}, "flow.a.run_type=append")
    assert [line.split(":")[0] for line in told] == ["flows/a.toml"]


def test_an_override_of_a_flow_in_a_broken_project_file_adds_no_second_problem(mistakes):
    told = mistakes({"hygge.toml": "x = [", "flows/b.toml": FLOW}, "flow.a.run_type=append", "flow.b.run_type=append")
    assert [line.split(":")[0] for line in told] == ["hygge.toml"]


def test_an_override_cannot_go_into_what_is_no_table(mistakes):
    assert mistakes(INLINE, "flow.a.home.path.x=1", "flow.a.home.sheets.0=b") == [
        "--var 1: flow.a.home.path.x: flows.a.home.path is not a table, so nothing in it can be set",
        "--var 2: flow.a.home.sheets.0: flows.a.home.sheets is not a table, so nothing in it can be set",
    ]


def test_an_unknown_variable_hides_no_other_mistake_and_adds_none(mistakes):
    told = mistakes(
        '[flows.f]\nhome = { type = "barn", path = "${NOPE}", rows = 0, sheets = ["${NOPE2}"], '
        'either = ["${NOPE3}"] }\n'
        'store = "${NOPE4}"\nrun_type = "${NOPE5}"\nentities = ["${NOPE6}", { name = "${NOPE7}" }, "fine"]'
    )
    assert sum("is not set" in line for line in told) == 7
    assert [line for line in told if "is not set" not in line] == ["hygge.toml:2: flows.f.home.rows: must be >= 1: 0"]


def test_two_hundred_entities_are_read_in_no_time(load):
    names = ", ".join(f'"t{n}"' for n in range(200))
    started = datetime.now(UTC)
    assert len(load(f"{INLINE}entities = [{names}]").entities) == 200
    assert datetime.now(UTC) - started < timedelta(seconds=10)
