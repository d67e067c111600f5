"""Verifying tables one after the other, each again when a commit came in between."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from attrs import evolve

from hygge_core.errors import HyggeError, StoreError, VerifyMismatch
from hygge_core.verify.verdict import TableVerdict


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygge_core.commit import CommitRecord
    from hygge_core.config.model import EntityConfig, Project
    from hygge_core.plugins import Plugins
    from hygge_core.verify.depth import Depth
    from hygge_core.verify.look import Look


_LOOKS = 3


def verify(
    project: Project, plugins: Plugins, entities: Sequence[EntityConfig], depth: Depth
) -> Iterator[TableVerdict]:
    """Yield what is known of each table. Opens homes and stores, reads, writes nothing and holds no lease.

    Never raises for what it finds, nor for a table that cannot be looked at.
    """
    from hygge_core.engine.opened import Opened
    from hygge_core.verify.look import Look

    now = datetime.now(UTC)
    with Opened.to_look(project, plugins) as opened:
        for entity in entities:
            verdict = TableVerdict(flow=entity.flow, entity=entity.name, run_type=entity.run_type)
            try:
                home, store = opened.home(entity.home), opened.store(entity.store)
                yield _verdict(Look(entity=entity, home=home, store=store, depth=depth, now=now), verdict)
            except HyggeError as error:
                yield _failed(verdict, error)


def _verdict(look: Look, verdict: TableVerdict) -> TableVerdict:
    """Look until no commit comes in between, a few times at most."""
    verdict = evolve(verdict, source=look.home.locate(look.request), target=look.store.locate(look.table))
    notes: tuple[str, ...] = ()
    for _ in range(_LOOKS):
        last = look.last()
        try:
            found = look.at(verdict, last)
        except HyggeError as error:
            found = _failed(verdict, error)
        if look.last() == last:
            return _judged(evolve(found, notes=(*notes, *found.notes), last=_told(last)), look.entity.path)
        notes = ("a run was going on and committed meanwhile, so the table was looked at again",)
    what, fix = "runs kept committing while the table was looked at", "verify again when they are done"
    raise StoreError(what, where=look.entity.path, fix=fix)


def _judged(found: TableVerdict, path: str) -> TableVerdict:
    """Sum up the faults as one error; a table that could not be looked at has its own already."""
    if found.state == "failed" or not found.faults:
        return found
    mend = f"`hygge go --full-drop --entity {path}` loads it anew"
    fix = f"if the source changed after {found.last}, run `hygge go` and verify again; {mend}"
    error = VerifyMismatch("; ".join(found.faults), where=path, fix=fix)
    return evolve(found, state="different", fix=fix, error=str(error), exit_code=error.exit_code)


def _failed(verdict: TableVerdict, error: HyggeError) -> TableVerdict:
    return evolve(verdict, state="failed", error=str(error), exit_code=error.exit_code)


def _told(last: CommitRecord) -> str:
    return f"{last.committed_at:%Y-%m-%d %H:%M:%S} UTC" if last.committed_at else ""
