"""Trying out, in a corner that no reader looks into, what a commit will need of a lake."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from hygge_core.errors import HyggeError
from hygge_core.home import Finding
from hygge_core.staging.foreign import refuse_foreign
from hygge_core.staging.place import STATE


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hygge_core.commit import CommitRecord
    from hygge_core.lake import Lake
    from hygge_core.staging.folder import TableFolder
    from hygge_core.store import Capabilities


def probe(folder: TableFolder, capabilities: Callable[[], Capabilities]) -> Iterator[Finding]:
    """Write, rename, lease and delete a small file; look at the table's place and its history."""
    where = folder.lake.url(folder.place.table)
    yield _write(folder, where)
    try:
        refuse_foreign(folder, "replace")
        last = folder.history.last()
        promise = capabilities().atomic_replace
    except HyggeError as error:
        yield Finding(probe="place", ok=False, what=f"{error.where}: {error.what}", fix=error.fix)
        return
    yield Finding(probe="place", ok=True, what=f"{where}: {_told(last)}")
    how = "replace in one step" if promise.kept else "replace with a gap"
    yield Finding(probe="switch", ok=True, what=f"{how}: {promise.reason}")


def _told(last: CommitRecord | None) -> str:
    if last is None:
        return "never committed"
    return f"commit {last.sequence} of run {last.run.id}, {last.rows:,} row{'s' * (last.rows != 1)}"


def _write(folder: TableFolder, where: str) -> Finding:
    """Do with small files what a commit does with the table's; tell the first step that fails."""
    lake, tried = folder.lake, f"{STATE}-probe-{secrets.token_hex(4)}"
    steps: tuple[tuple[str, Callable[[], None]], ...] = (
        ("write", lambda: lake.put(f"{tried}/one", b"hygge")),
        ("rename", lambda: lake.rename(f"{tried}/one", f"{tried}/two")),
        ("lease", lambda: _hold(lake, f"{tried}/lease")),
        ("delete", lambda: lake.delete_directory(tried)),
    )
    for name, step in steps:
        try:
            step()
        except HyggeError as error:
            return Finding(probe=name, ok=False, what=f"{where}: cannot {name} beside it: {error.what}", fix=error.fix)
        except OSError as error:
            fix = "let this user write beside the table, where stages and commit records are kept"
            what = f"{where}: cannot {name} beside it: {error.strerror or error}"
            return Finding(probe=name, ok=False, what=what, fix=fix)
    return Finding(probe="write", ok=True, what="a file can be written, renamed, leased and deleted beside the table")


def _hold(lake: Lake, path: str) -> None:
    with lake.lease(path, "hygge debug"):
        pass
