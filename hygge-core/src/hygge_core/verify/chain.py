"""The rows of a table as its commits tell them, as its parts hold them and as readers see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core.errors import HyggeError, StoreError
from hygge_core.store import Audits, CountsRows, Recalls


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hygge_core.commit import CommitRecord, Part, Table
    from hygge_core.store import Store


@frozen(kw_only=True)
class Chain:
    """Counts at each station, None where nobody can count, and what is wrong between them."""

    committed: int | None = None
    footers: int | None = None
    visible: int | None = None
    faults: tuple[str, ...] = ()


def chain_of(store: Store, table: Table, last: CommitRecord, *, deep: bool) -> Chain:
    """Hold what readers see against what was committed; ``deep`` compares every byte.

    Counting that fails is no error where the store knows already that its files are damaged.
    """
    records = _present(store, table, last)
    parts = None if records is None else tuple(part for record in records for part in record.parts)
    found = tuple(store.audit(table, parts, deep=deep)) if isinstance(store, Audits) and parts is not None else ()
    try:
        footers, visible = _counts(store, table, parts)
    except (HyggeError, OSError, ValueError) as error:
        if not found and isinstance(error, HyggeError):
            raise
        if not found:
            raise StoreError(f"its rows cannot be counted: {error}", where=store.locate(table)) from error
        footers = visible = None
    committed = None if parts is None else sum(part.rows for part in parts)
    chain = Chain(committed=committed, footers=footers, visible=visible)
    return Chain(committed=committed, footers=footers, visible=visible, faults=(*found, *_gaps(chain)))


def _present(store: Store, table: Table, last: CommitRecord) -> Sequence[CommitRecord] | None:
    """Return the commits that the table consists of now; None when the store does not recall all of them."""
    if last.table.mode != "append":
        return [last]
    if not isinstance(store, Recalls):
        return None
    return _since_whole(store.commits(table))


def _since_whole(commits: Iterable[CommitRecord]) -> list[CommitRecord]:
    present: list[CommitRecord] = []
    for record in commits:
        if record.table.mode != "append":
            present.clear()
        present.append(record)
    return present


def _counts(store: Store, table: Table, parts: Sequence[Part] | None) -> tuple[int | None, int | None]:
    if not isinstance(store, CountsRows):
        return None, None
    return (None if parts is None else store.count(table, parts)), store.count(table)


def _gaps(chain: Chain) -> Iterator[str]:
    committed, footers, visible = chain.committed, chain.footers, chain.visible
    if committed is not None and footers is not None and committed != footers:
        yield f"{committed:,} rows were committed, and the committed parts hold {footers:,}"
    if committed is not None and visible is not None and committed != visible:
        yield f"{committed:,} rows were committed, and readers see {visible:,}"
