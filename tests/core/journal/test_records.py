"""A record comes back as it was written, in the order of time, whatever else lies in the folder."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import attrs
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from core.journal.entries import START, a_journal, a_record, files_of
from hygge_core import UsageError
from hygge_core.journal import Journal, JournalRecord
from hygge_core.journal.frame import SCHEMA, write_frame
from hygge_core.journal.identity import Clock, id_of_commit, moment_of, new_id
from hygge_core.journal.lines import decode, encode
from hygge_core.lakes.local import LocalLake


MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(9999, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
TYPES = {"str": st.text(), "int": st.integers(0, 2**63 - 1), "bool": st.booleans(), "datetime": MOMENTS}
TYPES["float"] = st.floats(0, 1e9)
RECORDS = st.builds(JournalRecord, **{field.name: TYPES[field.type] for field in attrs.fields(JournalRecord)})


@given(RECORDS)
def test_a_record_comes_back_as_it_was_written(record):
    line = encode(record)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert decode(line) == record


@given(st.lists(RECORDS, max_size=5))
def test_any_reader_of_json_lines_finds_the_same_types(tmp_path_factory, records):
    file = tmp_path_factory.mktemp("lines") / "all.ndjson"
    file.write_bytes(b"".join(map(encode, records)))
    if records:
        assert pl.read_ndjson(file).schema == pl.Schema(
            {name: pl.String() if isinstance(dtype, pl.Datetime) else dtype for name, dtype in SCHEMA.items()}
        )


def test_a_text_that_is_no_unicode_is_written_all_the_same():
    assert decode(encode(a_record(message="file \udcff"))).message == "file ?"


def test_times_are_written_in_utc():
    east = timezone(timedelta(hours=5))
    line = json.loads(encode(a_record(started=datetime(2026, 1, 1, 3, tzinfo=east))))
    assert line["started"] == "2025-12-31T22:00:00.000000Z"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"rows": "7"}, "rows is '7', not int"),
        ({"rows": True}, "rows is True, not int"),
        ({"rebuilt": 1}, "rebuilt is 1, not bool"),
        ({"started": None}, "started is None, not a moment in UTC"),
        ({"started": "2026-01-01T00:00:00"}, "not a moment in UTC"),
        ({"started": "soon"}, "soon"),
        ({"message": None}, "message is None, not str"),
    ],
)
def test_a_value_of_the_wrong_type_is_no_record(change, fault):
    line = json.dumps({**json.loads(encode(a_record(id="1"))), **change}).encode()
    with pytest.raises(ValueError, match=fault):
        decode(line)


@pytest.mark.parametrize("line", [b"[]", b"{}", b'"id"', b"{", b"\xff", b"null", b"1"])
def test_what_is_not_a_whole_record_is_none(line):
    with pytest.raises(ValueError):  # noqa: PT011 - any reason will do
        decode(line)


def test_what_a_newer_version_added_is_passed_over():
    line = json.dumps({**json.loads(encode(a_record(id="1"))), "mood": "warm", "version": 2}).encode()
    assert decode(line) == a_record(id="1", version=2)


def test_what_an_older_version_lacked_has_its_default():
    line = {key: value for key, value in json.loads(encode(a_record(id="1"))).items() if key not in ("by", "low")}
    assert decode(json.dumps(line).encode()) == a_record(id="1")


def test_records_come_in_the_order_in_which_they_were_appended(tmp_path):
    journal = a_journal(tmp_path)
    appended = [journal.append(a_record(number)) for number in range(50)]
    assert list(journal.records()) == appended
    assert [record.rows for record in a_journal(tmp_path).records()] == list(range(50))


@pytest.mark.parametrize("steps", [[0] * 5, [0, -3600, -1, 5, -9], [0, 1, 2, 3, 4]], ids=["still", "back", "forward"])
def test_moments_go_forward_whatever_the_clock_does(steps):
    times = iter([START + timedelta(seconds=step) for step in steps])
    clock = Clock(now=lambda: next(times))
    moments = [clock.tick() for _ in steps]
    assert moments == sorted(set(moments))
    assert moments[0] == START


def test_ids_sort_by_time_and_tell_it():
    before, ids, after = datetime.now(UTC), [new_id() for _ in range(1000)], datetime.now(UTC)
    assert ids == sorted(set(ids))
    assert before <= moment_of(ids[0])
    assert moment_of(ids[-1]) <= after + timedelta(milliseconds=1)
    assert moment_of("no id") is None


def test_a_commit_has_one_id():
    assert id_of_commit(START, "run", "a", "b", 1) == id_of_commit(START, "run", "a", "b", 1)
    assert id_of_commit(START, "run", "a", "b", 1) != id_of_commit(START, "run", "a", "b", 2)
    assert moment_of(id_of_commit(START, "run", "a", "b", 1)) == START


def test_a_record_that_is_there_already_is_left_as_it_is(tmp_path):
    journal = a_journal(tmp_path)
    journal.append(a_record(1, id="same"))
    journal.append(a_record(2, id="same"))
    assert [record.rows for record in journal.records()] == [1]


def test_an_id_that_is_taken_is_not_used_again(tmp_path):
    class Crowded(LocalLake):
        taken = 2

        def put_soon(self, path, data):
            if self.taken:
                self.taken -= 1
                super().put(path, encode(a_record(0, id="other")))
            super().put_soon(path, data)

    written = Journal(Crowded(tmp_path)).append(a_record(7))
    assert len(files_of(tmp_path, "records")) == 3
    assert (tmp_path / "records" / f"{written.id}.ndjson").read_bytes() == encode(written)


def test_a_lake_that_cannot_defer_keeps_a_journal_too(tmp_path):
    class Strict:
        """A lake with the twelve operations that every lake has."""

        def __init__(self, root):
            lake = LocalLake(root)
            for name in ("url", "put", "create", "read", "open", "stat", "list", "delete", "lease"):
                setattr(self, name, getattr(lake, name))

    journal = Journal(Strict(tmp_path))
    appended = [journal.append(a_record(number)) for number in range(3)]
    journal.append(appended[0])
    assert journal.compact().files == 3
    assert list(journal.records()) == appended
    assert files_of(tmp_path, "records") == []


def test_a_file_in_the_place_of_the_journal_is_an_error(tmp_path):
    (tmp_path / "journal").write_text("a file", "utf-8")
    with pytest.raises(OSError, match="journal"):
        a_journal(tmp_path / "journal").append(a_record(1))


def test_records_are_chosen_by_flow_entity_and_time(tmp_path):
    journal = a_journal(tmp_path)
    for number, (flow, entity) in enumerate([("a", "x"), ("a", "y"), ("b", "x")]):
        journal.append(a_record(number, flow=flow, entity=entity, started=START + timedelta(hours=number)))
    assert [record.rows for record in journal.records(flow="a")] == [0, 1]
    assert [record.rows for record in journal.records(entity="x")] == [0, 2]
    assert [record.rows for record in journal.records(flow="b", entity="y")] == []
    assert [record.rows for record in journal.records(since=START + timedelta(hours=1))] == [1, 2]


def test_a_journal_that_is_not_there_is_empty(tmp_path):
    journal = a_journal(tmp_path / "nowhere")
    assert list(journal.records()) == []
    assert journal.frame().schema == SCHEMA
    assert journal.tidy().files == 0
    assert not (tmp_path / "nowhere").exists()


def test_a_journal_may_be_a_folder_of_a_lake(tmp_path):
    journal = Journal(LocalLake(tmp_path), "deep/journal")
    journal.append(a_record(1))
    journal.append(a_record(2))
    journal.compact()
    journal.append(a_record(3))
    assert [record.rows for record in journal.records()] == [1, 2, 3]
    assert journal.location == str(tmp_path / "deep" / "journal")
    assert [path.name for path in tmp_path.iterdir()] == ["deep"]


def test_secrets_do_not_reach_the_files(tmp_path):
    journal = Journal(LocalLake(tmp_path), redact=lambda text: text.replace("hunter2", "***"))
    journal.append(a_record(message="hunter2 was refused", source="sql://hunter2@server", target="hunter2"))
    (file,) = (tmp_path / "records").iterdir()
    assert "hunter2" not in file.read_text("utf-8")
    assert next(journal.records()).source == "sql://***@server"


def test_files_that_are_not_whole_are_named_and_the_rest_is_read(tmp_path):
    told = []
    journal = Journal(LocalLake(tmp_path), tell=told.append)
    for number in range(3):
        journal.append(a_record(number))
    journal.compact()
    journal.append(a_record(3))
    whole = encode(a_record(9, id="whole"))
    (tmp_path / "records" / "torn.ndjson").write_bytes(whole + whole[:40])
    (tmp_path / "records" / "empty.ndjson").write_bytes(b"")
    (tmp_path / "segments" / "foreign.ndjson").write_bytes(b'{"id": 1}\n')
    (tmp_path / "segments" / "letter.txt").write_text("dear journal", "utf-8")
    assert [record.rows for record in journal.records()] == [0, 1, 2, 3, 9]
    assert [text.partition(": line ")[0] for text in told] == [
        str(tmp_path / "records" / "torn.ndjson"),
        str(tmp_path / "segments" / "foreign.ndjson"),
    ]
    assert all("rebuild" in text for text in told)


def test_faults_are_logged_unless_somebody_listens(tmp_path, caplog):
    journal = Journal(LocalLake(tmp_path))
    journal.append(a_record(1))
    (tmp_path / "records" / "torn.ndjson").write_bytes(b"{")
    assert [record.rows for record in journal.records()] == [1]
    assert "torn.ndjson" in caplog.text


def test_a_file_that_may_not_be_read_is_named(tmp_path):
    class Guarded(LocalLake):
        def read(self, path):
            if first.id in path:
                raise PermissionError(13, "Permission denied", path)
            return super().read(path)

    told = []
    journal = Journal(Guarded(tmp_path), tell=told.append)
    first = journal.append(a_record(1))
    journal.append(a_record(2))
    assert [record.rows for record in journal.records()] == [2]
    assert f"{first.id}.ndjson: cannot be read" in told[0]


def test_the_original_of_a_rebuilt_record_is_the_one_that_counts(tmp_path):
    journal = a_journal(tmp_path)
    journal.append(a_record(1, sequence=5, rebuilt=True))
    journal.append(a_record(2, sequence=6, rebuilt=True))
    journal.append(a_record(1, sequence=5, message="the original"))
    assert [(record.rows, record.rebuilt) for record in journal.records()] == [(2, True), (1, False)]


def test_the_frame_holds_what_the_records_say(tmp_path):
    journal = a_journal(tmp_path)
    journal.append(a_record(1, seconds=2, watermark="7", watermark_dtype="int64"))
    journal.compact()
    journal.append(a_record(2, message="Tee, 茶\n"))
    frame = journal.frame()
    assert frame.schema == SCHEMA
    assert frame.rows(named=True) == [attrs.asdict(record) for record in journal.records()]
    assert frame.null_count().sum_horizontal().item() == 0


def test_plain_polars_reads_the_folder_as_one_table(tmp_path):
    journal = a_journal(tmp_path)
    for number in range(3):
        journal.append(a_record(number, watermark="7" * number))
    journal.compact()
    journal.append(a_record(4, watermark="x"))
    plain = pl.read_ndjson(tmp_path / "*" / "*.ndjson").unique("id").sort("id")
    times = pl.col("started", "finished").str.to_datetime("%+", time_unit="us", time_zone="UTC")
    assert_frame_equal(plain.with_columns(times), journal.frame())


@pytest.mark.parametrize(("suffix", "read"), [("parquet", pl.read_parquet), ("ndjson", pl.read_ndjson), ("csv", None)])
def test_the_frame_is_written_in_the_format_of_the_suffix(tmp_path, suffix, read):
    journal = a_journal(tmp_path / "journal")
    journal.append(a_record(1, message="a, b"))
    file = tmp_path / f"out.{suffix}"
    write_frame(journal.frame(), file)
    found = (read or (lambda path: pl.read_csv(path, try_parse_dates=True)))(file)
    assert found["message"].to_list() == ["a, b"]
    assert found.columns == list(SCHEMA)


@pytest.mark.parametrize("name", ["out", "out.xlsx"])
def test_a_suffix_without_a_format_is_refused(tmp_path, name):
    with pytest.raises(UsageError, match=r"name a file that ends in \.parquet, \.csv, \.ndjson"):
        write_frame(pl.DataFrame(), tmp_path / name)
    assert files_of(tmp_path, ".") == []
