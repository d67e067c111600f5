"""Which files of a lake a table consists of: one file, a folder, or a glob, as on a local disk."""

from __future__ import annotations

import fnmatch
import glob
import re
from typing import TYPE_CHECKING

from attrs import field, frozen

from hygge_core import HomeError
from hygge_core.home import Connection, ReadRequest  # noqa: TC001 - part of the data below
from hygge_core.lake import Lake  # noqa: TC001 - the same
from hygge_core.template import fill
from hygge_home_files.lake_files import LakeFile, asking


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygge_core.lake import Entry


_PLACE = "{entity}"


@frozen(kw_only=True)
class LakeSources:
    """The ``path`` of a home in a lake, from its root; see `hygge_home_files.sources.LocalSources` for its meaning."""

    path: str
    lake: Lake
    suffixes: tuple[str, ...]
    connection: Connection = field(repr=False)

    def locate(self, request: ReadRequest) -> str:
        """Return the address or glob of one entity."""
        return f"{self.lake.url('').rstrip('/')}/{self._filled(request)}"

    def find(self, request: ReadRequest) -> tuple[LakeFile, ...]:
        """Return the files of one entity, sorted by their path. Raises `HomeError` when there is none."""
        with asking(self.locate(request)):
            found = sorted(self._search(request), key=lambda entry: entry.path)
        if not found:
            raise self._nothing(request)
        return tuple(LakeFile(lake=self.lake, entry=entry, connection=self.connection) for entry in found)

    def entities(self) -> Iterator[str]:
        """Yield the names that ``{entity}`` in the path could stand for now, sorted. Raises `HomeError`."""
        steps = self.path.split("/")
        index = next((index for index, step in enumerate(steps) if _PLACE in step), None)
        if index is None:
            return
        before, _, after = steps[index].partition(_PLACE)
        name = re.compile(re.escape(before) + "(.+?)" + fnmatch.translate(after.replace(_PLACE, "*")))
        with asking(self.lake.url("")):
            for entry in self.lake.list("/".join(steps[:index])):
                match = name.fullmatch(_name(entry))
                if match and _shown(_name(entry)) and any(self._search(ReadRequest(entity=match[1]))):
                    yield match[1]

    def _filled(self, request: ReadRequest) -> str:
        return fill(self.path, entity=request.entity, flow=request.flow)

    def _search(self, request: ReadRequest) -> Iterator[Entry]:
        place = self._filled(request).rstrip("/")
        there = self.lake.stat(place)
        if there is None:
            pattern = fill(self.path, entity=glob.escape(request.entity), flow=glob.escape(request.flow))
            yield from self._matches("", pattern.split("/"))
        elif there.is_directory:
            yield from (entry for entry in self.lake.list(place, recursive=True) if self._belongs(entry, place))
        else:
            yield there

    def _belongs(self, entry: Entry, folder: str) -> bool:
        names = entry.path.removeprefix(f"{folder}/").split("/")
        return not entry.is_directory and all(map(_shown, names)) and names[-1].lower().endswith(self.suffixes)

    def _matches(self, folder: str, pattern: Sequence[str]) -> Iterator[Entry]:
        """Walk only where the pattern leads; from ``**`` on, look at everything below."""
        first, *rest = pattern
        if not glob.has_magic(first):
            yield from self._within(f"{folder}/{first}" if folder else first, rest)
            return
        deep = first == "**"
        for entry in self.lake.list(folder, recursive=deep):
            names = (entry.path.removeprefix(f"{folder}/") if folder else entry.path).split("/")
            if deep or not rest:
                if not entry.is_directory and _shown(names[-1]) and _fits(names, pattern):
                    yield entry
            elif entry.is_directory and _fits(names, [first]):
                yield from self._matches(entry.path, rest)

    def _within(self, path: str, rest: Sequence[str]) -> Iterator[Entry]:
        if rest:
            yield from self._matches(path, rest)
        elif (there := self.lake.stat(path)) and not there.is_directory and _shown(_name(there)):
            yield there

    def _nothing(self, request: ReadRequest) -> HomeError:
        place = self.lake.stat(self._filled(request).rstrip("/"))
        if place and place.is_directory:
            what = f"this folder holds no file that ends in {', '.join(self.suffixes)}"
            fix = "put files there, or name them with a glob such as '*.dat'"
            return HomeError(what, where=self.locate(request), fix=fix)
        fix = "check 'path'; it starts at the root of what the connection leads to"
        return HomeError("no file has this name or matches it", where=self.locate(request), fix=fix)


def _fits(names: Sequence[str], pattern: Sequence[str]) -> bool:
    """Tell whether names match a glob step by step; ``**`` stands for any number of shown ones."""
    if not pattern:
        return not names
    first, *rest = pattern
    if first == "**":
        return _fits(names, rest or ["*"]) or (len(names) > 1 and _shown(names[0]) and _fits(names[1:], pattern))
    return bool(names) and _matches_step(names[0], first) and _fits(names[1:], rest)


def _matches_step(name: str, step: str) -> bool:
    if not glob.has_magic(step):
        return name == step
    return _shown(name) and fnmatch.fnmatchcase(name, step)


def _name(entry: Entry) -> str:
    return entry.path.rpartition("/")[2]


def _shown(name: str) -> bool:
    return not name.startswith(("_", "."))
