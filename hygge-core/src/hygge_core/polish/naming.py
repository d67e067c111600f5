"""Which source columns a polished table keeps, and under which names.

Two names that differ only in case are one name here: SQL Server, Fabric and DuckDB read
them so, and a table that only some readers can tell apart is no table to publish.
"""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING

from hygge_core.polish.refusal import PolishError, require
from hygge_core.polish.words import clean


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hygge_core.polish.config import PolishConfig


def polished_names(config: PolishConfig, columns: Sequence[str]) -> dict[str, str]:
    """Map each source column that stays to its polished name, in the order of the polished table.

    Raises `PolishError` for unknown columns and for names that are empty or collide.
    """
    kept = _chosen(config, columns)
    _check_renames(config.rename, kept, columns)
    written = _written(config)
    cleaned = {column: clean(column, config.columns) for column in kept if column not in config.rename}
    _check_emptied(cleaned)
    if config.columns.on_collision == "suffix":
        cleaned = _suffixed(cleaned, written)
    else:
        _check_collisions(cleaned, written)
    names = {**cleaned, **config.rename}
    return {column: names[column] for column in kept}


def _chosen(config: PolishConfig, columns: Sequence[str]) -> list[str]:
    require(config.select or (), columns, where="polish.select")
    require(config.exclude, columns, where="polish.exclude")
    selected = columns if config.select is None else config.select
    kept = [column for column in selected if column not in config.exclude]
    if not kept and not config.hash_ids:
        raise PolishError("no column of the source is left", where="polish", fix="select at least one")
    return kept


def _check_renames(rename: Mapping[str, str], kept: Sequence[str], columns: Sequence[str]) -> None:
    require(rename, columns, where="polish.rename")
    for column in rename:
        if column not in kept:
            raise PolishError(
                f"column {column!r} is renamed but not kept",
                where="polish.rename",
                fix="take it out of rename, or keep it by select and exclude",
            )


def _written(config: PolishConfig) -> dict[str, str]:
    """Collect the names that the user wrote: they stand as written, so they may not collide."""
    claims = [
        *((hashed.name, f"hash id {hashed.name!r}") for hashed in config.hash_ids),
        *((name, f"column {column!r} renamed to {name!r}") for column, name in config.rename.items()),
        *((constant.name, f"constant {constant.name!r}") for constant in config.constants),
        *((timestamp.name, f"timestamp {timestamp.name!r}") for timestamp in config.timestamps),
    ]
    owners: dict[str, str] = {}
    for name, owner in claims:
        if not name.strip():
            raise PolishError(f"{owner} has no name", where="polish", fix="give it one")
        if _key(name) in owners:
            raise _collision(owners[_key(name)], owner, name, fix="give one of them another name")
        owners[_key(name)] = owner
    return owners


def _check_emptied(cleaned: Mapping[str, str]) -> None:
    for column, name in cleaned.items():
        if name != column and not name.strip():
            what = f"nothing is left of the name {column!r} when it is cleaned"
            raise PolishError(what, where="polish.columns", fix=_rename_fix(column))


def _check_collisions(cleaned: Mapping[str, str], written: Mapping[str, str]) -> None:
    owners = dict(written)
    for column, name in cleaned.items():
        if _key(name) in owners:
            raise _collision(owners[_key(name)], f"column {column!r}", name, fix=_rename_fix(column))
        owners[_key(name)] = f"column {column!r}"


def _suffixed(cleaned: Mapping[str, str], written: Iterable[str]) -> dict[str, str]:
    taken = set(written)
    reserved = {_key(name) for name in cleaned.values()}
    unique = {}
    for column, name in cleaned.items():
        unique[column] = name if _key(name) not in taken else _next_free(name, taken | reserved)
        taken.add(_key(unique[column]))
    return unique


def _next_free(name: str, taken: set[str]) -> str:
    number = 1
    while _key(f"{name}_{number}") in taken:
        number += 1
    return f"{name}_{number}"


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _collision(first: str, second: str, name: str, *, fix: str) -> PolishError:
    what = f"{first} and {second} would both be named {name!r}, upper and lower case being alike"
    return PolishError(what, where="polish", fix=fix)


def _rename_fix(column: str) -> str:
    return f'give it a name of its own: rename = {{ {json.dumps(column, ensure_ascii=False)} = "..." }}'
