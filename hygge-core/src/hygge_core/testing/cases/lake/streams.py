"""A file can be read as a stream, from any place in it."""

from __future__ import annotations

import io
from random import Random
from typing import TYPE_CHECKING, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st


if TYPE_CHECKING:
    from typing import BinaryIO

    from hygge_core.lake import Lake


_CONTENT = Random(1).randbytes(150_001)  # noqa: S311 - bytes to compare, nothing secret
_PLACES = st.integers(0, len(_CONTENT) + 10)
_STEPS = st.one_of(
    st.tuples(st.just("seek"), _PLACES, st.just(io.SEEK_SET)),
    st.tuples(st.just("seek"), _PLACES.map(lambda place: -min(place, len(_CONTENT))), st.just(io.SEEK_END)),
    st.tuples(st.just("seek"), st.integers(0, 70_000), st.just(io.SEEK_CUR)),
    st.tuples(st.just("read"), st.integers(0, 70_000)),
    st.tuples(st.just("read"), st.just(-1)),
    st.tuples(st.just("tell")),
)


class StreamCases:
    """Readers of Parquet begin at the end of a file and jump."""

    promise: ClassVar[str] = "a file is read as a stream, from any place in it"

    def test_seeking_and_reading_is_as_in_memory(self, lake: Lake) -> None:
        lake.put("file", _CONTENT)

        @settings(max_examples=20, deadline=None)
        @given(steps=st.lists(_STEPS, min_size=1, max_size=10))
        def same(steps: list[tuple[str, ...]]) -> None:
            memory = io.BytesIO(_CONTENT)
            with lake.open("file") as file:
                for number, step in enumerate(steps):
                    found, right = _do(file, step), _do(memory, step)
                    assert found == right, f"broken promise: {StreamCases.promise}. Step {number} of {steps} went wrong"

        same()

    def test_a_stream_says_that_it_can_be_read_and_searched(self, lake: Lake) -> None:
        lake.put("file", b"tea")
        with lake.open("file") as file:
            says = file.readable(), file.seekable()
            assert says == (True, True), (
                f"broken promise: a stream says that it is readable and seekable. It says {says}"
            )
            assert bytes(file.read(2)) == b"te"
        assert file.closed, "broken promise: a stream is closed when its context ends"

    def test_two_streams_of_a_file_have_places_of_their_own(self, lake: Lake) -> None:
        lake.put("file", b"abcdef")
        with lake.open("file") as one, lake.open("file") as other:
            found = [one.read(2), other.read(3), one.read(2), other.read(3)]
        right = [b"ab", b"abc", b"cd", b"def"]
        assert found == right, f"broken promise: two streams of one file do not disturb each other. They read {found}"

    def test_there_is_no_stream_of_nothing(self, lake: Lake) -> None:
        with pytest.raises(FileNotFoundError), lake.open("nothing") as file:
            file.read()


def _do(file: BinaryIO, step: tuple[str, ...]) -> object:
    name, *arguments = step
    return getattr(file, name)(*arguments)
