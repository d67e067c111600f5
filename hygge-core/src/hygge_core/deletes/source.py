"""The keys that a source has now, read once more beside its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import polars as pl

from hygge_core.errors import HomeError, HyggeError
from hygge_core.home import Explains, Scans
from hygge_core.polish.column import column


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hygge_core.home import Home, Reading, ReadRequest


def source_keys(
    home: Home, request: ReadRequest, key: Mapping[str, str], *, where: str, check: Callable[[], None]
) -> pl.DataFrame:
    """Read the key of every row, under its names in the store; ``key`` maps the home's names to these.

    To be called after the rows were read, so that a row that came meanwhile is not taken for
    gone.  Holds all keys in memory.  ``check`` may stop it by raising.  Raises `HomeError`
    when a key is null, or what the home raises.
    """
    reading = home.read(attrs.evolve(request, columns=tuple(key), range=None))
    try:
        keys = _read(reading, [column(name).alias(target) for name, target in key.items()], check)
    except HyggeError:
        raise
    except Exception as error:
        explained = reading.explain(error) if isinstance(reading, Explains) else None
        raise explained or HomeError(f"its keys could not be read: {error}", where=where) from error
    finally:
        reading.close()
    _refuse_nulls(keys, where)
    return keys


def _read(reading: Reading, key: list[pl.Expr], check: Callable[[], None]) -> pl.DataFrame:
    if isinstance(reading, Scans):
        keys = reading.scan().select(key).collect(engine="streaming")
        reading.check()
        return keys
    batches = [pl.DataFrame(schema=reading.schema).select(key)]
    for batch in reading.batches():
        check()
        batches.append(batch.select(key))
    return pl.concat(batches)


def _refuse_nulls(keys: pl.DataFrame, where: str) -> None:
    nulls = keys.filter(pl.any_horizontal(pl.all().is_null())).height
    if nulls:
        raise HomeError(
            f"{nulls:,} rows have no value in their key, so nothing tells whether the table has them",
            where=where,
            fix="choose a key that always has a value",
        )
