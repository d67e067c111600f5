"""The keys of a home of type sqlite, as a project writes them."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from hygge_core.config import load_project
from hygge_core.errors import ConfigError
from hygge_core.plugins import Plugins


@pytest.fixture
def load(tmp_path):
    def loaded(home):
        store = '{ type = "parquet", path = "out/{entity}" }'
        text = f'[flows.f]\nhome = {{ type = "sqlite", {home} }}\nstore = {store}\n'
        (tmp_path / "hygge.toml").write_text(text, "utf-8")
        (entity,) = load_project(tmp_path / "hygge.toml", plugins=Plugins.load(), environ=os.environ).entities
        return entity.home.value

    return loaded


def test_what_is_not_said_has_a_safe_default(load):
    settings = load('path = "a.db"')
    assert (settings.table, settings.query, settings.on_misfit, settings.row_id) == ("{entity}", "", "error", "")
    assert settings.busy_timeout == timedelta(seconds=30)


@pytest.mark.parametrize("dtype", ["int64", "decimal(10, 2)", "datetime[us, UTC]", "text", "binary", "uint8", "time"])
def test_types_are_written_as_everywhere(load, dtype):
    settings = load(f'path = "a.db", columns = {{ a = "{dtype}" }}, busy_timeout = "1m30s"')
    assert settings.columns == {"a": dtype}
    assert settings.busy_timeout == timedelta(seconds=90)


@pytest.mark.parametrize(
    ("home", "fault"),
    [
        ("", "path"),
        ('path = ""', "path"),
        ('path = "a.db", tabel = "x"', "table"),
        ('path = "a.db", table = "a..b"', "a part of it is empty"),
        ('path = "a.db", query = "SELECT 1;"', "ends with a semicolon"),
        ('path = "a.db", query = " "', "the query is empty"),
        ('path = "a.db", table = "t", query = "SELECT 1"', "query and table do not go together"),
        ('path = "a.db", row_id = "id", query = "SELECT 1"', "query and row_id do not go together"),
        ('path = "a.db", columns = { a = "integer" }', "is not a type for values of SQLite"),
        ('path = "a.db", columns = { a = "list[int64]" }', "is not a type for values of SQLite"),
        ('path = "a.db", on_misfit = "null"', '"error" or "text"'),
        ('path = "a.db", busy_timeout = "2d"', "busy_timeout"),
        ('path = "a.db", busy_timeout = 30', "span of time"),
    ],
)
def test_mistakes_are_told_with_file_and_line(load, home, fault):
    with pytest.raises(ConfigError) as refused:
        load(home)
    assert "hygge.toml:2: flows.f.home" in str(refused.value)
    assert fault in str(refused.value)
