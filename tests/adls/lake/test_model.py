"""Any sequence of operations does the same on the local disk, in both kinds of accounts, and in a dictionary."""

from __future__ import annotations

import itertools
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adls.lake.conftest import opened
from adls.lake.model import MISSING, REFUSED, SKIPPED, TAKEN, Model
from hygge_core.lakes.local import LocalLake
from hygge_store_adls.testing import DfsServer


NAMES = ["a", "b", "a-b", "c%2Fd e", "ü"]
PATHS = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3).map("/".join)
DATA = st.binary(max_size=40) | st.sampled_from([b"", b"x" * 70_000])
OPERATIONS = st.one_of(
    st.tuples(st.just("put"), PATHS, DATA, st.booleans()),
    st.tuples(st.just("create"), PATHS, DATA),
    st.tuples(st.just("create_and_fail"), PATHS, DATA),
    st.tuples(st.just("read"), PATHS),
    st.tuples(st.just("stat"), PATHS),
    st.tuples(st.just("list"), PATHS, st.booleans()),
    st.tuples(st.just("make_directory"), PATHS),
    st.tuples(st.just("rename"), PATHS, PATHS, st.booleans()),
    st.tuples(st.just("rename"), PATHS, PATHS, st.booleans()),
    st.tuples(st.just("rename_directory"), PATHS, PATHS),
    st.tuples(st.just("delete"), PATHS),
    st.tuples(st.just("delete_directory"), PATHS),
)
SEQUENCES = st.lists(OPERATIONS, min_size=4, max_size=12)
RUN = itertools.count()


class Doing:
    """The operations of the model, on a real lake and below a folder of their own."""

    def __init__(self, lake, top):
        self.lake = lake
        self.top = top

    def at(self, path):
        return f"{self.top}/{path}"

    def put(self, path, data, if_absent):
        self.lake.put(self.at(path), data, if_absent=if_absent)

    def create(self, path, data):
        with self.lake.create(self.at(path)) as file:
            file.write(data)

    def create_and_fail(self, path, data):
        with self.lake.create(self.at(path)) as file:
            file.write(data)
            raise BrokenPipeError

    def read(self, path):
        whole = self.lake.read(self.at(path))
        with self.lake.open(self.at(path)) as file:
            assert file.read() == whole
        return whole

    def stat(self, path):
        found = self.lake.stat(self.at(path))
        return ("folder" if found.is_directory else "file", found.size) if found else "nothing"

    def list(self, path, recursive):
        entries = self.lake.list(self.at(path), recursive=recursive)
        return [(one.path[len(self.top) + 1 :], "folder" if one.is_directory else "file", one.size) for one in entries]

    def make_directory(self, path):
        self.lake.make_directory(self.at(path))

    def rename(self, source, target, replace):
        self.lake.rename(self.at(source), self.at(target), replace=replace)

    def rename_directory(self, source, target):
        self.lake.rename_directory(self.at(source), self.at(target))

    def delete(self, path):
        self.lake.delete(self.at(path))

    def delete_directory(self, path):
        self.lake.delete_directory(self.at(path))


def outcome(lake, operation, *arguments):
    try:
        return getattr(lake, operation)(*arguments)
    except FileNotFoundError:
        return MISSING
    except FileExistsError:
        return TAKEN
    except OSError:
        return REFUSED


def tell(lake, sequence, *, implied=False):
    """Do what the sequence says, and hold every answer and the end against the model."""
    model, doing = Model(implied), Doing(lake, f"r{next(RUN)}")
    for number, (operation, *arguments) in enumerate(sequence):
        expected = getattr(model, operation)(*arguments)
        if expected == {SKIPPED}:
            continue
        found = outcome(doing, operation, *arguments)
        agrees = found in expected if isinstance(expected, set) else found == expected
        assert agrees, f"{number}: {operation}{tuple(arguments)} gave {found!r}, not {expected!r}"
    tops = sorted({name.split("/")[0] for name in (*model.files, *model.folders)})
    assert [one.path.split("/")[1] for one in lake.list(doing.top)] == tops
    for top in tops:
        assert doing.list(top, recursive=True) == model.list(top, recursive=True)
    for path, data in model.files.items():
        assert doing.read(path) == data
    lake.delete_directory(doing.top)


QUICK, LONG = 50, 10_000
PATIENT = {"deadline": None, "report_multiple_bugs": False, "suppress_health_check": list(HealthCheck)}


@pytest.fixture(scope="module")
def disk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lake")
    yield LocalLake(folder)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def tree():
    with DfsServer(page_size=3) as server, opened(server, root="top") as lake:
        yield lake


@pytest.fixture(scope="module")
def flat():
    with DfsServer(page_size=3, hierarchical=False) as server, opened(server, root="top") as lake:
        yield lake


@given(sequence=SEQUENCES)
@settings(max_examples=QUICK, **PATIENT)
def test_the_disk_does_what_the_model_says(disk, sequence):
    tell(disk, sequence)


@given(sequence=SEQUENCES)
@settings(max_examples=QUICK, **PATIENT)
def test_an_account_with_folders_does_what_the_model_says(tree, sequence):
    tell(tree, sequence)


@given(sequence=SEQUENCES)
@settings(max_examples=QUICK, **PATIENT)
def test_a_flat_account_does_what_the_model_says(flat, sequence):
    tell(flat, sequence, implied=True)


@pytest.mark.slow
@given(sequence=SEQUENCES)
@settings(max_examples=LONG, **PATIENT)
def test_the_disk_and_azure_do_the_same_in_10000_sequences(disk, tree, flat, sequence):
    tell(disk, sequence)
    tell(tree, sequence)
    tell(flat, sequence, implied=True)
