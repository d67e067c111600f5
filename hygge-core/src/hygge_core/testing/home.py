"""The contract of a home, as a class of tests that its author subclasses."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from attrs import evolve

from hygge_core.testing.cases.home.batches import BatchCases
from hygge_core.testing.cases.home.cancelling import CancellingCases
from hygge_core.testing.cases.home.changes import ChangeCases
from hygge_core.testing.cases.home.closing import ClosingCases
from hygge_core.testing.cases.home.counts import CountCases
from hygge_core.testing.cases.home.dtypes import DtypeCases
from hygge_core.testing.cases.home.errors import ErrorCases
from hygge_core.testing.cases.home.extent import ExtentCases
from hygge_core.testing.cases.home.locating import LocatingCases
from hygge_core.testing.cases.home.names import NameCases
from hygge_core.testing.cases.home.parts import PartCases
from hygge_core.testing.cases.home.processes import ProcessCases
from hygge_core.testing.cases.home.ranges import RangeCases
from hygge_core.testing.cases.home.rows import RowCases
from hygge_core.testing.cases.home.scans import ScanCases
from hygge_core.testing.cases.home.schema import SchemaCases
from hygge_core.testing.cases.home.secrets import SecretCases
from hygge_core.testing.cases.home.threads import ThreadCases
from hygge_core.testing.contract import replaced
from hygge_core.testing.frames import small
from hygge_core.testing.process import named
from hygge_core.testing.readings import Sample


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import polars as pl

    from hygge_core.home import Home, ReadRequest
    from hygge_core.testing.cases.home.errors import Damage
    from hygge_core.testing.readings import Fill, OpenHome


class HomeContract(
    RowCases,
    SchemaCases,
    BatchCases,
    DtypeCases,
    NameCases,
    RangeCases,
    ExtentCases,
    ErrorCases,
    SecretCases,
    LocatingCases,
    ClosingCases,
    ThreadCases,
    ScanCases,
    CountCases,
    PartCases,
    CancellingCases,
    ChangeCases,
    ProcessCases,
):
    """Everything that a home promises, tried out.

    A home's author writes three things in a subclass: ``opener``, which names a function of
    a module that child processes can import; the fixture ``place``, which that function takes;
    and the fixture ``fill``, which puts a table into the source without the home:

    .. code-block:: python

        class TestAcmeHome(HomeContract):
            opener = "acme_kit:open_home"

            @pytest.fixture
            def place(self, tmp_path):
                return str(tmp_path)

            @pytest.fixture
            def fill(self, place):
                def fill(name, frame):
                    frame.write_parquet(f"{place}/{name}.parquet")
                    return ReadRequest(entity=name)

                return fill

    ``fill`` puts the rows in the place of those that the table had before.  Which cases apply
    follows from the abilities of the home and its readings; what does not apply is skipped with the reason.
    """

    opener: ClassVar[str] = ""
    """``module:function`` that opens the home at a place; empty for a home that dies with its process."""

    unfillable: ClassVar[str] = ""
    """Why no test can fill the source, such as that it is a public service; the fixture ``sample`` is given then."""

    cannot_hold: ClassVar[Mapping[str, str]] = {}
    """Labels of cases (dtypes, names) that the source has no room for, each with the reason; they are skipped."""

    refuses: ClassVar[Mapping[str, str]] = {}
    """Labels of cases that the home refuses with `HomeError`, each with the reason."""

    reads_as: ClassVar[Mapping[str, pl.DataType]] = {}
    """Labels of cases that come as another dtype, with the same values."""

    refuses_ranges: ClassVar[Mapping[str, str]] = {}
    """Dtypes whose columns are read, but refused as the column of a range, each with the reason."""

    loses: ClassVar[Mapping[str, str]] = {}
    """Labels of cases whose values do not come as they are, each with the reason; reported as broken, and known."""

    secrets: ClassVar[tuple[str, ...]] = ()
    """Texts in the home's settings that must never show."""

    large: ClassVar[int] = 64 << 20
    """Bytes of the table by which a process shows that no table is held whole."""

    own_memory: ClassVar[str] = ""
    """Why the memory of a process does not tell what the home holds, where the engine under it takes more by itself."""

    @pytest.fixture
    def place(self) -> Any:
        """Where the source is, as plain data that ``opener`` takes; new for each test."""
        pytest.fail("define the fixture `place`: where the home under test finds its tables")

    @pytest.fixture
    def fill(self) -> Fill:
        """Put a table into the source, without the home."""
        if self.unfillable:
            pytest.skip(f"no test can fill the source: {self.unfillable}")
        pytest.fail("define the fixture `fill`: a function of a name and a frame that puts a table into the source")

    @pytest.fixture
    def sample(self, request: pytest.FixtureRequest) -> Sample:
        """Return a table of the source whose rows are known; some 50 rows or more where it cannot be filled."""
        rows = small(0, 60)
        return Sample(request=request.getfixturevalue("fill")("account", rows), rows=rows)

    @pytest.fixture
    def missing(self, sample: Sample) -> ReadRequest:
        """Ask for a table that is not there."""
        return evolve(sample.request, entity="no_such_table")

    @pytest.fixture
    def damage(self) -> Damage | None:
        """Return a function that spoils a table, so that it cannot be read to its end; None where there is none."""
        return None

    @pytest.fixture
    def fingerprint(self) -> Callable[[], object]:
        """Return a function that sees, without the home, whether anything in the source changed."""
        pytest.skip("no fixture `fingerprint` sees whether anything in the source changed")

    @pytest.fixture
    def open_home(self, place: Any) -> Iterator[OpenHome]:
        """Open homes on the same place, as often as wanted."""
        with ExitStack() as opened:

            def new() -> Home:
                home: Home = named(self.opener)(place)
                opened.callback(home.close)
                return home

            yield new

    @pytest.fixture
    def home(self, open_home: OpenHome) -> Home:
        """Open the home under test."""
        return open_home()

    def test_no_case_was_overridden(self) -> None:
        """A case may be expected to fail, with a reason; it may not be replaced or removed."""
        silent = replaced(HomeContract, type(self))
        assert not silent, f"mark these with pytest.mark.xfail(reason=...) instead of overriding them: {silent}"

    def test_something_is_read(self) -> None:
        """A source that cannot be filled is tried with a sample, so that not everything is skipped."""
        giver = next(each for each in type(self).__mro__ if "sample" in vars(each))
        given = giver is not HomeContract or not self.unfillable
        assert given, "define the fixture `sample`, since no test can fill the source"
