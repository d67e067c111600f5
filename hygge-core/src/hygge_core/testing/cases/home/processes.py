"""What to read is plain data, and any process can read it."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any, ClassVar

from hygge_core.testing.judge import needs
from hygge_core.testing.process import in_process, named
from hygge_core.testing.readings import rows_of, same


if TYPE_CHECKING:
    import polars as pl

    from hygge_core.home import ReadRequest
    from hygge_core.testing.readings import OpenHome, Sample


class ProcessCases:
    """A home that remembers in its process what it needs gives other rows on another machine."""

    promise: ClassVar[str] = "another process reads the same rows from plain data"
    opener: ClassVar[str] = ""

    def test_another_process_reads_the_same(self, place: Any, sample: Sample) -> None:
        needs(bool(self.opener), "the home names no opener: its source dies with its process")
        ending = in_process(_read_elsewhere, self.opener, place, sample.request)
        assert not ending.error, f"broken promise: another process can read the table, but: {ending.error}"
        same(ending.value, sample.rows, "another process reads the same rows")

    def test_a_new_home_knows_what_the_first_knew(self, open_home: OpenHome, sample: Sample) -> None:
        first = open_home()
        rows_of(first, sample.request)
        first.close()
        same(rows_of(open_home(), sample.request), sample.rows, "a home that is opened anew reads the same rows")


def _read_elsewhere(opener: str, place: Any, request: ReadRequest) -> pl.DataFrame:
    with closing(named(opener)(place)) as home:
        return rows_of(home, request)
