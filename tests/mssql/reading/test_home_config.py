"""The keys of a home of type mssql, as a project writes them, and what they demand of a flow."""

from __future__ import annotations

import os
from datetime import date, datetime, time

import pytest

from hygge_core.config import json_schema, load_project
from hygge_core.errors import ConfigError
from hygge_core.plugins import Plugins


@pytest.fixture(scope="module")
def plugins():
    return Plugins.load()


@pytest.fixture
def load(tmp_path, plugins):
    def loaded(home="", flow=""):
        store = '{ type = "parquet", path = "out/{entity}" }'
        text = f'[flows.f]\nhome = {{ type = "mssql", connection = "erp"{home} }}\nstore = {store}\n{flow}'
        (tmp_path / "hygge.toml").write_text(text, "utf-8")
        (entity,) = load_project(tmp_path / "hygge.toml", plugins=plugins, environ=os.environ).entities
        return entity

    return loaded


def test_what_is_not_said_has_a_safe_default(load):
    settings = load().home.value
    assert (settings.table, settings.query, settings.where, settings.columns) == ("{entity}", "", "", ())
    assert (settings.isolation, settings.engine, settings.split) == ("read_committed", "auto", None)
    assert (settings.changes, settings.follows_changes) == ("none", "")
    assert settings.options.on_100ns == "error"


def test_parameters_keep_the_type_they_are_written_in(load):
    home = ", where = 'a = ? AND b = ? AND c = ? AND d > ? AND e = ? AND f = ?'"
    home += ", parameters = [1, 'x', true, 2024-01-31, 10:00:00, 2024-01-31T10:00:00]"
    parameters = load(home).home.value.parameters
    assert parameters == (1, "x", True, date(2024, 1, 31), time(10), datetime(2024, 1, 31, 10))
    assert [type(value) for value in parameters] == [int, str, bool, date, time, datetime]


def test_question_marks_in_texts_names_and_comments_are_no_placeholders(load):
    where = "[a?] = 'why?' AND \\\"b?\\\" = ? /* ? */ -- ?"
    assert load(f', where = "{where}", parameters = [1]').home.value.parameters == (1,)


def test_an_incremental_run_that_follows_changes_needs_no_watermark(load):
    entity = load(', changes = "change_tracking"', 'run_type = "incremental"\nwrite = "upsert"')
    assert entity.follows_changes == "CHANGE_TRACKING_CURRENT_VERSION()"


@pytest.mark.parametrize(
    ("home", "fault"),
    [
        (', tabel = "x"', "table"),
        (', table = "a..b"', "a part of it is empty"),
        (', table = "[a"', "is never closed"),
        (', query = "SELECT 1 AS a;"', "ends with a semicolon"),
        (', query = "WITH a AS (SELECT 1 AS b) SELECT * FROM a"', "begins with WITH"),
        (', table = "t", query = "SELECT 1 AS a"', "query and table do not go together"),
        (', where = "a = ?"', "1 placeholders (?) and parameters has 0 values"),
        (", where = 'a = 1', parameters = [1]", "0 placeholders (?) and parameters has 1 values"),
        (", where = 'a = 1; DROP TABLE b;'", "where ends with a semicolon"),
        (", parameters = [[1]]", "parameters"),
        (", isolation = 'nolock'", '"read_committed", "snapshot" or "read_uncommitted"'),
        (", engine = 'turbodbc'", '"auto", "pyodbc" or "arrow"'),
        (", split = { parts = 1 }", "split"),
        (", split = { by = '' }", "split"),
        (", split = { lock = true }", "split.lock needs a table and isolation"),
        (", split = { lock = true }, isolation = 'snapshot', query = 'SELECT 1 AS a'", "split.lock needs a table"),
        (", changes = 'cdc'", '"none" or "change_tracking"'),
        (", changes = 'change_tracking', where = 'a = 1'", "and where do not go together"),
        (", changes = 'change_tracking', query = 'SELECT 1 AS a'", "and query do not go together"),
        (", changes = 'change_tracking', split = {}", "and split do not go together"),
        (", profile = 'fabric', on_100ns = 'ns'", "do not go together"),
    ],
)
def test_mistakes_are_told_with_file_and_line(load, home, fault):
    with pytest.raises(ConfigError) as refused:
        load(home)
    (problem,) = refused.value.problems
    assert problem.file.endswith("hygge.toml")
    assert problem.line == 2
    assert fault in str(problem)


@pytest.mark.parametrize(
    ("flow", "key", "fault"),
    [
        ('run_type = "incremental"', "write", 'add write = "upsert"'),
        ('run_type = "append"', "run_type", "the changes that a source records replace rows"),
        (
            'run_type = "incremental"\nwrite = "upsert"\nwatermark = { column = "a", key = ["b"] }',
            "watermark",
            "the home counts changes by itself",
        ),
        ('run_type = "incremental"\nwrite = "upsert"\ndeletes = "key_diff"', "deletes", "the home tells deletes"),
    ],
)
def test_what_a_flow_says_besides_must_go_with_following_changes(load, flow, key, fault):
    with pytest.raises(ConfigError) as refused:
        load(', changes = "change_tracking"', flow)
    (problem,) = refused.value.problems
    assert problem.key.endswith(key)
    assert fault in str(problem)


def test_editors_learn_every_key(plugins):
    text = str(json_schema(plugins))
    for key in ("isolation", "parameters", "split", "on_100ns", "change_tracking"):
        assert key in text
