"""Records of the journal from commit records, which hold most of what a journal does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core.journal.identity import id_of_commit
from hygge_core.journal.record import JournalRecord


if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygge_core.commit import CommitRecord
    from hygge_core.mark import Watermark


def of_commit(commit: CommitRecord, *, project: str, target: str) -> JournalRecord:
    """Tell again of a commit that the store remembers; what a commit does not say stays empty."""
    finished = commit.committed_at or commit.run.started
    run, flow, entity, sequence = commit.run.id, commit.run.flow, commit.run.entity, commit.sequence
    column, key, dtype, text = watermark_texts(commit.watermark)
    return JournalRecord(
        id=id_of_commit(finished, run, flow, entity, sequence),
        kind=commit.origin,
        run=run,
        project=project,
        flow=flow,
        entity=entity,
        started=commit.run.started,
        finished=finished,
        seconds=max((finished - commit.run.started).total_seconds(), 0.0),
        state="committed",
        mode=commit.table.mode,
        rows=commit.rows,
        bytes=sum(part.size for part in commit.parts),
        files=len(commit.parts),
        sequence=sequence,
        attempts=commit.run.attempt,
        watermark_column=column,
        watermark_key=key,
        watermark_dtype=dtype,
        watermark=text,
        by=commit.by,
        target=target,
        rebuilt=True,
    )


def watermark_texts(watermark: Watermark | None) -> tuple[str, str, str, str]:
    """Write a watermark as four texts: column, key, dtype and value; empty where there is none."""
    if watermark is None:
        return "", "", "", ""
    mark = watermark.mark
    return watermark.column, key_text(watermark.key), mark.dtype if mark else "", mark.text if mark else ""


def key_text(key: Sequence[str]) -> str:
    """Write the names of key columns as the journal does."""
    return ", ".join(key)
