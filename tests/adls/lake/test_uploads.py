"""Large files go up in blocks, beside the writing, within a bound, and are seen whole or not at all."""

from __future__ import annotations

import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import pytest

from adls.lake.conftest import asked
from hygge_store_adls.lake.uploads import BLOCK
from hygge_store_adls.testing import DfsServer, Fault, Limits


SIZES = [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 3 * BLOCK + 7]


def some_bytes(size):
    pattern = bytes(range(251))
    return (pattern * (size // len(pattern) + 1))[:size]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("step", [1_000_003, 20 << 20])
def test_what_was_written_is_there_whatever_its_size(lake, size, step):
    data = some_bytes(size)
    with lake.create("new/file") as file:
        for start in range(0, size, step):
            assert file.write(memoryview(data)[start : start + step]) == len(data[start : start + step])
        assert file.tell() == size
    assert lake.stat("new/file").size == size
    with lake.open("new/file") as found:
        assert found.read() == data


def test_a_small_file_is_one_request(server, lake):
    with asked(server, lake) as requests, lake.create("small") as file:
        for _ in range(100):
            file.write(b"tea")
    assert [seen.operation for seen in requests] == ["put_blob"]


@pytest.mark.parametrize("size", [10, 2 * BLOCK + 10])
def test_nobody_sees_a_file_before_it_is_whole(lake, size):
    with lake.create("file") as file:
        file.write(some_bytes(size))
        assert lake.stat("file") is None
        assert list(lake.list("")) == []
    assert lake.stat("file").size == size


@pytest.mark.parametrize("size", [10, 2 * BLOCK + 10])
def test_a_file_that_is_given_up_leaves_nothing(lake, size):

    def give_up():
        with lake.create("file") as file:
            file.write(some_bytes(size))
            raise KeyError

    with pytest.raises(KeyError):
        give_up()
    assert lake.stat("file") is None
    with lake.create("file") as file:
        file.write(b"tea")
    assert lake.read("file") == b"tea"


@pytest.mark.parametrize("size", [10, 2 * BLOCK + 10])
def test_a_taken_name_is_refused_and_keeps_what_it_holds(lake, size):
    lake.put("file", b"old")
    with pytest.raises(FileExistsError), lake.create("file") as file:
        file.write(some_bytes(size))
    assert lake.read("file") == b"old"


@pytest.mark.parametrize("size", [10, 2 * BLOCK + 10])
def test_of_many_that_write_one_name_a_single_one_wins_and_none_mixes(lake, size):
    start = threading.Barrier(6)

    def write(number):
        try:
            with lake.create("file") as file:
                start.wait(timeout=30)
                file.write(bytes([number]) * size)
        except OSError:
            return None
        return number

    with ThreadPoolExecutor(6) as threads:
        (winner,) = [number for number in threads.map(write, range(6)) if number is not None]
    with lake.open("file") as found:
        assert found.read() == bytes([winner]) * size


def test_a_block_that_cannot_be_sent_ends_the_writing(server, open_on):
    lake = open_on(server, attempts=2)
    server.arm(Fault(match="put_block *", times=None))

    def write():
        with lake.create("file") as file:
            for _ in range(50):
                file.write(bytes(BLOCK))

    with pytest.raises(OSError, match="503 ServerBusy"):
        write()
    server.disarm()
    assert lake.stat("file") is None


def test_an_error_while_others_are_under_way_waits_for_them(server, lake):
    server.arm(Fault(match="put_block *", what="delay", seconds=0.3, times=None))

    def fail():
        with lake.create("file") as file:
            file.write(bytes(4 * BLOCK))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with lake.create("file") as file:
        file.write(bytes(4 * BLOCK))
    assert lake.stat("file").size == 4 * BLOCK


def test_300_megabytes_stay_within_the_bound(open_on):
    with DfsServer(discard=1 << 20) as server:
        lake = open_on(server, hierarchical=True, memory=4 * BLOCK)
        chunk = bytes(3_000_000)
        server.limit(Limits(upload=120e6))  # so that blocks would pile up
        tracemalloc.start()
        try:
            with lake.create("large") as file:
                for _ in range(100):
                    file.write(chunk)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert lake.stat("large").size == 300_000_000
    assert peak < 12 * BLOCK  # four under way, one filling, and what client and server hold of each
