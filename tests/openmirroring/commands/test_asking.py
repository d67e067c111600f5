"""On a terminal, a rebuild tells what it will do and asks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from openmirroring.commands.projects import flow, write
from openmirroring.zones import replay, rows_of, zone_at


pty = pytest.importorskip("pty", reason="terminals as files are of Unix")


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1)])
def test_a_rebuild_asks_before_it_drops_a_table(tmp_path, answer, code):
    store = 'landing_zone = "file:zone", key_columns = ["Id"], drop_wait = 0'
    write(tmp_path, flow(store), Order={"Id": [1, 2]})
    done = rebuilt(tmp_path, answer)
    assert done.returncode == code, done.stderr
    asked = "warning: dbo.Order is dropped and comes back from sales.Order; until then its readers do without it\n"
    assert done.stderr.startswith(f"{asked}Go on? [y/N]: ")
    if code:
        assert not (tmp_path / "zone" / "dbo.schema").exists()
    else:
        assert rows_of(replay(zone_at(tmp_path / "zone"))) == [(1,), (2,)]


def rebuilt(folder, answer):
    """Run the command with a terminal as its standard input."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    shell = {**os.environ, "PATH": path, "NO_COLOR": "1"}
    ours, terminal = pty.openpty()
    try:
        os.write(ours, f"{answer}\n".encode())
        return subprocess.run(
            ["hygge", "mirror", "rebuild", "sales.Order"],
            cwd=folder,
            env=shell,
            stdin=terminal,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )
    finally:
        os.close(ours)
        os.close(terminal)
