"""Trying out, in a corner that no reader looks into, what a commit will need of a lake."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from hygge_core.errors import HyggeError
from hygge_core.home import Finding
from hygge_core.staging.foreign import refuse_foreign
from hygge_core.staging.place import STATE


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.staging.folder import TableFolder
    from hygge_core.store import Capabilities


def probe(folder: TableFolder, capabilities: Capabilities) -> Iterator[Finding]:
    """Write, rename and delete a small file; look at the table's place and its history."""
    where = folder.lake.url(folder.place.table)
    yield _write(folder, where)
    try:
        refuse_foreign(folder, "replace")
        last = folder.history.last()
    except HyggeError as error:
        yield Finding(probe="place", ok=False, what=f"{error.where}: {error.what}", fix=error.fix)
        return
    said = "never committed" if last is None else f"commit {last.sequence} of run {last.run.id}, {last.rows:,} rows"
    yield Finding(probe="place", ok=True, what=f"{where}: {said}")
    promise = capabilities.atomic_replace
    how = "replace in one step" if promise.kept else "replace with a gap"
    yield Finding(probe="switch", ok=True, what=f"{how}: {promise.reason}")


def _write(folder: TableFolder, where: str) -> Finding:
    tried = f"{STATE}-probe-{secrets.token_hex(4)}"
    try:
        folder.lake.put(f"{tried}/one", b"hygge")
        folder.lake.rename(f"{tried}/one", f"{tried}/two")
        folder.lake.delete(f"{tried}/two")
        folder.lake.delete_directory(tried)
    except HyggeError as error:
        return Finding(probe="write", ok=False, what=f"{error.where}: {error.what}", fix=error.fix)
    except OSError as error:
        fix = "let this user write beside the table, where stages and commit records are kept"
        return Finding(probe="write", ok=False, what=f"{where}: {error.strerror or error}", fix=fix)
    return Finding(probe="write", ok=True, what="a file can be written, renamed and deleted beside the table")
