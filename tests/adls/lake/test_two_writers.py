"""Two writers of one table, one of whom stalls for longer than its lease lasts: they never mix, and none is lost."""

from __future__ import annotations

import io
import itertools
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import polars as pl
import pytest

from hygge_core import HyggeError, Table, TableRun
from hygge_core.schema import columns_of
from hygge_core.staging.layout import FileLayout, FolderLayout, RunsLayout
from hygge_core.staging.options import FileOptions
from hygge_core.staging.store import FileStore
from hygge_core.testing.publish import publish
from hygge_store_adls.testing import DfsServer, Fault


NUMBERS = itertools.count()
LAYOUTS = {"folder": FolderLayout(), "runs": RunsLayout(), "file": FileLayout()}


def frame_of(word):
    return pl.DataFrame({"id": range(20), "text": [word] * 20})


def move(store, word):
    frame = frame_of(word)
    table = Table(name="teas", flow="shop", mode="replace", columns=columns_of(frame.schema))
    run = TableRun(id=f"{word}-{next(NUMBERS):05d}", flow="shop", entity="teas", started=datetime.now(UTC))
    return publish(store, table, run, [[frame]])


def words(lake):
    """Read the table as a stranger would, file by file."""
    entries = [entry for entry in lake.list("", recursive=True) if entry.path.split("/")[0] == "teas"]
    frames = [pl.read_parquet(io.BytesIO(lake.read(entry.path))) for entry in entries if not entry.is_directory]
    return sorted(pl.concat(frames)["text"].to_list()) if frames else []


@pytest.mark.parametrize(
    "layout", ["folder", pytest.param("runs", marks=pytest.mark.slow), pytest.param("file", marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("kind", ["tree", pytest.param("flat", marks=pytest.mark.slow)])
def test_a_writer_that_stalls_at_any_request_never_mixes_with_the_next(kind, layout, open_on):
    for stalled_at in itertools.count():
        with DfsServer(hierarchical=kind == "tree") as server, ThreadPoolExecutor(1) as threads:
            lakes = [open_on(server, hierarchical=kind == "tree") for _ in range(2)]
            one, other = [FileStore(lake, path="teas", layout=LAYOUTS[layout], options=FileOptions()) for lake in lakes]
            move(one, "old")
            one.close()
            server.arm(Fault(match="*", mutating=True, what="hold", skip=stalled_at, times=1))
            slow = threads.submit(move, one, "slow")
            if not server.service.gate.wait_held(seconds=3 if stalled_at > 6 else 30):
                slow.result(timeout=60)
                break
            server.clock.advance(61)
            move(other, "quick")
            other.close()  # so that all of it is swept
            server.service.gate.release()
            outcome = slow.exception(timeout=60)
            server.disarm()
            server.clock.advance(61)
            other.recover(Table(name="teas"))
            assert outcome is None or isinstance(outcome, HyggeError), f"stalled at change {stalled_at}: {outcome!r}"
            expected = ["quick"] * 20 if outcome is not None else ["slow"] * 20
            assert words(lakes[1]) in (["quick"] * 20, expected), f"stalled at change {stalled_at}"
            move(other, "after")
            assert words(lakes[1]) == ["after"] * 20
            one.close()
            other.close()
    assert stalled_at > 4
