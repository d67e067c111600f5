"""Homes of files read from a storage account: Polars where the files lie, everything else by way of the lake."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import polars as pl
import pytest

from hygge_core import HomeError, HomeUnavailable, Retryable, Secret
from hygge_core.home import ReadRequest
from hygge_core.mark import Mark, Range
from hygge_core.plugin import Context
from hygge_home_files.plugin import hygge_homes
from hygge_store_adls.config import AdlsConnection
from hygge_store_adls.plugin import open_adls_connection
from hygge_store_adls.testing import DfsServer, Fault


TYPES = {home.name: home for home in hygge_homes()}


@pytest.fixture(params=[True, False], ids=["hierarchical", "flat"])
def server(request):
    with DfsServer(hierarchical=request.param) as served:
        yield served


@pytest.fixture
def connection(server, tmp_path):
    settings = AdlsConnection(
        endpoint=server.url,
        account=server.account,
        container=server.container,
        credential="account_key",
        account_key=Secret(server.key),
    )
    opened = open_adls_connection(settings, _context(tmp_path, None))
    yield opened
    opened.close()


def _context(project, connections):
    return Context(project=project, connections=connections, memory=64 << 20, log=None)


@pytest.fixture
def home(connection, tmp_path):
    class Connections:
        def get(self, name):
            return {"lake": connection}[name]

    def opened(kind, path, **settings):
        return TYPES[kind].open(
            TYPES[kind].config(path=path, connection="lake", **settings), _context(tmp_path, Connections())
        )

    return opened


@pytest.fixture
def read(home):
    readings = []

    def reading(kind, path, entity="e", span=None, **settings):
        readings.append(home(kind, path, **settings).read(ReadRequest(entity=entity, flow="f", range=span)))
        return readings[-1]

    yield reading
    for opened in readings:
        opened.close()


@pytest.fixture
def put(connection):
    def write(**files):
        lake = connection.lake("")
        for name, content in files.items():
            lake.put(name, content if isinstance(content, bytes) else content.encode())

    return lambda files: write(**files)


def parquet(frame, **options):
    target = io.BytesIO()
    frame.write_parquet(target, **options)
    return target.getvalue()


def numbers(*values):
    return parquet(pl.DataFrame({"a": values}))


def rows(reading):
    frame = reading.scan().collect(engine="streaming")
    reading.check()
    assert pl.concat([reading.schema.to_frame(), *reading.batches()]).equals(frame)
    assert reading.rows() == frame.height
    return frame


def test_parquet_is_scanned_where_it_lies(read, put):
    put({"in/a/1.parquet": numbers(1, 2), "in/a/2.parquet": numbers(3), "in/_hygge/x.parquet": b"no"})
    for path in ("in/a", "in/{entity}", "in/*/*.parquet", "**/*.parquet"):
        assert rows(read("parquet", path, entity="a")).to_series().to_list() == [1, 2, 3]
    assert rows(read("parquet", "in/a/2.parquet")).to_series().to_list() == [3]


def test_an_address_is_a_path_too(read, put, connection):
    put({"in/a.parquet": numbers(7)})
    assert rows(read("parquet", connection.lake("").url("in/a.parquet"))).item() == 7


@pytest.mark.parametrize(
    "name", ["a[1]", "we ird", "per%cent", "per%20cent", "a#b", "a?b", "{b}", "q'uo", "é😀", "a+b"]
)
@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_names_are_literal(read, put, kind, name):
    mine = numbers(7) if kind == "parquet" else b"a\n7\n"
    put({f"in/{name}.{kind}": mine, f"in/a1.{kind}": b"decoy"})
    assert rows(read(kind, "in/{entity}." + kind, entity=name)).item() == 7


def test_only_what_is_asked_for_is_fetched(read, put, server):
    wide = pl.DataFrame({"id": range(200_000)}).with_columns(
        *(pl.col("id").hash(seed).alias(f"noise_{seed}") for seed in range(8))
    )
    data = parquet(wide, row_group_size=20_000, compression="uncompressed")
    put({"in.parquet": data})
    reading = read("parquet", "in.parquet", span=Range(column="id", low=Mark(dtype="int64", text="190000")))
    assert reading.high() == Mark(dtype="int64", text="199999")
    before = sum(seen.sent for seen in server.requests)
    found = reading.scan().filter(pl.col("id") >= 190_000).select("id", "noise_0").collect(engine="streaming")
    assert found.height == 10_000
    assert sum(seen.sent for seen in server.requests) - before < len(data) // 10


def test_texts_are_fetched_once(read, put, server):
    data = b"id,name\n" + b"".join(b"%d,tea %d\n" % (number, number) for number in range(50_000))
    put({"in.csv": data, "in.csv.gz": gzip.compress(data)})
    for name in ("in.csv", "in.csv.gz"):
        assert rows(read("csv", name)).height == 50_000
    assert sum(seen.sent for seen in server.requests if seen.operation == "read" and seen.path.endswith(".csv")) == len(
        data
    )


def test_lines_and_bad_rows_are_named_by_address(read, put, connection):
    put({"in.ndjson": '{"a": 1}\nnonsense\n'})
    with pytest.raises(HomeError) as caught:
        read("ndjson", "in.ndjson")
    assert str(caught.value).startswith(f"{connection.lake('').url('in.ndjson')}:2: ")


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_a_file_that_changes_while_it_is_read_may_be_tried_again(read, put, kind):
    one, other = (numbers(1), numbers(2)) if kind == "parquet" else (b"a\n1\n", b"a\n2\n")
    assert len(one) == len(other)
    put({"in": one})
    reading = read(kind, "in")
    put({"in": other})
    with pytest.raises(HomeUnavailable, match="the file was written to while it was read"):
        reading.check()
    with pytest.raises(HomeUnavailable, match="was written to"):
        list(reading.batches())


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        (Fault(match="read *", what="status", status=403, code="AuthorizationFailure", times=None), HomeError),
        pytest.param(Fault(match="read *", what="drop", times=None), HomeUnavailable, marks=pytest.mark.slow),
        pytest.param(Fault(match="read *", what="status", times=None), HomeUnavailable, marks=pytest.mark.slow),
    ],
)
def test_what_polars_cannot_fetch_is_no_damage(read, put, server, what, kind):
    put({"in.parquet": parquet(pl.DataFrame({"a": range(1000)}))})
    reading = read("parquet", "in.parquet")
    server.arm(what)
    with pytest.raises(OSError, match="object-store error") as caught:
        reading.scan().collect(engine="streaming")
    explained = reading.explain(caught.value)
    assert type(explained) is kind
    assert "damaged" not in str(explained)
    assert "POLARS" not in str(explained)


def test_what_polars_may_not_look_at_is_no_damage_either(read, put, server):
    put({"in.parquet": numbers(1, 2)})
    server.arm(Fault(match="read *", what="status", status=403, code="AuthorizationFailure", skip=1, times=None))
    with pytest.raises(HomeError, match="let the connection's identity read there") as caught:
        read("parquet", "in.parquet")
    assert "damaged" not in str(caught.value)


def test_a_service_that_lets_nobody_in_any_more_is_an_error_that_stays(read, put, server):
    put({"in.parquet": parquet(pl.DataFrame({"a": range(1000)}))})
    reading = read("parquet", "in.parquet")
    server.arm(Fault(match="*in.parquet", what="status", status=403, code="AuthorizationFailure", times=None))
    with pytest.raises(HomeError) as caught:
        list(reading.batches())
    assert "AuthorizationFailure" in str(caught.value)
    assert not isinstance(caught.value, Retryable)
    assert server.key not in str(caught.value)


def test_an_address_elsewhere_is_refused(home):
    with pytest.raises(HomeError, match="the connection leads to"):
        home("parquet", "abfss://lake@other.dfs.core.windows.net/in")


def test_entities_are_discovered_and_probed(home, put):
    put({"in/teas/1.csv": "a\n1\n", "in/cups/1.csv": "a\n1\n", "in/_x/1.csv": "a\n1\n", "in/none/x.txt": "a"})
    files = home("csv", "in/{entity}")
    assert sorted(files.discover()) == ["cups", "teas"]
    found = list(files.probe("teas"))
    assert [finding.ok for finding in found] == [True, True]
    assert "1 file, 4 bytes" in found[0].what


def test_an_empty_lake_is_an_error_that_says_what_was_looked_for(home, connection):
    with pytest.raises(HomeError, match="no file has this name or matches it") as caught:
        home("csv", "in/{entity}/*.csv").read(ReadRequest(entity="teas"))
    assert caught.value.where == connection.lake("").url("in/teas/*.csv")
    assert Path(caught.value.where).name == "*.csv"
