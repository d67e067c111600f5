"""Homes of files read from the lake of a connection as they do from a local disk."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from pathlib import Path

import polars as pl
import pytest
from attrs import evolve

from hygge_core import HomeError, HomeUnavailable, Retryable, StoreError, StoreUnavailable
from hygge_core.home import ReadRequest
from hygge_core.lakes.local import LocalLake
from hygge_core.mark import Mark, Range
from hygge_core.plugin import Context
from hygge_home_files.plugin import hygge_homes


TYPES = {home.name: home for home in hygge_homes()}


class PondLake(LocalLake):
    """A folder that speaks as a lake does: an address before each path, and a version of each file."""

    broken: Exception | None = None

    def url(self, path):
        return f"pond://here/{path}"

    def stat(self, path):
        self._break()
        return self._versioned(super().stat(path))

    def list(self, path, *, recursive=False):
        self._break()
        yield from map(self._versioned, super().list(path, recursive=recursive))

    def open(self, path):
        self._break()
        return super().open(path)

    def _break(self):
        if self.broken:
            raise self.broken

    def _versioned(self, entry):
        if entry is None:
            return None
        return evolve(entry, version=str(Path(self.local_path(entry.path)).stat().st_mtime_ns))


class Pond:
    """A connection that opens lakes and knows nothing else."""

    def __init__(self, root):
        self.opened = PondLake(root)

    def lake(self, path):
        assert path == "", "homes begin at the root"
        return self.opened

    def close(self):
        """Nothing is held."""


class ClearPond(Pond):
    """One that Polars can read from as well."""

    def url(self, path):
        return self.opened.local_path(path)

    def scan_options(self):
        return {"storage_options": {"key": "pa55word"}}


class Well:
    """A connection without files."""

    def close(self):
        """Nothing is held."""


@pytest.fixture(params=[Pond, ClearPond])
def pond(request, tmp_path):
    return request.param(tmp_path)


@pytest.fixture
def home(tmp_path, pond):
    class Connections:
        def get(self, name):
            return {"pond": pond, "well": Well()}[name]

    def opened(kind, path, connection="pond", **settings):
        context = Context(project=tmp_path / "elsewhere", connections=Connections(), memory=1 << 30, log=None)
        return TYPES[kind].open(TYPES[kind].config(path=path, connection=connection, **settings), context)

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


def column(reading):
    return rows(reading).to_series(0).to_list()


def rows(reading):
    frame = reading.scan().collect(engine="streaming")
    reading.check()
    assert pl.concat([reading.schema.to_frame(), *reading.batches()]).equals(frame)
    assert reading.rows() == frame.height
    return frame


def write(root, files):
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def parquet(*values):
    target = io.BytesIO()
    pl.DataFrame({"a": values}).write_parquet(target)
    return target.getvalue()


CONTENT = {"csv": "a\n{}\n", "ndjson": '{{"a":"{}"}}\n', "parquet": None}


def content(kind, name):
    return CONTENT[kind].format(name) if CONTENT[kind] else parquet(name)


@pytest.mark.parametrize("kind", CONTENT)
def test_a_file_a_folder_and_a_glob_are_found_as_on_a_disk(read, tmp_path, kind):
    names = [f"{stem}.{kind}" for stem in ("t/b", "t/a", "t/c/z", "t/c/d/y", "t/B", "u/one")]
    hidden = [f"{stem}.{kind}" for stem in ("t/_x", "t/.h", "t/_sub/x", "t/.sub/x", "_hygge/s/x")] + ["t/x.txt"]
    write(tmp_path, {name: content(kind, name) for name in names} | dict.fromkeys(hidden, "nonsense"))
    assert column(read(kind, f"u/one.{kind}")) == [f"u/one.{kind}"]
    within = sorted(name for name in names if name.startswith("t/"))
    assert column(read(kind, "t")) == within
    assert column(read(kind, "t/")) == within
    assert column(read(kind, "pond://here/t")) == within
    assert column(read(kind, f"t/*.{kind}")) == [name for name in within if name.count("/") == 1]
    assert column(read(kind, f"t/**/*.{kind}")) == within
    assert column(read(kind, f"**/*.{kind}")) == sorted(names)
    assert column(read(kind, f"t/[ab].{kind}")) == [f"t/a.{kind}", f"t/b.{kind}"]
    assert column(read(kind, f"*/?/?.{kind}")) == [f"t/c/z.{kind}"]
    assert column(read(kind, f"?/one.{kind}")) == [f"u/one.{kind}"]
    assert column(read(kind, f"**/c/*.{kind}")) == [f"t/c/z.{kind}"]
    assert column(read(kind, f"*/c/d/*.{kind}")) == [f"t/c/d/y.{kind}"]
    assert column(read(kind, "t/c/**")) == [f"t/c/d/y.{kind}", f"t/c/z.{kind}"]


@pytest.mark.parametrize("kind", CONTENT)
@pytest.mark.parametrize("name", ["a[1]", "{b}", "we ird %20", "q'uo", "😀", "a#b", "per%cent"])
def test_names_of_entities_are_literal(read, home, tmp_path, kind, name):
    mine = {f"in/{name}.{kind}": content(kind, "mine"), f"deep/{name}/1.{kind}": content(kind, "deep")}
    decoys = {f"in/a1.{kind}": content(kind, "x"), f"deep/a1/1.{kind}": content(kind, "x")}
    write(tmp_path, mine | decoys)
    assert column(read(kind, "in/{entity}." + kind, entity=name)) == ["mine"]
    assert column(read(kind, "deep/{entity}/*." + kind, entity=name)) == ["deep"]
    assert sorted(home(kind, "in/{entity}." + kind).discover()) == sorted({"a1", name})
    assert sorted(home(kind, "deep/{entity}").discover()) == sorted({"a1", name})


def test_a_path_without_a_place_discovers_nothing(home):
    assert list(home("csv", "in/x.csv").discover()) == []


def test_hidden_and_empty_places_are_no_entities(home, tmp_path):
    write(tmp_path, {"in/_x/1.csv": "a\n1\n", "in/empty/x.txt": "", "in/teas/1.csv": "a\n1\n"})
    assert list(home("csv", "in/{entity}").discover()) == ["teas"]


@pytest.mark.parametrize("packed", [".gz", ".zip"])
def test_compressed_texts_are_read(read, tmp_path, packed):
    def zipped(data):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr("x.csv", data)
        return target.getvalue()

    write(tmp_path, {f"in/a.csv{packed}": zipped("a\n7\n") if packed == ".zip" else gzip.compress(b"a\n7\n")})
    assert column(read("csv", "in")) == [7]


def test_errors_name_the_address_and_the_line(read, tmp_path):
    write(
        tmp_path,
        {"in/a.csv": "a,b\n1,2\n1\n", "in/b.parquet": b"PAR1 but no more", "in/c.parquet": "", "in/d.parquet": "x"},
    )
    with pytest.raises(HomeError, match=r"^pond://here/in/a.csv:3: "):
        read("csv", "in/a.csv")
    with pytest.raises(HomeError, match=r"^pond://here/in/b.parquet: the Parquet file is damaged or incomplete"):
        read("parquet", "in/b.parquet")
    with pytest.raises(HomeError, match=r"^pond://here/in/c.parquet: the file is empty"):
        read("parquet", "in/c.parquet")
    with pytest.raises(HomeError, match=r"^pond://here/in/d.parquet: this is not a Parquet file"):
        read("parquet", "in/d.parquet")


@pytest.mark.parametrize("path", ["in/nothing.csv", "in/*.csv", "in/{entity}", "in/**/*.csv"])
def test_no_file_is_an_error_that_says_what_was_looked_for(home, tmp_path, path):
    write(tmp_path, {"in/x.txt": ""})
    looked = path.replace("{entity}", "e")
    with pytest.raises(HomeError, match="no file has this name or matches it; check 'path'; it starts at") as caught:
        home("csv", path).read(ReadRequest(entity="e"))
    assert caught.value.where == f"pond://here/{looked}"
    with pytest.raises(HomeError, match=r"this folder holds no file that ends in \.csv"):
        home("csv", "in").read(ReadRequest(entity="e"))


CHANGES = {
    "vanished": lambda file: file.unlink(),
    "grew from": lambda file: file.write_bytes(file.read_bytes() * 2),
    "shrank from": lambda file: file.write_bytes(file.read_bytes()[:-1]),
    "was written to": lambda file: file.write_bytes(file.read_bytes()[::-1]),
}


@pytest.mark.parametrize("kind", CONTENT)
@pytest.mark.parametrize("how", CHANGES)
def test_a_file_that_changes_while_it_is_read_is_an_error_that_may_be_tried_again(read, tmp_path, kind, how):
    file = tmp_path / f"in.{kind}"
    write(tmp_path, {file.name: content(kind, "x")})
    reading = read(kind, file.name)
    reading.check()
    CHANGES[how](file)
    with pytest.raises(HomeUnavailable, match=f"pond://here/in.{kind}: the file {how}"):
        reading.check()
    with pytest.raises(HomeUnavailable, match=how):
        list(reading.batches())


def test_a_range_is_found_in_the_footers(read, tmp_path):
    write(tmp_path, {"in/1.parquet": parquet(*range(100)), "in/2.parquet": parquet(*range(100, 200))})
    reading = read("parquet", "in", span=Range(column="a", low=Mark(dtype="int64", text="150")))
    assert reading.high() == Mark(dtype="int64", text="199")
    assert not reading.has_nulls()
    assert reading.files() == (), "files of a lake are not copied as local ones are"


@pytest.mark.parametrize(
    ("broken", "kind"),
    [
        (StoreUnavailable("is away", where="pond", fix="wait"), HomeUnavailable),
        (StoreError("lets nobody in", where="pond", fix="ask"), HomeError),
        (OSError(5, "splash"), HomeError),
    ],
)
def test_what_a_lake_raises_is_an_error_of_the_home(home, read, pond, broken, kind):
    write(Path(pond.opened.local_path("")), {"in/a.csv": "a\n1\n"})
    reading = read("csv", "in/a.csv")
    (sources, found) = home("csv", "in/{entity}.csv"), home("csv", "in/a.csv").sources.find(ReadRequest(entity="e"))
    pond.opened.broken = broken
    for act in (
        lambda: home("csv", "in/*.csv").read(ReadRequest(entity="e")),
        lambda: list(sources.discover()),
        reading.check,
        lambda: sources.open_table(found, ReadRequest(entity="e")),
    ):
        with pytest.raises(HomeError) as caught:
            act()
        assert type(caught.value) is kind
        assert isinstance(caught.value, Retryable) == isinstance(broken, Retryable)
    (finding,) = home("csv", "in/a.csv").probe("e")
    assert not finding.ok


def test_a_probe_tells_files_and_columns(home, tmp_path):
    write(tmp_path, {"in/a.parquet": parquet(1, 2), "in/b.parquet": parquet(3)})
    files, columns = home("parquet", "in").probe("e")
    assert re.fullmatch(r"2 files, \d+,?\d* bytes, at pond://here/in", files.what)
    assert columns.what == "1 column can be read"


@pytest.mark.parametrize("kind", CONTENT)
def test_an_address_needs_a_connection(home, kind):
    with pytest.raises(ValueError, match=r"is an address; add connection = "):
        home(kind, "abfss://raw@acme.dfs.core.windows.net/in", connection="")


def test_an_address_must_be_where_the_connection_leads(home):
    with pytest.raises(HomeError, match=r"abfss://raw@acme/in: the connection leads to pond://here, not there"):
        home("csv", "abfss://raw@acme/in")
    with pytest.raises(HomeError, match="pond://hereafter/in: the connection leads to pond://here, not there"):
        home("csv", "pond://hereafter/in")


@pytest.mark.parametrize("path", ["../x", "in//x", "in/./x", "pond://here/", "/"])
def test_a_path_stays_below_the_root(home, path):
    with pytest.raises(HomeError, match="is no path below the root of a lake"):
        home("csv", path)


def test_a_connection_without_files_is_refused(home):
    with pytest.raises(HomeError, match="the connection 'well' does not lead to files; name a connection to a lake"):
        home("csv", "in/x.csv", connection="well")


def test_what_a_scan_needs_does_not_show(home, tmp_path):
    write(tmp_path, {"in/a.parquet": parquet(1)})
    (file,) = home("parquet", "in").sources.find(ReadRequest(entity="e"))
    assert "pa55word" not in repr(file)


def test_fetched_files_are_gone_with_their_reading(read, tmp_path):
    write(tmp_path, {"in/a.csv": "a\n1\n"})
    scratch = tmp_path / "scratch"
    reading = read("csv", "in/a.csv", scratch=str(scratch))
    assert list(scratch.iterdir())
    reading.close()
    assert not list(scratch.iterdir())
