"""Random sequences of operations, done by a lake and by a dictionary, whose answers must agree."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, TypeAlias

from attrs import frozen
from hypothesis import strategies as st

from hygge_core.testing.lake_model import MISSING, REFUSED, SKIPPED, TAKEN, Model


if TYPE_CHECKING:
    from hygge_core.lake import Entry, Lake


Step: TypeAlias = "tuple[str, *tuple[str | bytes | bool, ...]]"
"""An operation of the model and its arguments."""

_NAMES = ["a", "b", "a-b", "c%2Fd e", "ü"]
_PATHS = st.lists(st.sampled_from(_NAMES), min_size=1, max_size=3).map("/".join)
_DATA = st.binary(max_size=40) | st.sampled_from([b"", b"x" * 70_000])
_STEPS = st.one_of(
    st.tuples(st.just("put"), _PATHS, _DATA, st.booleans()),
    st.tuples(st.just("create"), _PATHS, _DATA),
    st.tuples(st.just("create_and_fail"), _PATHS, _DATA),
    st.tuples(st.just("read"), _PATHS),
    st.tuples(st.just("stat"), _PATHS),
    st.tuples(st.just("list"), _PATHS, st.booleans()),
    st.tuples(st.just("make_directory"), _PATHS),
    st.tuples(st.just("rename"), _PATHS, _PATHS, st.booleans()),
    st.tuples(st.just("rename"), _PATHS, _PATHS, st.booleans()),
    st.tuples(st.just("rename_directory"), _PATHS, _PATHS),
    st.tuples(st.just("delete"), _PATHS),
    st.tuples(st.just("delete_directory"), _PATHS),
)
SEQUENCES: st.SearchStrategy[list[Step]] = st.lists(_STEPS, min_size=4, max_size=12)
"""Hypothesis's strategy for sequences; `follow` does them."""
_NUMBERS = count()


def follow(lake: Lake, sequence: list[Step]) -> None:
    """Do what the sequence says in a new folder, and hold every answer and the end against the model."""
    model, doing = Model(implied=not lake.abilities.directories), _Doing(lake=lake, top=f"sequence-{next(_NUMBERS)}")
    for number, (operation, *arguments) in enumerate(sequence):
        expected = getattr(model, operation)(*arguments)
        if expected == {SKIPPED}:
            continue
        found = _outcome(doing, operation, *arguments)
        agrees = found in expected if isinstance(expected, set) else found == expected
        assert agrees, (
            f"broken promise: a lake does what a dictionary would. Step {number} of these, {operation}, gave {found!r},"
            f" not {expected!r}:\n{sequence}"
        )
    _compare(model, doing, sequence)
    lake.delete_directory(doing.top)


def _compare(model: Model, doing: _Doing, sequence: list[Step]) -> None:
    """Look at everything that is there in the end."""
    tops = sorted({name.split("/")[0] for name in (*model.files, *model.folders)})
    found = [(name, doing.list(name, recursive=True)) for name in doing.tops()]
    right = [(name, model.list(name, recursive=True)) for name in tops]
    assert found == right, (
        f"broken promise: a lake does what a dictionary would. In the end there is {found}, not {right}:\n{sequence}"
    )
    for path, data in model.files.items():
        assert doing.read(path) == data, f"broken promise: {path!r} holds other bytes in the end:\n{sequence}"


@frozen(kw_only=True)
class _Doing:
    """The operations of the model, on a real lake and below a folder of their own."""

    lake: Lake
    top: str

    def tops(self) -> list[str]:
        return [entry.path.removeprefix(f"{self.top}/") for entry in self.lake.list(self.top)]

    def put(self, path: str, data: bytes, if_absent: bool) -> None:  # noqa: FBT001 - a step's arguments
        self.lake.put(self._at(path), data, if_absent=if_absent)

    def create(self, path: str, data: bytes) -> None:
        with self.lake.create(self._at(path)) as file:
            file.write(data)

    def create_and_fail(self, path: str, data: bytes) -> None:
        with self.lake.create(self._at(path)) as file:
            file.write(data)
            raise BrokenPipeError

    def read(self, path: str) -> bytes:
        whole = self.lake.read(self._at(path))
        with self.lake.open(self._at(path)) as file:
            streamed = file.read()
        assert streamed == whole, "broken promise: a file is the same read whole and as a stream"
        return whole

    def stat(self, path: str) -> object:
        found = self.lake.stat(self._at(path))
        return _kind_and_size(found) if found else "nothing"

    def list(self, path: str, recursive: bool) -> list[object]:  # noqa: FBT001 - a step's arguments
        entries = self.lake.list(self._at(path), recursive=recursive)
        return [(entry.path.removeprefix(f"{self.top}/"), _kind_and_size(entry)) for entry in entries]

    def make_directory(self, path: str) -> None:
        self.lake.make_directory(self._at(path))

    def rename(self, source: str, target: str, replace: bool) -> None:  # noqa: FBT001 - a step's arguments
        self.lake.rename(self._at(source), self._at(target), replace=replace)

    def rename_directory(self, source: str, target: str) -> None:
        self.lake.rename_directory(self._at(source), self._at(target))

    def delete(self, path: str) -> None:
        self.lake.delete(self._at(path))

    def delete_directory(self, path: str) -> None:
        self.lake.delete_directory(self._at(path))

    def _at(self, path: str) -> str:
        return f"{self.top}/{path}"


def _kind_and_size(entry: Entry) -> tuple[str, int]:
    return "folder" if entry.is_directory else "file", entry.size


def _outcome(doing: _Doing, operation: str, *arguments: str | bytes | bool) -> object:
    try:
        return getattr(doing, operation)(*arguments)
    except FileNotFoundError:
        return MISSING
    except FileExistsError:
        return TAKEN
    except OSError:
        return REFUSED
