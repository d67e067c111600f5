"""Uniting the columns of several files, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core import HomeError


if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hygge_home_files.config import ExtraColumns, MissingColumns


def unite(
    headers: Sequence[tuple[str, Sequence[str]]],
    *,
    declared: Iterable[str] = (),
    missing: MissingColumns,
    extra: ExtraColumns,
) -> tuple[str, ...]:
    """Return the columns of the table, given the label and the column names of each file.

    They are those of the first file in its order, then declared ones that it lacks, and with
    ``extra="add"`` those that later files bring.  Raises `HomeError` naming the file and
    the columns when a policy forbids the difference.
    """
    first, names = headers[0] if headers else ("", ())
    table = list(dict.fromkeys((*names, *declared)))
    for label, other in headers:
        known = set(table)
        surplus = [name for name in other if name not in known]
        if surplus and extra == "error":
            what = f"has columns that {first} does not have: {_listed(surplus)}"
            raise HomeError(what, where=label, fix="set extra_columns to 'ignore' or 'add', or read it apart")
        if extra == "add":
            table += surplus
    if missing == "error":
        _require_all(headers, table)
    return tuple(table)


def _require_all(headers: Sequence[tuple[str, Sequence[str]]], table: Sequence[str]) -> None:
    for label, names in headers:
        present = set(names)
        if lacking := [name for name in table if name not in present]:
            what = f"lacks columns of the table: {_listed(lacking)}"
            raise HomeError(what, where=label, fix="set missing_columns to 'null', or read it apart")


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:5])
    return f"{shown} and {len(names) - 5} more" if len(names) > 5 else shown  # noqa: PLR2004 - as many as fit a line
