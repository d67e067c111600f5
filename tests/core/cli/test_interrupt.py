"""Real signals to real runs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import polars as pl
import pytest

from hygge_core.cli.signals import SAME_PRESS_SECONDS

from .conftest import start, wait_for


if sys.platform == "win32":
    pytest.skip("sends Unix signals", allow_module_level=True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_stops_cleanly_and_the_old_table_stays(hygge, theatre, stage_door, number):
    theatre(hamlet="rows = 7")
    assert hygge("go", env=stage_door).returncode == 0
    folder = theatre(hamlet="batches = 200, pause = 0.1", lear="", options="concurrency = 1")
    (folder / "hamlet.0.began").unlink()
    running = start(folder, stage_door)
    wait_for(folder / "hamlet.0.began", running)
    running.send_signal(number)
    began = time.monotonic()
    out, err = running.communicate(timeout=60)
    assert time.monotonic() - began < 15
    assert running.returncode == 130
    assert err == "Stopping: tables still on their way stay as they were. Press Ctrl-C again to leave at once.\n"
    assert "Stopped before they were done: play.hamlet, play.lear" in out
    assert pl.read_parquet(folder / "out/hamlet/*.parquet").height == 7
    newest = max((folder / "runs").glob("*.json"))
    assert json.loads(newest.read_text(encoding="utf-8"))["exit_code"] == 130
    theatre(hamlet="rows = 9")
    assert hygge("go", env=stage_door).returncode == 0
    assert pl.read_parquet(folder / "out/hamlet/*.parquet").height == 9


def test_the_second_signal_leaves_at_once(theatre, stage_door):
    folder = theatre(hamlet="pause = 60")
    running = start(folder, stage_door)
    wait_for(folder / "hamlet.0.began", running)
    running.send_signal(signal.SIGINT)
    assert running.stderr.readline().startswith("Stopping: ")
    time.sleep(SAME_PRESS_SECONDS + 0.1)
    assert running.poll() is None
    running.send_signal(signal.SIGINT)
    assert running.wait(5) == 130
    running.communicate()


def test_the_same_press_told_twice_is_one_press(theatre, stage_door):
    folder = theatre(hamlet="batches = 5, pause = 0.3")
    running = start(folder, stage_door)
    wait_for(folder / "hamlet.0.began", running)
    running.send_signal(signal.SIGINT)
    assert running.stderr.readline().startswith("Stopping: ")
    running.send_signal(signal.SIGINT)
    out, _ = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Report: " in out


def test_json_stays_pure_when_interrupted(theatre, stage_door):
    folder = theatre(hamlet="batches = 200, pause = 0.1")
    running = start(folder, stage_door, "--output", "json")
    wait_for(folder / "hamlet.0.began", running)
    running.send_signal(signal.SIGINT)
    out, _ = running.communicate(timeout=60)
    events = [json.loads(line) for line in out.splitlines()]
    assert [event["kind"] for event in events[-3:]] == ["table.stopped", "run.finished", "report.saved"]
    assert running.returncode == 130


def test_a_terminal_sees_it_live_and_may_interrupt(theatre, stage_door):
    import pty

    folder = theatre(hamlet="batches = 200, pause = 0.1")
    leader, follower = pty.openpty()
    running = start(folder, stage_door, stdout=follower, stderr=follower)
    os.close(follower)
    wait_for(folder / "hamlet.0.began", running)
    running.send_signal(signal.SIGINT)
    seen = b""
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    os.close(leader)
    assert running.wait(60) == 130
    text = seen.decode("utf-8")
    assert "\x1b[?25l" in text
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l")
    assert "Not everything is settled" in text


def test_ctrl_c_before_the_run_says_that_nothing_moved(tmp_path):
    program = "import os, signal\nfrom hygge_core.cli import loading, main\n"
    program += "loading.project_file = lambda *_: os.kill(os.getpid(), signal.SIGINT)\nmain(['go'])\n"
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr == "Stopped before anything moved.\n"
