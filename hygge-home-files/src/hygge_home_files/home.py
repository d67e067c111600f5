"""A home of files of one format: finds the files of an entity and opens them as a table."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core import HomeError
from hygge_core.home import Finding, ReadRequest
from hygge_home_files.files import File, Sources  # noqa: TC001 - part of the data below


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hygge_home_files.reading import FrameReading


@frozen(kw_only=True)
class FilesHome:
    """A `hygge_core.home.Home` that also counts, discovers and probes; ``open_table`` knows the format."""

    sources: Sources
    open_table: Callable[[tuple[File, ...], ReadRequest], FrameReading]

    def locate(self, request: ReadRequest) -> str:
        """Return the path or glob of one entity."""
        return self.sources.locate(request)

    def read(self, request: ReadRequest) -> FrameReading:
        """Open the files of one entity as one table. Raises `HomeError`."""
        return self.open_table(self.sources.find(request), request)

    def count(self, request: ReadRequest) -> int:
        """Count the rows as opening does: by the footers of Parquet, by the survey of texts. Raises `HomeError`."""
        with closing(self.read(request)) as reading:
            return reading.rows()

    def discover(self) -> Iterator[str]:
        """Yield the entities that have files now."""
        return self.sources.entities()

    def probe(self, entity: str, flow: str = "") -> Iterator[Finding]:
        """Find the files, open them, and say what is in them."""
        request = ReadRequest(entity=entity, flow=flow)
        try:
            found = self.sources.find(request)
            size = sum(file.size for file in found)
            files = "1 file" if len(found) == 1 else f"{len(found):,} files"
            yield Finding(probe="files", ok=True, what=f"{files}, {size:,} bytes, at {self.locate(request)}")
            reading = self.open_table(found, request)
        except HomeError as error:
            yield Finding(probe="files", ok=False, what=f"{error.where}: {error.what}", fix=error.fix)
            return
        columns = len(reading.schema)
        reading.close()
        yield Finding(
            probe="columns",
            ok=True,
            what="1 column can be read" if columns == 1 else f"{columns:,} columns can be read",
        )

    def close(self) -> None:
        """Do nothing: files are held by readings only."""
