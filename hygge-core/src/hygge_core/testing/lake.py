"""The contract of a lake, as a class of tests that its author subclasses."""

from __future__ import annotations

import contextlib
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from hygge_core.testing.cases.lake.addresses import AddressCases
from hygge_core.testing.cases.lake.create import CreateCases
from hygge_core.testing.cases.lake.death import DeathCases
from hygge_core.testing.cases.lake.deferred import DeferredCases
from hygge_core.testing.cases.lake.delete import DeleteCases
from hygge_core.testing.cases.lake.entries import EntryCases
from hygge_core.testing.cases.lake.errors import ErrorCases
from hygge_core.testing.cases.lake.exchange import ExchangeCases
from hygge_core.testing.cases.lake.fence import FenceCases
from hygge_core.testing.cases.lake.folders import FolderCases
from hygge_core.testing.cases.lake.free_names import FreeNameCases
from hygge_core.testing.cases.lake.lapse import LapseCases
from hygge_core.testing.cases.lake.lease import LeaseCases
from hygge_core.testing.cases.lake.links import LinkCases
from hygge_core.testing.cases.lake.listing import ListingCases
from hygge_core.testing.cases.lake.names import NameCases
from hygge_core.testing.cases.lake.put import PutCases
from hygge_core.testing.cases.lake.rename import RenameCases
from hygge_core.testing.cases.lake.sequences import SequenceCases
from hygge_core.testing.cases.lake.streams import StreamCases
from hygge_core.testing.cases.lake.threads import ThreadCases
from hygge_core.testing.contract import replaced
from hygge_core.testing.process import named


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hygge_core.lake import Lake
    from hygge_core.testing.lake_looks import OpenLake, ReadFile


class LakeContract(
    PutCases,
    FreeNameCases,
    CreateCases,
    StreamCases,
    EntryCases,
    ListingCases,
    RenameCases,
    FolderCases,
    FenceCases,
    ExchangeCases,
    LinkCases,
    DeleteCases,
    DeferredCases,
    LeaseCases,
    LapseCases,
    DeathCases,
    ThreadCases,
    NameCases,
    AddressCases,
    ErrorCases,
    SequenceCases,
):
    """Everything that a lake promises, tried out.

    A lake's author writes two things in a subclass: ``opener``, which names a function of a module that child
    processes can import, and the fixture ``place``, which that function takes:

    .. code-block:: python

        class TestAcmeLake(LakeContract):
            opener = "acme_kit:open_lake"

            @pytest.fixture
            def place(self, tmp_path):
                return str(tmp_path)

    Where files can be read without the lake, the fixture ``read`` does so; until it is overridden, it reads through
    a second lake object.  Which cases apply follows from the lake's ``abilities`` and Protocols; what does not apply
    is skipped with the reason.
    """

    opener: ClassVar[str] = ""
    """``module:function`` that opens the lake at a place; empty for a lake that dies with its process.

    What it returns is closed after the test if it has a method ``close``.
    """

    refuses: ClassVar[Mapping[str, str]] = {}
    """Names that the lake refuses with `OSError` or `ValueError`, each with the reason."""

    one_name: ClassVar[str] = ""
    """Why names that differ only in case, or in how their letters are composed, are one; empty if they are not."""

    secrets: ClassVar[tuple[str, ...]] = ()
    """Texts in the lake's settings that must never show."""

    sequences: ClassVar[int] = 30
    """How many random sequences of operations are held against the model."""

    patience: ClassVar[float] = 90
    """Within how many seconds `Lapses.check` must find out that another took over."""

    @pytest.fixture
    def place(self) -> Any:
        """Where the lake is, as plain data that ``opener`` takes; new and empty for each test."""
        pytest.fail("define the fixture `place`: where the lake under test keeps its files")

    @pytest.fixture
    def open_lake(self, place: Any) -> Iterator[OpenLake]:
        """Open lake objects on the same place, as often as wanted."""
        with ExitStack() as opened:

            def new() -> Lake:
                lake: Lake = named(self.opener)(place)
                opened.callback(getattr(lake, "close", lambda: None))
                return lake

            yield new

    @pytest.fixture
    def lake(self, open_lake: OpenLake) -> Lake:
        """Open the lake under test."""
        return open_lake()

    @pytest.fixture
    def read(self, open_lake: OpenLake) -> ReadFile:
        """Read a file as its readers do: through another lake object, where nothing reads it without the lake."""
        other = open_lake()

        def read(path: str) -> bytes | None:
            with contextlib.suppress(FileNotFoundError):
                return other.read(path)
            return None

        return read

    @pytest.fixture
    def let_lapse(self) -> Callable[[], None]:
        """Let the time pass in which the lease of a dead holder holds still; none, where its death frees at once."""
        return lambda: None

    def test_no_case_was_overridden(self) -> None:
        """A case may be expected to fail, with a reason; it may not be replaced or removed."""
        wrong = replaced(LakeContract, type(self))
        assert not wrong, f"these cases are replaced; mark them xfail with a reason instead: {wrong}"
