"""A process that changes the source and publishes it, again and again, until somebody kills it."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random


def main(folder, seed):
    from openmirroring.proofs.conftest import Project, Source

    source, project, chance = Source(folder / "source.db", new=False), Project(folder), Random(seed)  # noqa: S311 - same each time
    print("begun", flush=True)  # noqa: T201 - which the test waits for
    for at in range(seed * 1000, seed * 1000 + 1000):
        change(source, chance, at)
        assert project.go().state == "committed"


def change(source, chance, at):
    """Change some rows, add one, and let one go."""
    source.do('UPDATE "Order" SET V = ?, At = ? WHERE Id % 7 = ?', f"change {at}", at, chance.randrange(7))
    source.do('DELETE FROM "Order" WHERE Id = ?', chance.randrange(300))
    source.insert((1000 + at, "new", at))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
