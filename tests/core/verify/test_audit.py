"""A file store finds every file that is missing, altered or strange, and names it."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from hygge_core import Table, TableRun
from hygge_core.lakes.local import LocalLake
from hygge_core.schema import columns_of
from hygge_core.staging.layout import FolderLayout
from hygge_core.staging.options import FileOptions
from hygge_core.staging.store import FileStore
from hygge_core.testing import publish


FRAME = pl.DataFrame({"id": range(100), "name": [f"row {n}" for n in range(100)]})
TABLE = Table(name="teas", flow="shop", columns=columns_of(FRAME.schema))
RUN = TableRun(id="r1", flow="shop", entity="teas", started=datetime(2026, 11, 20, tzinfo=UTC))


@pytest.fixture
def audited(tmp_path):
    """A table of two files, with its folder and a way to audit it."""
    store = FileStore(LocalLake(tmp_path), path="{entity}", layout=FolderLayout(), options=FileOptions())
    parts = publish(store, TABLE, RUN, [[FRAME[:60]], [FRAME[60:]]]).record.parts
    yield lambda deep=True: list(store.audit(TABLE, parts, deep=deep)), sorted((tmp_path / "teas").iterdir())
    store.close()


def test_a_table_as_it_was_committed_has_no_faults(audited):
    audit, _ = audited
    assert audit() == []


def test_a_missing_file_is_named_with_its_rows(audited):
    audit, (first, _) = audited
    first.unlink()
    assert audit(deep=False) == [f"{first} is missing; 60 rows were committed in it"]


def test_a_renamed_file_is_missing_under_one_name_and_strange_under_the_other(audited):
    audit, (_, second) = audited
    other = second.rename(second.with_name("renamed.parquet"))
    assert audit(deep=False) == [
        f"{second} is missing; 40 rows were committed in it",
        f"{other} is no file that hygge committed, and readers read it",
    ]


def test_a_file_of_another_size_is_named(audited):
    audit, (first, _) = audited
    data = first.read_bytes()
    first.write_bytes(data[:-1])
    (fault,) = audit(deep=False)
    assert fault.startswith(f"{first} holds {len(data) - 1:,} bytes, {len(data):,} were committed")


def test_a_flipped_bit_is_found_when_every_byte_is_compared(audited):
    audit, (first, _) = audited
    data = bytearray(first.read_bytes())
    data[len(data) // 2] ^= 1
    first.write_bytes(data)
    assert audit(deep=False) == []
    assert audit() == [f"{first} holds other bytes than were committed; 60 rows were committed in it"]


def test_files_that_readers_skip_are_not_strange(audited):
    audit, (first, _) = audited
    (first.parent / ".hidden.parquet").write_bytes(b"")
    (first.parent / "_SUCCESS").write_bytes(b"")
    assert audit() == []


def test_a_commit_that_has_not_ended_is_told(audited, tmp_path):
    audit, _ = audited
    (record,) = (tmp_path / "_hygge" / "teas" / "commits").iterdir()
    (tmp_path / "_hygge" / "teas" / "pending.json").write_bytes(record.read_bytes())
    assert audit() == ["the commit of run r1 has begun and not ended; the next run finishes it"]
