"""The checks of one table: refused early where they cannot be made, asked before the commit."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from hygge_core.checks.figures import figures
from hygge_core.errors import CommitRefused, UsageError
from hygge_core.store import CountsRows, ShowsRows


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygge_core.checks.config import ChecksConfig
    from hygge_core.checks.evidence import Evidence
    from hygge_core.commit import Column
    from hygge_core.store import Stage, Store


def demand_checkable(config: ChecksConfig, columns: Sequence[Column], *, where: str) -> None:
    """Raise `UsageError` for a check of a column that the table does not have, or that has no age."""
    dtypes = {column.name: column.dtype for column in columns}
    for check, name in _named(config):
        if name not in dtypes:
            near = get_close_matches(name, dtypes, n=1)
            fix = f"did you mean {near[0]!r}?" if near else f"its columns are {', '.join(dtypes)}"
            raise UsageError(f"checks.{check} names {name!r}, and the table has no such column", where=where, fix=fix)
    if config.fresh and not dtypes[config.fresh.column].startswith("date"):
        raise UsageError(
            f"checks.fresh names {config.fresh.column!r}, which is {dtypes[config.fresh.column]} and has no age",
            where=where,
            fix="name a column of dates or timestamps",
        )


def demand_abilities(config: ChecksConfig, store: Store, stage: Stage, *, where: str) -> None:
    """Raise `UsageError` when the store cannot show or count what the checks have to look at."""
    checks = sorted({check for check, _ in _named(config)})
    if checks and not isinstance(stage, ShowsRows):
        raise UsageError(
            f"the store cannot show staged rows, and checks.{', checks.'.join(checks)} would have to look at them",
            where=where,
            fix="take these checks out, or use a store whose stage can show its rows",
        )
    if config.max_drop is not None and not isinstance(store, CountsRows):
        raise UsageError(
            "the store cannot count its rows, and checks.max_drop compares them",
            where=where,
            fix="take max_drop out, or use rows_min",
        )


def judge(config: ChecksConfig, evidence: Evidence, *, where: str) -> None:
    """Raise `CommitRefused` with every check that does not hold, each with its figures."""
    refusals = [*figures(config, evidence), *_row_refusals(config, evidence)]
    if refusals:
        by = "its check" if len(refusals) == 1 else f"{len(refusals)} of its checks"
        raise CommitRefused(
            f"refused by {by}: {'; '.join(refusals)}",
            where=where,
            fix="the table is as it was; correct the source, or the checks of this entity",
        )


def _row_refusals(config: ChecksConfig, evidence: Evidence) -> Iterator[str]:
    if evidence.incoming is None or not any(_named(config)):
        return
    from hygge_core.checks.rows import fresh, not_null, unique

    rows = evidence.incoming()
    if config.unique:
        yield from unique(config.unique, rows, evidence)
    if config.not_null:
        yield from not_null(config.not_null, rows, evidence)
    if config.fresh:
        yield from fresh(config.fresh, rows, evidence)


def _named(config: ChecksConfig) -> Iterator[tuple[str, str]]:
    """Yield each check of rows with each column that it names."""
    yield from (("unique", column) for column in config.unique)
    yield from (("not_null", column) for column in config.not_null)
    if config.fresh:
        yield "fresh", config.fresh.column
