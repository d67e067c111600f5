"""What a connection may offer to homes, stores and commands that do not know its type.

Core and other packages find these abilities by ``isinstance``; a connection has those that
make sense for its server, and whatever else its own homes and stores agree on with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from attrs import frozen


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hygge_core.lake import Lake


@runtime_checkable
class OpensLakes(Protocol):
    """The ability to open a folder of the connected account as a `Lake`, for the journal and for commands."""

    def lake(self, path: str) -> Lake:
        """Open a folder, which need not exist. Raises `StoreError` or `StoreUnavailable`."""
        ...


@runtime_checkable
class ScansUrls(Protocol):
    """The ability to let Polars read what lies in the connected account, for homes of files."""

    def url(self, path: str) -> str:
        """Return the address of a file or folder as Polars takes it, such as ``abfss://...``; an address stays one.

        Raises `ValueError` for an address in another account.
        """
        ...

    def scan_options(self) -> Mapping[str, Any]:
        """Return keyword arguments for ``polars.scan_parquet`` and its like, secrets included: never to be shown."""
        ...


@frozen(kw_only=True)
class FoundTable:
    """A table that a connection found, as ``hygge init --from`` proposes it.

    ``name`` is what ``entities`` will hold, ``table`` the full name in the source, ``key`` the
    columns that name a row (empty: none is declared), ``watermark`` the proposed column or None, ``why`` the
    reason for it or for none, ``rows`` a count or estimate, and ``notes`` what to know about its types.
    """

    name: str
    table: str
    rows: int | None = None
    key: tuple[str, ...] = ()
    watermark: str | None = None
    why: str = ""
    notes: tuple[str, ...] = ()


@runtime_checkable
class FindsTables(Protocol):
    """The ability to list tables with what a project should know of them, for ``hygge init --from``."""

    def find_tables(self, patterns: Sequence[str]) -> Iterable[FoundTable]:
        """Yield the tables whose full name fits one of the patterns, such as ``dbo.*``, ordered by name.

        Raises `HomeError` or `HomeUnavailable`.
        """
        ...
