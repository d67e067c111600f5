"""What a home must be able to do, and what it may be able to do besides.

A home author implements `Home` and `Reading`.  The other protocols are abilities that
the engine finds by ``isinstance``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from attrs import frozen


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import polars as pl

    from hygge_core.errors import HomeError
    from hygge_core.mark import Mark, Range, Watermark


@frozen(kw_only=True)
class ReadRequest:
    """What to read: the table of one entity.

    ``batch_bytes`` is the size a batch should stay near, measured as
    `polars.DataFrame.estimated_size`; a single larger row may exceed it.  ``columns`` are
    the only ones wanted, all when empty; ``range`` the only rows.  A home that reads files
    or memory may ignore both, since the engine selects and filters what comes; a home that
    asks a server should ask for no more.  ``since`` is the version of the last commit, and
    only given to a home whose readings are `FollowsChanges`: it yields what changed after it.
    """

    entity: str
    flow: str = ""
    batch_bytes: int = 32 << 20
    columns: tuple[str, ...] = ()
    range: Range | None = None
    since: Mark | None = None


class Reading(Protocol):
    """One reading of one table, opened by `Home.read` and always closed by the engine."""

    @property
    def schema(self) -> pl.Schema:
        """The columns of every batch to come, known before the first row."""
        ...

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yield the rows, each batch with exactly `schema`. Called at most once."""
        ...

    def close(self) -> None:
        """Let go of files and cursors, also in the middle of `batches`. Safe to call twice."""
        ...


class Home(Protocol):
    """A place that tables come from. Opened once for a run and used from many threads."""

    def locate(self, request: ReadRequest) -> str:
        """Say what would be read, for plans and reports: a path, a table, a query."""
        ...

    def read(self, request: ReadRequest) -> Reading:
        """Open one table. Raises `HomeError` that names it, or `HomeUnavailable` to be tried again."""
        ...

    def close(self) -> None:
        """Let go of everything held. Safe to call twice."""
        ...


@runtime_checkable
class Scans(Protocol):
    """The ability of a reading to be a `polars.LazyFrame`: the straight road from file to file."""

    def scan(self) -> pl.LazyFrame:
        """Return the whole table, lazily, with exactly the reading's schema."""
        ...

    def check(self) -> None:
        """Raise `HomeError` if the source changed since it was opened. Called after the last row."""
        ...


@runtime_checkable
class KnowsRows(Protocol):
    """The ability of a reading to say how many rows it holds, by a way of its own."""

    def rows(self) -> int:
        """Return the count that was taken when the reading was opened; the engine compares it with what arrived."""
        ...


@runtime_checkable
class Ranged(Protocol):
    """The ability of a reading to say, before its first row, how far its range goes.

    A home whose readings are not `Scans` needs it for ``incremental``.  Answers come from
    the same snapshot as the rows where the source has snapshots.
    """

    def high(self) -> Mark | None:
        """Return the highest value of the range's column in the source, None when there is no value."""
        ...

    def has_nulls(self) -> bool:
        """Say whether the source holds a row without a value in the range's column."""
        ...


@frozen(kw_only=True)
class Isolation:
    """What a reading guarantees about changes that others make while it lasts.

    ``name`` is the source's own word, such as ``"snapshot"`` or ``"read committed"``;
    ``snapshot`` is True when every row, also of several parts, shows one moment.
    """

    name: str
    snapshot: bool


@runtime_checkable
class Isolated(Protocol):
    """The ability of a reading to state its isolation, for the run report."""

    @property
    def isolation(self) -> Isolation:
        """What this reading guarantees."""
        ...


@runtime_checkable
class ListsFiles(Protocol):
    """The ability of a reading to name the local Parquet files that it consists of."""

    def files(self) -> Sequence[str]:
        """Return absolute paths, in reading order; empty when the bytes are not Parquet as they lie."""
        ...

    def check(self) -> None:
        """Raise `HomeError` if the source changed since it was opened. Called after the last row."""
        ...


@runtime_checkable
class Warns(Protocol):
    """The ability of a reading to tell what it did that the user should know of, such as skipped rows."""

    def warnings(self) -> Sequence[str]:
        """Return one sentence each; asked after the last row."""
        ...


@runtime_checkable
class Explains(Protocol):
    """The ability of a reading to say what an error of the engine under it means."""

    def explain(self, error: Exception) -> HomeError | None:
        """Translate an error that was raised while its frame was streamed; None when it is not the source's."""
        ...


@runtime_checkable
class Cancels(Protocol):
    """The ability of a reading to give up a statement that its server is still working on."""

    def cancel(self) -> None:
        """Make what the reading waits for raise `HomeError` soon. Safe from any thread and at any time."""
        ...


@runtime_checkable
class ReadsInParts(Protocol):
    """The ability of a reading to be read in several parts at once, each over a connection of its own."""

    def parts(self) -> Sequence[Reading]:
        """Return readings that together yield every row of `Reading.batches` once, with the same schema.

        Called at most once, when the range is fixed, and then instead of ``batches``.  Fewer than
        two mean that the table is better read whole.  Closing the reading closes its parts.
        """
        ...


@runtime_checkable
class FollowsChanges(Protocol):
    """The ability of a reading to yield what its source itself recorded as changed since ``ReadRequest.since``.

    Without ``since`` its rows are the whole table.  The home's settings ask for it by an attribute
    ``follows_changes`` that names the way in which changes are counted; it is empty otherwise.
    """

    @property
    def reached(self) -> Watermark:
        """Return the version that the rows come to, in ``mark``, and the columns that name a row, in ``key``.

        ``column`` is what ``follows_changes`` says.  The version was taken before the first row
        was read, so that what changes meanwhile comes again with the next run.
        """
        ...

    def deleted(self) -> pl.DataFrame:
        """Return the keys deleted since, to be asked after the last row. Raises `HomeError` if some may be missing."""
        ...


@runtime_checkable
class Splits(Protocol):
    """The ability to read one table in several parts at once."""

    def split(self, request: ReadRequest, parts: int) -> Sequence[ReadRequest]:
        """Cut the request into at most ``parts`` that together hold every row once."""
        ...


@runtime_checkable
class Counts(Protocol):
    """The ability to count a table's rows without reading them."""

    def count(self, request: ReadRequest) -> int:
        """Count the rows that `Home.read` would yield now."""
        ...


@runtime_checkable
class Discovers(Protocol):
    """The ability to list what could be read."""

    def discover(self) -> Iterable[str]:
        """Yield the names of entities."""
        ...


@frozen(kw_only=True)
class Finding:
    """One result of a probe: what was tried, whether it worked, what it means, what to try."""

    probe: str
    ok: bool
    what: str
    fix: str = ""


@runtime_checkable
class Probes(Protocol):
    """The ability of a home, store or connection to examine itself for ``hygge debug``."""

    def probe(self, entity: str, flow: str = "") -> Iterable[Finding]:
        """Yield findings for one entity; changes nothing that a reader sees. A connection gets its own name."""
        ...


class Connection(Protocol):
    """A named, shared way to a server. What it offers besides is between it and its homes and stores."""

    def close(self) -> None:
        """Let go of everything held. Safe to call twice."""
        ...


class Connections(Protocol):
    """The project's connections by name, opened when first asked for and closed after the run."""

    def get(self, name: str) -> Connection:
        """Return the connection. Raises `UsageError` for a name that the project does not define."""
        ...
