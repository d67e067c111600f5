"""What a migration says and writes, as texts: what the folders ``expected`` hold.

python tests/core/migrate/outcomes.py    # writes them anew; look at the difference before you keep it
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
from contextlib import chdir
from pathlib import Path

from hygge_core.cli.migration_report import tell
from hygge_core.cli.session import Session
from hygge_core.cli.streams import Steady
from hygge_core.migrate.checking import check
from hygge_core.migrate.migration import migrate
from hygge_core.migrate.project import read_project
from hygge_core.plugins import Plugins


PROJECTS = Path(__file__).parent / "projects"
NAMES = sorted(folder.name for folder in PROJECTS.iterdir())
SAMPLES = {
    "ERP_SERVER": "sql01.corp.local",
    "LAKE_KEY": "bGFrZS1rZXktZm9yLXRlc3Rz",
    "LAKE_CLIENT_SECRET": "made-up-secret-for-tests",
    "ACCOUNT": "acmelake",
    "WORKSPACE_ID": "0a1b2c3d-1111-2222-3333-444455556666",
    "MIRROR_ID": "0a1b2c3d-7777-8888-9999-444455556666",
    "TENANT_ID": "contoso.onmicrosoft.com",
    "CLIENT_ID": "11111111-2222-3333-4444-555555555555",
    "CLIENT_SECRET": "another-made-up-secret",
}
"""Values for every variable that a project without open decisions refers to."""


def report(migration, verdict, folder, *, written=True):
    """The page that a pipe gets, at a fixed width."""
    stream = io.StringIO()
    before, os.environ["COLUMNS"] = os.environ.get("COLUMNS"), "100"
    try:
        tell(Session(out=Steady(stream)), migration, verdict, folder, written=written)
    finally:
        os.environ.pop("COLUMNS") if before is None else os.environ.update(COLUMNS=before)
    return stream.getvalue()


def outcome(name, folder, plugins):
    """Migrate a copy of a project where it lies, and return its migration, the verdict and the texts."""
    place = folder / name
    shutil.copytree(PROJECTS / name / "old", place)
    with chdir(folder):
        migration = migrate(read_project(Path(name)), Path(name), plugins)
        verdict = check(migration, plugins, {})
        return migration, verdict, {**migration.files, "report.txt": report(migration, verdict, Path(name))}


def main():
    plugins = Plugins.load(environ={})
    for name in sys.argv[1:] or NAMES:
        expected = PROJECTS / name / "expected"
        shutil.rmtree(expected, ignore_errors=True)
        with tempfile.TemporaryDirectory() as folder:
            for file, text in outcome(name, Path(folder), plugins)[2].items():
                (expected / file).parent.mkdir(parents=True, exist_ok=True)
                (expected / file).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
