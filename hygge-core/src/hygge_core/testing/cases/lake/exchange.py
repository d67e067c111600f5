"""Two folders trade places in one step."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pytest

from hygge_core.lake import ExchangesDirectories
from hygge_core.testing.judge import needs
from hygge_core.testing.lake_looks import paths, while_looking


if TYPE_CHECKING:
    from hygge_core.lake import Lake
    from hygge_core.testing.lake_looks import OpenLake


class ExchangeCases:
    """A table of many files is replaced without being gone for a moment."""

    promise: ClassVar[str] = "two folders trade places in one step"

    def test_a_declared_exchange_is_there(self, lake: Lake) -> None:
        needs(lake.abilities.atomic_directory_exchange, "the abilities say that folders cannot trade places")
        there = isinstance(lake, ExchangesDirectories)
        assert there, "broken promise: `atomic_directory_exchange` is declared, but there is no `exchange_directories`"

    def test_folders_trade_places_with_all_that_is_in_them(self, lake: Lake) -> None:
        exchanging = _exchanging(lake)
        lake.put("one/a/b", b"")
        lake.put("deep/two/c", b"")
        exchanging.exchange_directories("one", "deep/two")
        found = paths(lake)
        right = ["deep", "deep/two", "deep/two/a", "deep/two/a/b", "one", "one/c"]
        assert found == right, f"broken promise: folders trade places. There is {found}, not {right}"

    def test_a_folder_does_not_trade_places_with_nothing(self, lake: Lake) -> None:
        exchanging = _exchanging(lake)
        lake.put("one/file", b"1")
        for one, other in (("one", "nothing"), ("nothing", "one")):
            with pytest.raises(FileNotFoundError):
                exchanging.exchange_directories(one, other)
        assert paths(lake) == ["one", "one/file"], "broken promise: a failed exchange changes nothing"

    def test_a_folder_that_trades_places_is_never_missing(self, lake: Lake, open_lake: OpenLake) -> None:
        exchanging, other = _exchanging(lake), open_lake()
        lake.put("table/who", b"one")
        lake.put("stage/who", b"two")

        def look() -> None:
            try:
                other.read("table/who")
            except FileNotFoundError:
                raise AssertionError("broken promise: a folder that trades places is never missing") from None

        while_looking(look, lambda _: exchanging.exchange_directories("table", "stage"))


def _exchanging(lake: Lake) -> ExchangesDirectories:
    needs(lake.abilities.atomic_directory_exchange, "the abilities say that folders cannot trade places")
    assert isinstance(lake, ExchangesDirectories)
    return lake
