"""A stranger's package, built and installed as a wheel, and its warehouse, opened as a program of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

import pytest


collect_ignore_glob = ["hygge-acme-warehouse/*"]
SOURCE = Path(__file__).parent / "hygge-acme-warehouse"
PASSWORD = "xyzzy-over-the-depot"
PATIENCE = 300


@pytest.fixture(scope="session")
def installed(tmp_path_factory):
    """The folder that the wheel is unpacked into, which is all that installing a pure one does."""
    folder = tmp_path_factory.mktemp("stranger")
    built = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "dist")]
    subprocess.run(built, cwd=SOURCE, check=True, capture_output=True, timeout=PATIENCE)
    (wheel,) = (folder / "dist").glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


def environment(*folders, **more):
    """The variables of a process that sees these installations beside our packages."""
    path = {"PYTHONPATH": os.pathsep.join(map(str, folders))} if folders else {}
    return {**os.environ, "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8", "DEPOT_PASSWORD": PASSWORD, **path, **more}


class Warehouse:
    """The server; ``heard`` are the sign-ins and verbs so far."""

    def __init__(self, program, file):
        self.program, self.file, self.heard = program, file, []
        self._lines = Queue()
        Thread(target=self._listen, daemon=True).start()
        program.stdin.write(f"{PASSWORD}\n")
        program.stdin.flush()
        self.address = self._lines.get(timeout=PATIENCE)

    def hear(self, what):
        """Wait until something is heard."""
        while not any(line.startswith(what) for line in self.heard):
            try:
                self.heard.append(self._lines.get(timeout=PATIENCE))
            except Empty:
                pytest.fail(f"{what!r} is never heard, only {self.heard}")

    def all_heard(self):
        """Everything that was heard by the end of what was asked so far."""
        while not self._lines.empty():
            self.heard.append(self._lines.get())
        return self.heard

    def go_on(self):
        """Let it do what it waits with."""
        self.program.stdin.write("\n")
        self.program.stdin.flush()

    def _listen(self):
        for line in self.program.stdout:
            self._lines.put(line.rstrip("\n"))


@contextmanager
def warehouse_of(installed, file, *waits_at):
    command = [sys.executable, "-m", "hygge_acme_warehouse.server", str(file), *waits_at]
    with subprocess.Popen(
        command, env=environment(installed), stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as program:
        try:
            yield Warehouse(program, file)
        finally:
            program.kill()


@pytest.fixture
def warehouse(installed, tmp_path):
    with warehouse_of(installed, tmp_path / "warehouse.db") as opened:
        yield opened


class Project:
    """A project that brings CSV files onto a shelf, and from there onto another one."""

    def __init__(self, folder, installed):
        self.folder, self.installed, self.said = folder, installed, []
        self.ledger = folder / "ledger.jsonl"
        (folder / "in").mkdir(parents=True)

    def write(self, address, variable="DEPOT_PASSWORD"):
        text = PROJECT.format(address=address, variable=variable)
        (self.folder / "hygge.toml").write_text(text, "utf-8")
        return self

    def deliver(self, **tables):
        for name, rows in tables.items():
            lines = ["id,name", *(f"{number},{name} {number}" for number in range(rows))]
            (self.folder / "in" / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")
        return self

    def hygge(self, *words, folders=None, **more):
        """Run hygge to its end; what it said is kept."""
        done = subprocess.run(
            self.command(*words),
            **self.circumstances(folders, more),
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        self.said += [done.stdout, done.stderr]
        return done

    def start(self, *words):
        """Start hygge, to be killed."""
        return subprocess.Popen(
            self.command(*words), **self.circumstances(None, {}), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def shows_nowhere(self, secret):
        """Fail where a secret is in what was said, or in any file beside the project."""
        written = [path for path in self.folder.parent.rglob("*") if path.is_file()]
        assert written, "there is something to look into"
        assert not [text for text in self.said if secret in text], "it was said"
        assert not [path for path in written if secret.encode() in path.read_bytes()], "it was written"

    def command(self, *words):
        return [sys.executable, "-m", "hygge_core", *words]

    def circumstances(self, folders, more):
        seen = [self.installed] if folders is None else folders
        env = environment(*seen, ACME_LEDGER=str(self.ledger), **more)
        return {"cwd": self.folder, "env": env, "encoding": "utf-8"}


PROJECT = """
name = "depot"

[connections.depot]
type = "acme_warehouse"
address = "{address}"
password = "${{{variable}}}"

[flows.delivery]
home = {{ type = "csv", path = "in/{{entity}}.csv" }}
store = {{ type = "acme_warehouse", connection = "depot", shelf = "incoming" }}
entities = ["bolts", "nuts"]

[flows.sorting]
home = {{ type = "acme_warehouse", connection = "depot", shelf = "incoming" }}
store = {{ type = "acme_warehouse", connection = "depot", shelf = "sorted" }}
entities = ["bolts", "nuts"]
"""


@pytest.fixture
def project(tmp_path, installed, warehouse):
    project = Project(tmp_path / "project", installed).write(warehouse.address).deliver(bolts=30, nuts=40)
    yield project
    project.said += warehouse.all_heard()
    project.shows_nowhere(PASSWORD)
