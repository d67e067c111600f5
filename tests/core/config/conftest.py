from __future__ import annotations

import sys
from importlib.metadata import distributions
from pathlib import Path
from textwrap import dedent

import pytest

from hygge_core import ConfigError
from hygge_core.config import load_project
from hygge_core.plugins import Plugins


BARN = str(Path(__file__).parent / "barn")


@pytest.fixture(scope="session")
def plugins():
    """The plugin of the folder `barn`, and no other."""
    sys.path.insert(0, BARN)
    try:
        points = [point for found in distributions(path=[BARN]) for point in found.entry_points]
        yield Plugins.load(environ={}, entry_points=points)
    finally:
        sys.path.remove(BARN)


@pytest.fixture
def write(tmp_path):
    """Write the files of a project, given by name or as the text of hygge.toml."""

    def write_files(files):
        for name, text in ({"hygge.toml": files} if isinstance(files, str) else files).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else dedent(text).encode())
        return tmp_path / "hygge.toml"

    return write_files


@pytest.fixture
def load(write, plugins):
    """Load a project from its files."""

    def load_files(files, *variables, **environ):
        return load_project(write(files), plugins=plugins, environ=environ, variables=variables)

    return load_files


@pytest.fixture
def mistakes(load):
    """Load a project that has mistakes, and return what is said of them, line by line."""

    def mistakes_in(files, *variables, **environ):
        with pytest.raises(ConfigError) as caught:
            load(files, *variables, **environ)
        return str(caught.value).splitlines()

    return mistakes_in
