"""A secret shows nowhere: not in lines, events, logs, errors, tracebacks, plans or reports."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from urllib.parse import quote

import pytest

from .conftest import clean_environment


def whispers(secret):
    return {secret, repr(secret)[1:-1], json.dumps(secret)[1:-1], quote(secret, safe="")}


@pytest.fixture(params=["plain", "quoted", "lined"])
def secret(request):
    token = secrets.token_urlsafe(12)
    return {"plain": token, "quoted": f"{token}\"'\\ö%/{token}", "lined": f"{token}\n{token} x"}[request.param]


@pytest.mark.parametrize(
    "call",
    ["home", "home --output json", "boom --debug", "log --debug", "log --debug --output json"],
)
def test_a_run_tells_no_secret(hygge, theatre, stage_door, secret, call):
    fault, *args = call.split()
    folder = theatre(hamlet=f"fault = '{fault}', words = '${{SECRET}}', password = '${{SECRET}}'")
    done = hygge("go", *args, env={**stage_door, "SECRET": secret})
    written = "".join(file.read_text(encoding="utf-8") for file in (folder / "runs").glob("*.json"))
    told = done.stdout + done.stderr + written
    assert "***" in told
    for whisper in whispers(secret):
        assert whisper not in told
    assert done.returncode == (0 if fault == "log" else 1)


FAULT = """
import os, hygge_core.cli.plan as plan
def broken(*_): raise ZeroDivisionError(os.environ["SECRET"])
plan.select = broken
from hygge_core.cli import main
main(["plan", "--debug", "--output", "json"])
"""


def test_the_traceback_of_a_fault_tells_no_secret(theatre, stage_door, secret):
    folder = theatre(hamlet="words = '${SECRET}'")
    env = clean_environment(**stage_door, SECRET=secret)
    done = subprocess.run(
        [sys.executable, "-c", FAULT], cwd=folder, env=env, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert done.stderr.count("ZeroDivisionError: ***") == 2
    for whisper in whispers(secret):
        assert whisper not in done.stdout + done.stderr


def test_plan_and_debug_tell_no_secret(hygge, theatre, stage_door, secret):
    theatre(hamlet="type = 'mirror', words = '${SECRET}'")
    for command in ("plan", "debug"):
        for output in ("text", "json"):
            done = hygge(command, "--output", output, env={**stage_door, "SECRET": secret})
            for whisper in whispers(secret):
                assert whisper not in done.stdout + done.stderr


def test_a_secret_in_the_place_of_a_table_shows_nowhere(hygge, theatre, stage_door):
    place = secrets.token_hex(8)
    folder = theatre(hamlet="")
    done = hygge("go", "--var", "flow.play.store.path=${PLACE}/{entity}", env={**stage_door, "PLACE": place})
    assert done.returncode == 0, done.stderr
    assert (folder / place / "hamlet").is_dir()
    assert place not in done.stdout + done.stderr + "".join(f.read_text() for f in (folder / "runs").glob("*.json"))
