from __future__ import annotations

import os
import subprocess
import sys

import pytest

from hygge_core import UsageError
from hygge_core.config import disabled_plugins, find_project


def test_the_nearest_project_above_is_found(tmp_path):
    (tmp_path / "hygge.toml").touch()
    inner = tmp_path / "a" / "b"
    (inner / "c").mkdir(parents=True)
    assert find_project(inner / "c") == (tmp_path / "hygge.toml").resolve()
    (inner / "hygge.toml").touch()
    assert find_project(inner / "c") == (inner / "hygge.toml").resolve()
    assert find_project(inner / "hygge.toml") == (inner / "hygge.toml").resolve()


def test_a_folder_called_like_the_file_is_passed_by(tmp_path):
    (tmp_path / "hygge.toml").touch()
    (tmp_path / "a" / "hygge.toml").mkdir(parents=True)
    assert find_project(tmp_path / "a") == (tmp_path / "hygge.toml").resolve()


def test_where_there_is_no_project_every_place_is_told(tmp_path):
    start = tmp_path / "a"
    start.mkdir()
    with pytest.raises(UsageError, match="hygge init") as caught:
        find_project(start)
    assert all(str(folder) in str(caught.value) for folder in [start.resolve(), *start.resolve().parents])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'[options]\ndisable_plugins = ["a", "b"]\n', ("a", "b")),
        (b'\xef\xbb\xbf[options]\r\ndisable_plugins = ["a"]\r\n', ("a",)),
        (b'[options]\ndisable_plugins = ["a", 7, "b"]\nconcurrency = "x"\n', ("a", "b")),
        (b'[options]\ndisable_plugins = ["a"]\n[flows\n', ("a",)),
        (b'[options]\ndisable_plugins = ["a"]\n[flows.x]\na = 1\na = 2\nb = [\n', ("a",)),
        (b'# caf\xe9\n[options]\ndisable_plugins = ["a"]\n', ("a",)),
        (b'[options]\ndisable_plugins = "a"\n', ()),
        (b'options = ["a"]\n', ()),
        (b"", ()),
        (b"[", ()),
        (b"a = " + b"[" * 9000, ()),
        (b"a = " + b"9" * 9000, ()),
    ],
)
def test_disabled_plugins_are_known_however_broken_the_rest_is(tmp_path, content, expected):
    file = tmp_path / "hygge.toml"
    file.write_bytes(content)
    assert disabled_plugins(file) == expected


def test_no_file_disables_nothing(tmp_path):
    assert disabled_plugins(tmp_path / "hygge.toml") == ()
    assert disabled_plugins(tmp_path) == ()


def test_finding_a_project_and_describing_it_loads_nothing_heavy():
    code = (
        "import sys, hygge_core.config as c\n"
        "from hygge_core.plugins import Plugins\n"
        "c.json_schema(Plugins.load(entry_points=[], environ={}))\n"
        "print({'polars', 'cattrs', 'structlog', 'rich', 'jsonschema'} & sys.modules.keys())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert done.stdout.strip() == "set()"
