"""Projects with stores and connections of hygge-store-adls."""

from __future__ import annotations

import pytest

from hygge_core.config import load_project
from hygge_core.errors import ConfigError
from hygge_core.plugins import Plugins


@pytest.fixture(scope="session")
def plugins():
    return Plugins.load()


@pytest.fixture
def project(tmp_path, plugins):
    """Load a project from the text of its hygge.toml."""

    def loaded(text, **environ):
        (tmp_path / "hygge.toml").write_text(text, "utf-8")
        return load_project(tmp_path / "hygge.toml", plugins=plugins, environ=environ)

    return loaded


@pytest.fixture
def store(project):
    """The settings of a store, from the keys of its table."""

    def loaded(keys, kind="adls", **environ):
        home = '{ type = "csv", path = "in/{entity}.csv" }'
        text = f'[flows.f]\nhome = {home}\nstore = {{ type = "{kind}", {keys} }}\n'
        (entity,) = project(text, **environ).entities
        return entity.store.value

    return loaded


@pytest.fixture
def connection(project):
    """The settings of a connection, from the lines of its table."""

    def loaded(lines, kind="adls", **environ):
        (found,) = project(f'[connections.lake]\ntype = "{kind}"\n{lines}\n', **environ).connections
        return found.value

    return loaded


@pytest.fixture
def refused():
    """What is said of a project that cannot be loaded."""

    def said(load, *words, **more):
        with pytest.raises(ConfigError) as caught:
            load(*words, **more)
        return str(caught.value)

    return said
