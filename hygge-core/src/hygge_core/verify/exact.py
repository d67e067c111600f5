"""Comparing the keys of a few buckets one by one, and saying how each of them differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hygge_core.row_text import row_texts, value_texts
from hygge_core.verify.buckets import STANDING, VERSION
from hygge_core.verify.expectation import DELETED, REQUIRED
from hygge_core.verify.verdict import Difference


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_KIND, _WANTED, _HELD = "\x00kind", "\x00wanted", "\x00held"
_REQUIRED, _OTHER, _DELETED, _THERE, _LACKING, _BEYOND = (f"\x00{word}" for word in ("r", "o", "d", "t", "l", "b"))


def different(source: pl.DataFrame, store: pl.DataFrame, key: Sequence[str], *, versions: bool) -> pl.DataFrame:
    """Return the keys that differ, each with its kind and the two versions.

    ``source`` has the key, `VERSION` and `STANDING`, ``store`` the key and `VERSION`, one row
    for each row of theirs.  ``versions`` says that the store keeps every version of a row.
    """
    name = [*key, VERSION]
    wanted = source.group_by(name).agg(
        (pl.col(STANDING) == REQUIRED).sum().alias(_REQUIRED),
        (~pl.col(STANDING).is_in([REQUIRED, DELETED])).sum().alias(_OTHER),
        (pl.col(STANDING) == DELETED).sum().alias(_DELETED),
    )
    there = store.group_by(name).agg(pl.len().alias(_THERE))
    both = wanted.join(there, on=name, how="full", coalesce=True, nulls_equal=True)
    counts = pl.col(_REQUIRED, _OTHER, _DELETED, _THERE).fill_null(0).cast(pl.Int64)
    names = both.with_columns(counts).with_columns(_lacking(versions=versions), _beyond(versions=versions))
    return _by_key(names, key, versions=versions).filter(pl.col(_KIND).is_not_null()).sort(key)


def _lacking(*, versions: bool) -> pl.Expr:
    """Count the rows of one version that the store should have and has not."""
    required, there = pl.col(_REQUIRED), pl.col(_THERE)
    lacking = pl.when(there == 0).then(required).otherwise(0) if versions else (required - there).clip(0)
    return lacking.alias(_LACKING)


def _beyond(*, versions: bool) -> pl.Expr:
    """Count the rows of one version that the store has and should not have, or not so often."""
    allowed = pl.max_horizontal(pl.col(_REQUIRED), 1) if versions else pl.col(_REQUIRED)
    return (pl.col(_THERE) - allowed).clip(0).alias(_BEYOND)


def _by_key(names: pl.DataFrame, key: Sequence[str], *, versions: bool) -> pl.DataFrame:
    version = pl.col(VERSION)
    held = version.filter(pl.col(_THERE if versions else _BEYOND) > 0)
    keys = names.group_by(key).agg(
        pl.col(_REQUIRED, _OTHER, _DELETED, _THERE, _LACKING, _BEYOND).sum(),
        version.filter(pl.col(_LACKING) > 0).max().alias(_WANTED),
        held.max().alias(_HELD),
    )
    return keys.with_columns(_kind(versions=versions).alias(_KIND))


def _kind(*, versions: bool) -> pl.Expr:
    """Name what is wrong with a key, null where nothing is."""
    required, other, deleted, there = (pl.col(name) for name in (_REQUIRED, _OTHER, _DELETED, _THERE))
    wanted, held, beyond = pl.col(_WANTED), pl.col(_HELD), pl.col(_BEYOND)
    lacking = pl.col(_LACKING) > 0
    nothing_else = (there == 0) if versions else (beyond == 0)
    behind = held.is_null() | (held < wanted)
    too_many = beyond > (0 if versions else other)
    expected = required + other
    return (
        pl.when(lacking & nothing_else).then(pl.lit("missing"))
        .when(lacking & behind).then(pl.lit("older"))
        .when(lacking).then(pl.lit("newer"))
        .when((there > 0) & (expected == 0) & (deleted > 0)).then(pl.lit("deleted"))
        .when((there > 0) & (expected == 0)).then(pl.lit("surplus"))
        .when(too_many).then(pl.lit("doubled"))
    )  # fmt: skip


def told(found: pl.DataFrame, key: Sequence[str]) -> Iterator[Difference]:
    """Turn the keys that differ into plain data."""
    texts = (row_texts(found.select(key)), value_texts(found[_WANTED]), value_texts(found[_HELD]))
    for kind, name, wanted, held in zip(found[_KIND], *texts, strict=True):
        versions = {"in_source": wanted, "in_store": held} if kind in {"older", "newer"} else {}
        yield Difference(kind=kind, key=name, **versions)


def kinds(found: pl.DataFrame) -> dict[str, int]:
    """Count the keys of each kind."""
    return dict(found[_KIND].value_counts().iter_rows())
