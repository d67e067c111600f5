"""The group: built-in commands, those of plugins, and what happens when one is not there."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module

import click
import pytest

import hygge_core
from hygge_core.cli.group import BUILT_IN
from hygge_core.plugins import BUILT_IN_COMMANDS

from .conftest import clean_environment


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_built_in_command_is_where_the_group_looks_for_it(name):
    command = import_module(f"hygge_core.cli.{name}").command
    assert isinstance(command, click.Command)
    assert command.name == name
    assert command.help


def test_no_plugin_can_take_the_name_of_a_built_in_command():
    assert set(BUILT_IN) <= BUILT_IN_COMMANDS


def test_help_lists_built_in_commands_and_those_of_plugins(hygge, stage_door):
    done = hygge("--help", env=stage_door)
    assert done.returncode == 0
    for name, summary in BUILT_IN.items():
        assert f"  {name}" in done.stdout
        assert summary in done.stdout
    assert "Commands of plugins:\n  bow " in done.stdout
    assert "Exit codes" in done.stdout


def test_help_comes_even_when_plugins_are_strict_and_broken(hygge, tmp_path):
    (tmp_path / "acme_torn-1.0.dist-info").mkdir()
    (tmp_path / "acme_torn-1.0.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.4\nName: acme-torn\nVersion: 1.0\n"
    )
    (tmp_path / "acme_torn-1.0.dist-info" / "entry_points.txt").write_text("[hygge]\ntorn = acme_torn\n")
    env = {"PYTHONPATH": str(tmp_path), "HYGGE_STRICT_PLUGINS": "1"}
    done = hygge("--help", env=env)
    assert done.returncode == 0
    assert "completion" in done.stdout
    assert "acme-torn 1.0" in hygge("bow", env=env).stderr


def test_a_broken_plugin_is_a_warning_for_those_who_do_not_use_it(hygge, theatre, stage_door, tmp_path):
    theatre(hamlet="")
    (tmp_path / "acme_torn-1.0.dist-info").mkdir()
    (tmp_path / "acme_torn-1.0.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.4\nName: acme-torn\nVersion: 1.0\n"
    )
    (tmp_path / "acme_torn-1.0.dist-info" / "entry_points.txt").write_text("[hygge]\ntorn = acme_torn\n")
    paths = {"PYTHONPATH": f"{stage_door['PYTHONPATH']}{':' if sys.platform != 'win32' else ';'}{tmp_path}"}
    done = hygge("plan", env=paths)
    assert done.returncode == 0
    assert done.stderr.startswith("warning: plugin acme-torn 1.0 (torn): ")


def test_a_command_of_a_plugin_runs(hygge, stage_door):
    done = hygge("bow", env=stage_door)
    assert (done.returncode, done.stdout) == (0, "bowing\n")


def test_a_command_that_cannot_be_imported_names_its_plugin(hygge, stage_door):
    done = hygge("faint", env=stage_door)
    assert done.returncode == 2
    assert done.stderr.startswith(
        "error: acme-actors 1.0 (actors): the command 'faint' cannot be imported: no smelling salts"
    )


def test_a_near_miss_is_met_with_a_suggestion(hygge, stage_door):
    done = hygge("paln", env=stage_door)
    assert done.returncode == 2
    assert "paln" in done.stderr
    assert "plan" in done.stderr.replace("paln", "")
    assert "bow" in hygge("boww", env=stage_door).stderr.replace("boww", "")


def test_an_unknown_command_is_explained(hygge):
    done = hygge("zzzzzz")
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert "zzzzzz" in done.stderr


def test_the_version_is_that_of_the_package(hygge):
    assert hygge("--version").stdout == f"hygge, version {hygge_core.__version__}\n"


def test_commands_of_a_disabled_plugin_are_gone(hygge, stage_door, tmp_path):
    (tmp_path / "hygge.toml").write_text('name = "x"\n[options]\ndisable_plugins = ["acme-actors"]\n', encoding="utf-8")
    done = hygge("bow", env=stage_door)
    assert done.returncode == 2
    assert "bow" not in hygge("--help", env=stage_door).stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_is_printed(hygge, shell):
    done = hygge("completion", shell)
    assert done.returncode == 0
    assert f"_HYGGE_COMPLETE={shell}_complete" in done.stdout


def test_an_unknown_shell_is_refused(hygge):
    assert hygge("completion", "dos").returncode == 2


def complete(hygge, words, env):
    asked = {"_HYGGE_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1)}
    done = hygge(env={**env, **asked})
    assert done.stderr == ""
    return [line.split(",", 1)[1] for line in done.stdout.splitlines() if line]


def test_commands_options_flows_and_entities_complete(hygge, theatre, stage_door):
    theatre(hamlet="", lear="", horatio="")
    assert complete(hygge, "hygge pl", stage_door) == ["plan", "plugins"]
    assert complete(hygge, "hygge bo", stage_door) == ["bow"]
    assert "--flow" in complete(hygge, "hygge go --fl", stage_door)
    assert complete(hygge, "hygge go --flow ", stage_door) == ["play"]
    assert complete(hygge, "hygge go -e play.h", stage_door) == ["play.hamlet", "play.horatio"]
    assert complete(hygge, "hygge go -e play.lear,play.ha", stage_door) == ["play.lear,play.hamlet"]


def test_completion_is_silent_where_there_is_no_project(hygge, stage_door):
    assert complete(hygge, "hygge go --flow ", stage_door) == []
    assert complete(hygge, "hygge go --entity ", stage_door) == []


FAULT = """
import sys, hygge_core.cli.plan as plan
def broken(*_): raise ZeroDivisionError("oh dear")
plan.select = broken
from hygge_core.cli import main
main(sys.argv[1:])
"""


def test_a_fault_is_an_apology_and_shows_its_place_only_with_debug(theatre, stage_door):
    folder = theatre(hamlet="")

    def call(*args):
        command = [sys.executable, "-c", FAULT, "plan", *args]
        env = clean_environment(**stage_door)
        return subprocess.run(command, cwd=folder, env=env, capture_output=True, encoding="utf-8", check=False)

    done = call()
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert lines[0] == "error: ZeroDivisionError: oh dear"
    assert lines[1].startswith("Sorry")
    assert "acme-actors 1.0 (actors)" in lines[2]
    assert "--debug" in lines[3]
    assert "Traceback" not in done.stderr
    assert "Traceback" in call("--debug").stderr
    (event,) = [json.loads(line) for line in call("--output", "json").stdout.splitlines()]
    assert event == {"kind": "error", "data": {"what": "oh dear", "exit_code": 1}}


@pytest.mark.skipif(sys.platform == "win32", reason="a shell's pipe")
@pytest.mark.parametrize("command", ["schema", "plugins", "--help", "plan"])
def test_a_reader_who_has_enough_is_no_error(theatre, stage_door, command):
    folder = theatre(hamlet="")
    shell = f"{sys.executable} -m hygge_core {command} | true; echo ${{PIPESTATUS[0]}}"
    env = clean_environment(**stage_door)
    done = subprocess.run(["bash", "-c", shell], cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("0\n", "")
