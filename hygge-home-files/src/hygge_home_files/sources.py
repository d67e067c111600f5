"""Which files of this machine a table consists of: one file, a folder, or a glob."""

from __future__ import annotations

import fnmatch
import glob
import re
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core import HomeError
from hygge_core.home import ReadRequest
from hygge_core.template import fill
from hygge_home_files.files import LocalFile


if TYPE_CHECKING:
    from collections.abc import Iterator


_PLACE = "{entity}"


@frozen(kw_only=True)
class LocalSources:
    """The ``path`` of a home, with its places still open.

    ``suffixes`` are those that count in a folder, such as ``.csv`` and ``.csv.gz``.
    """

    path: str
    project: Path
    suffixes: tuple[str, ...]

    def locate(self, request: ReadRequest) -> str:
        """Return the absolute path or glob of one entity."""
        return str(self._place(request))

    def _place(self, request: ReadRequest) -> Path:
        return self.project / Path(fill(self.path, entity=request.entity, flow=request.flow)).expanduser()

    def find(self, request: ReadRequest) -> tuple[LocalFile, ...]:
        """Return the files of one entity, sorted by their path as text.

        A path that exists is meant literally, brackets and stars included; only a path
        that does not exist is a glob.  Names that start with ``_`` or ``.`` are skipped
        in folders and globs.  Raises `HomeError` when there is no file.
        """
        try:
            found = tuple(self._search(request))
        except OSError as error:
            raise HomeError(f"cannot be listed: {error}", where=self.locate(request)) from error
        if not found:
            raise self._nothing(self._place(request))
        return tuple(map(LocalFile, sorted(found, key=Path.as_posix)))

    def entities(self) -> Iterator[str]:
        """Yield the names that ``{entity}`` in the path could stand for now, sorted."""
        place = self.project / Path(self.path).expanduser()
        step = next((part for part in place.parts if _PLACE in part), None)
        if step is None:
            return
        before, _, after = step.partition(_PLACE)
        name = re.compile(re.escape(before) + "(.+?)" + fnmatch.translate(after.replace(_PLACE, "*")))
        folder = Path(*place.parts[: place.parts.index(step)])
        for child in sorted(folder.iterdir()) if folder.is_dir() else ():
            match = name.fullmatch(child.name)
            if match and _shown(child) and any(self._search(ReadRequest(entity=match[1]))):
                yield match[1]

    def _search(self, request: ReadRequest) -> Iterator[Path]:
        place = self._place(request)
        if place.is_file():
            yield place
        elif place.is_dir():
            yield from (path for path in place.rglob("*") if self._belongs(path, place))
        else:
            yield from self._matches(request)

    def _belongs(self, path: Path, folder: Path) -> bool:
        shown = all(not part.startswith(("_", ".")) for part in path.relative_to(folder).parts)
        return shown and path.name.lower().endswith(self.suffixes) and path.is_file()

    def _matches(self, request: ReadRequest) -> Iterator[Path]:
        pattern = fill(self.path, entity=glob.escape(request.entity), flow=glob.escape(request.flow))
        absolute = Path(glob.escape(str(self.project))) / Path(pattern).expanduser()
        for name in glob.iglob(str(absolute), recursive=True):  # noqa: PTH207 - pathlib's globs cannot start at the root
            path = Path(name)
            if _shown(path) and path.is_file():
                yield path

    def _nothing(self, place: Path) -> HomeError:
        if place.is_dir():
            kinds = ", ".join(self.suffixes)
            what = f"this folder holds no file that ends in {kinds}"
            return HomeError(what, where=str(place), fix="put files there, or name them with a glob such as '*.dat'")
        fix = "check 'path'; relative paths start at the project's folder"
        return HomeError("no file has this name or matches it", where=str(place), fix=fix)


def _shown(path: Path) -> bool:
    return not path.name.startswith(("_", "."))
