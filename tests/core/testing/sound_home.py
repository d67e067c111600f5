"""A small sound home, written with nothing but the public protocols: tables are folders of Parquet files.

Its steps are small methods so that `broken_homes` can break them one at a time.  It has every ability
that a home or a reading may have, but for following changes.
"""

from __future__ import annotations

import hashlib
import io
import sys
from contextlib import closing
from functools import partial
from pathlib import Path

import polars as pl
import pytest
from attrs import asdict, frozen

from hygge_core import HomeError
from hygge_core.home import Finding, Isolation, ReadRequest
from hygge_core.testing import HomeContract
from hygge_core.watermark.boundary import inside
from hygge_core.watermark.marks import mark_of


SECRET = "hush-hush"
FILES = 8  # of which a table consists, if it has as many rows


def fill(place, name, frame):
    """Put a table into the source: other files, under names that were not used before."""
    folder = Path(place, name)
    folder.mkdir(exist_ok=True)
    old = sorted(folder.glob("*.parquet"))
    pieces = list(frame.iter_slices(max(1, -(-frame.height // FILES)))) or [frame]
    for number, piece in enumerate(pieces):
        written = Path(place, f"_{number}")
        piece.write_parquet(written)
        written.replace(folder / f"{number}.parquet")
    for path in old[len(pieces) :]:
        path.unlink()
    return ReadRequest(entity=name, flow="kit")


class SoundHome:
    def __init__(self, place):
        self.place = Path(place)
        self.secret = SECRET

    def locate(self, request):
        return str(self.place / request.entity)

    def read(self, request):
        return SoundReading(self, request, self.files(request))

    def count(self, request):
        with closing(self.read(request)) as reading:
            return reading.rows()

    def split(self, request, parts):
        number = min(parts, len(self.files(request)))
        known = asdict(request, recurse=False)
        return [FilePart(**known, first=first, step=number) for first in range(number)]

    def discover(self):
        return sorted(path.name for path in self.place.iterdir() if path.is_dir())

    def probe(self, entity, flow=""):
        there = Path(self.locate(ReadRequest(entity=entity, flow=flow))).is_dir()
        yield Finding(probe="folder", ok=there, what="is there" if there else "is not there", fix="make it")

    def close(self):
        """Nothing is held."""

    # The steps, each of which a broken home does wrong.

    def files(self, request):
        folder = Path(self.locate(request))
        if not folder.is_dir():
            raise self.missing(request)
        found = sorted(folder.glob("*.parquet"))
        return found[request.first :: request.step] if isinstance(request, FilePart) else found

    def missing(self, request):
        return HomeError("there is no such table", where=self.locate(request), fix="check its name")


@frozen(kw_only=True)
class FilePart(ReadRequest):
    """Every so many files of a table."""

    first: int
    step: int


class SoundReading:
    def __init__(self, home, request, paths):
        self.home, self.request, self.paths = home, request, paths
        self.cancelled = False
        self.handles = [self.opened(path) for path in paths]
        try:
            self.schema = self.known_schema()
            self.counted = self.count()
        except (pl.exceptions.PolarsError, OSError) as error:
            self.close()
            raise self.explain(error) from error
        self.found = [_found(path) for path in paths]

    @property
    def isolation(self):
        return Isolation(name="open files", snapshot=True)

    def batches(self):
        for handle in self.handles:
            try:
                frame = self.kept(self.frame(handle))
            except (pl.exceptions.PolarsError, ValueError) as error:
                raise self.explain(error) from error
            for batch in self.cut(frame):
                if self.cancelled:
                    raise HomeError("was cancelled", where=self.where, fix="run again")
                yield batch

    def scan(self):
        return self.kept(pl.scan_parquet(self.paths, glob=False))

    def check(self):
        for path, found in zip(self.paths, self.found, strict=True):
            if _found(path) != found:
                raise HomeError("changed while it was read", where=str(path), fix="run again")

    def explain(self, error):
        return HomeError(f"cannot be read ({type(error).__name__})", where=self.where, fix="write it again")

    def rows(self):
        return self.counted

    def files(self):
        return [] if self.request.range or self.request.columns else [str(path.absolute()) for path in self.paths]

    def warnings(self):
        return ()

    def high(self):
        return mark_of(self.column().drop_nulls().sort().tail(1).extend_constant(None, 1).head(1))

    def has_nulls(self):
        return self.column().null_count() > 0

    def parts(self):
        return [Part(self, handle) for handle in self.handles]

    def cancel(self):
        self.cancelled = True

    def close(self):
        for handle in self.handles:
            handle.close()

    # The steps.

    def opened(self, path):
        return path.open("rb")

    def frame(self, handle):
        handle.seek(0)
        return pl.read_parquet(io.BytesIO(handle.read()))

    def known_schema(self):
        return self.kept(self.frame(self.handles[0]).clear()).schema

    def count(self):
        if self.request.range is None:
            return pl.scan_parquet(self.paths, glob=False).select(pl.len()).collect().item()
        return sum(self.kept(self.frame(handle)).height for handle in self.handles)

    def kept(self, frame):
        if self.request.range is not None:
            frame = frame.filter(self.within(self.request.range))
        return frame.select(self.request.columns) if self.request.columns else frame

    def within(self, wanted):
        return inside(wanted)

    def column(self):
        name = self.request.range.column
        return pl.concat([self.frame(handle)[name] for handle in self.handles])

    def cut(self, frame):
        yield from cut(frame, self.request.batch_bytes)

    @property
    def where(self):
        return self.home.locate(self.request)


class Part:
    def __init__(self, whole, handle):
        self.whole, self.handle = whole, handle
        self.schema = whole.schema

    def batches(self):
        yield from self.whole.cut(self.whole.kept(self.whole.frame(self.handle)))

    def close(self):
        self.handle.close()


def cut(frame, size):
    """Halve until each piece fits; a frame without rows has none."""
    if frame.height > 1 and frame.estimated_size() > size:
        middle = frame.height // 2
        yield from cut(frame.head(middle), size)
        yield from cut(frame.tail(-middle), size)
    elif frame.height:
        yield frame


def _found(path):
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


_NO_FOLDERS = dict.fromkeys(('quo"te', "quest?ion"), "no folder can be called so") if sys.platform == "win32" else {}


class SoundContract(HomeContract):
    secrets = (SECRET,)
    cannot_hold = _NO_FOLDERS

    @pytest.fixture
    def place(self, tmp_path):
        return str(tmp_path)

    @pytest.fixture
    def fill(self, place):
        return partial(fill, place)

    @pytest.fixture
    def damage(self, place):
        def damage(request):
            file = Path(place, request.entity, "5.parquet")
            file.write_bytes(b"\xff" * file.stat().st_size)

        return damage

    @pytest.fixture
    def fingerprint(self, place):
        return lambda: {
            path: hashlib.sha256(path.read_bytes()).hexdigest() for path in Path(place).rglob("*") if path.is_file()
        }
