"""The contract of a store, as a class of tests that its author subclasses."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from hygge_core.commit import Table, TableRun
from hygge_core.schema import columns_of
from hygge_core.testing.cases.store.abort import AbortCases
from hygge_core.testing.cases.store.append import AppendCases
from hygge_core.testing.cases.store.batches import BatchCases
from hygge_core.testing.cases.store.commit import CommitCases
from hygge_core.testing.cases.store.counts import CountCases
from hygge_core.testing.cases.store.crash import CrashCases
from hygge_core.testing.cases.store.dtypes import DtypeCases
from hygge_core.testing.cases.store.errors import ErrorCases
from hygge_core.testing.cases.store.lease import LeaseCases
from hygge_core.testing.cases.store.matrix import MatrixCases
from hygge_core.testing.cases.store.memory import MemoryCases
from hygge_core.testing.cases.store.names import NameCases
from hygge_core.testing.cases.store.one_step import (
    AtomicAppendCases,
    AtomicReplaceCases,
    AtomicUpsertCases,
    UnmixedCases,
)
from hygge_core.testing.cases.store.replace import ReplaceCases
from hygge_core.testing.cases.store.retry import RetryCases
from hygge_core.testing.cases.store.rows import RowCases
from hygge_core.testing.cases.store.secrets import SecretCases
from hygge_core.testing.cases.store.tables import TableCases
from hygge_core.testing.cases.store.upsert import KEY, UpsertCases
from hygge_core.testing.contract import replaced
from hygge_core.testing.frames import small
from hygge_core.testing.process import named


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import polars as pl

    from hygge_core.commit import Mode
    from hygge_core.store import Store
    from hygge_core.testing.plan import Subject


class StoreContract(
    CommitCases,
    AbortCases,
    RetryCases,
    CrashCases,
    MatrixCases,
    AtomicReplaceCases,
    AtomicAppendCases,
    AtomicUpsertCases,
    UnmixedCases,
    ReplaceCases,
    AppendCases,
    UpsertCases,
    TableCases,
    LeaseCases,
    MemoryCases,
    RowCases,
    CountCases,
    BatchCases,
    NameCases,
    DtypeCases,
    ErrorCases,
    SecretCases,
):
    """Everything that a store promises, tried out.

    A store's author writes three things in a subclass: ``opener``, which names a function
    of a module that child processes can import; the fixture ``place``, which that function
    takes; and the fixture ``read``, which reads a table without the store:

    .. code-block:: python

        class TestAcmeStore(StoreContract):
            opener = "acme_kit:open_store"

            @pytest.fixture
            def place(self, tmp_path):
                return str(tmp_path)

            @pytest.fixture
            def read(self, place):
                return lambda table: pl.read_parquet(f"{place}/{table.name}/*.parquet")

    ``read`` returns None for a table that does not exist.  Which cases apply follows from
    the store's ``capabilities`` and abilities; what does not apply is skipped with the reason.
    """

    opener: ClassVar[str] = ""
    """``module:function`` that opens the store at a place; empty for a store that dies with its process."""

    refuses: ClassVar[Mapping[str, str]] = {}
    """Dtypes (labels of the cases) and names that the store refuses with `StoreError`, each with the reason."""

    reads_as: ClassVar[Mapping[str, pl.DataType]] = {}
    """Dtypes (labels of the cases) that come back as another dtype, with the same values."""

    secrets: ClassVar[tuple[str, ...]] = ()
    """Texts in the store's settings that must never show."""

    crash: ClassVar[Subject | None] = None
    """The store as the crash matrix opens it, see `hygge_core.testing.crash`; None where the matrix cannot be tried."""

    @pytest.fixture
    def place(self) -> Any:
        """Where the store is, as plain data that ``opener`` takes; new for each test."""
        pytest.fail("define the fixture `place`: where the store under test keeps its tables")

    @pytest.fixture
    def read(self) -> Callable[[Table], pl.DataFrame | None]:
        """Read a table as its readers do, without the store."""
        pytest.fail("define the fixture `read`: a function of a table that bypasses the store")

    @pytest.fixture
    def open_store(self, place: Any) -> Iterator[Callable[[], Store]]:
        """Open store objects on the same place, as often as wanted."""
        with ExitStack() as opened:

            def new() -> Store:
                store: Store = named(self.opener)(place)
                opened.callback(store.close)
                return store

            yield new

    @pytest.fixture
    def store(self, open_store: Callable[[], Store]) -> Store:
        """Open the store under test."""
        return open_store()

    @pytest.fixture
    def rows(self) -> pl.DataFrame:
        """Make the rows that most cases move."""
        return small()

    @pytest.fixture
    def table(self, rows: pl.DataFrame, store: Store) -> Table:
        """Describe the table that most cases write."""
        mode: Mode = "replace" if "replace" in store.capabilities.modes else "append"
        return Table(name="account", flow="kit", columns=columns_of(rows.schema), mode=mode, key=KEY)

    @pytest.fixture
    def new_run(self) -> Callable[[], TableRun]:
        """Make table runs, each with an id of its own, later than the one before."""
        numbers = count(1)
        started = datetime(2024, 2, 29, tzinfo=UTC)
        return lambda: TableRun(id=f"20240229T000000-{next(numbers):04}", flow="kit", entity="account", started=started)

    @pytest.fixture
    def run(self, new_run: Callable[[], TableRun]) -> TableRun:
        """Make one table run."""
        return new_run()

    def test_no_case_was_overridden(self) -> None:
        """A case may be expected to fail, with a reason; it may not be replaced or removed."""
        silent = replaced(StoreContract, type(self))
        assert not silent, f"mark these with pytest.mark.xfail(reason=...) instead of overriding them: {silent}"
