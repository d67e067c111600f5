"""Checks of figures: how many rows a run brings, and how many the table keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.checks.config import ChecksConfig
    from hygge_core.checks.evidence import Evidence


def figures(config: ChecksConfig, evidence: Evidence) -> Iterator[str]:
    """Yield one sentence for each check of figures that does not hold."""
    rows = f"the run brings {evidence.rows:,} {'row' if evidence.rows == 1 else 'rows'}"
    if config.rows_min is not None and evidence.rows < config.rows_min:
        yield f"rows_min: {rows}, at least {config.rows_min:,} expected"
    if config.rows_max is not None and evidence.rows > config.rows_max:
        yield f"rows_max: {rows}, at most {config.rows_max:,} expected"
    if config.max_drop is not None:
        yield from _drop(config.max_drop, evidence.before, evidence.after)


def _drop(most: float, before: int | None, after: int | None) -> Iterator[str]:
    """Compare the table with itself; before the first commit there is nothing to compare with."""
    if not before or after is None:
        return
    percent = (before - after) * 100 / before
    if percent > most:
        shown = f"{before:,} rows would become {after:,}"
        yield f"max_drop: {shown}, {percent:,.4g} % fewer, at most {most:g} % allowed"
