"""One mirrored table: what it holds, how far it has come, and what stopped it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from attrs import Factory, define, frozen

from hygge_store_openmirroring.file_names import number_of
from hygge_store_openmirroring.metadata import MetadataError, read_metadata
from hygge_store_openmirroring.replicator.changes import apply
from hygge_store_openmirroring.replicator.columns import united
from hygge_store_openmirroring.replicator.detection import data_files, in_turn
from hygge_store_openmirroring.replicator.reading import read_file
from hygge_store_openmirroring.replicator.refusal import Refusal


if TYPE_CHECKING:
    from random import Random

    from hygge_core.lake import Lake
    from hygge_store_openmirroring.landing_zone import TableName
    from hygge_store_openmirroring.metadata import Metadata
    from hygge_store_openmirroring.replicator.columns import MirrorColumn
    from hygge_store_openmirroring.replicator.detection import DataFile


@frozen(kw_only=True)
class Failure:
    """What stopped a table: the file (empty for its metadata), as it was then, and the service's words."""

    file: str
    identity: str
    code: str
    message: str


@define(kw_only=True)
class MirroredTable:
    """A table as the mirrored database shows it, with what the replicator remembers of it.

    ``identity`` tells the folder from a later one of the same name.  ``last`` is the number of
    the file taken last, 0 before the first; None after a restart, when the lowest that is left comes
    first.  ``taken`` are the files taken by name, each as it was.
    """

    name: TableName
    identity: str
    last: int | None = 0
    metadata: Metadata | None = None
    columns: dict[str, MirrorColumn] = Factory(dict)
    rows: pl.DataFrame = Factory(pl.DataFrame)
    taken: dict[str, str] = Factory(dict)
    failure: Failure | None = None

    def poll(self, zone: Lake, chance: Random) -> int:
        """Take what is there to be taken. Returns the number of files."""
        before = len(self.taken)
        try:
            metadata = self._read_metadata(zone)
        except Refusal as refusal:
            self._stop("", "", refusal)
            return 0
        files = list(data_files(zone, self.name.folder, metadata))
        if self._still_stopped(files) or self._overwritten(files):
            return 0
        for file in in_turn(files, metadata, last=self.last, seen=self.taken, chance=chance):
            if not self._take(zone, file, metadata):
                break
        return len(self.taken) - before

    def processed(self, files: list[DataFile]) -> list[DataFile]:
        """Return those of the files that were taken, the earliest first."""
        order = list(self.taken)
        return sorted((file for file in files if file.name in self.taken), key=lambda file: order.index(file.name))

    def _read_metadata(self, zone: Lake) -> Metadata:
        """Read the metadata, which must not change while there is a table."""
        try:
            metadata = read_metadata(zone.read(self.name.metadata))
        except (MetadataError, OSError) as error:
            raise Refusal(
                "InputValidationError", f"Exception reading the metadata file: _metadata.json: {error}"
            ) from error
        if self.metadata is not None and self.metadata != metadata:
            raise Refusal("InputValidationError", "_metadata.json changed after the table was made")
        self.metadata = metadata
        if self.failure is not None and not self.failure.file:
            self.failure = None
        return metadata

    def _still_stopped(self, files: list[DataFile]) -> bool:
        """Let a stopped table go on once the file that stopped it is gone or another."""
        if self.failure is None:
            return False
        now = {file.name: file.version for file in files}
        if now.get(self.failure.file) == self.failure.identity:
            return True
        self.failure = None
        return False

    def _overwritten(self, files: list[DataFile]) -> bool:
        for file in files:
            if self.taken.get(file.name, file.version) != file.version:
                what = f"File {file.name} changed after it was processed"
                self._stop(file.name, file.version, Refusal("InputValidationError", what))
                return True
        return False

    def _take(self, zone: Lake, file: DataFile, metadata: Metadata) -> bool:
        try:
            columns, rows = read_file(zone, file.path, file.size, metadata.delimited)
            known = united(self.columns, columns)
            after = apply(self.rows, rows, key=metadata.key_columns, upsert_by_default=metadata.upsert_by_default)
        except Refusal as refusal:
            self._stop(file.name, file.version, refusal)
            return False
        except FileNotFoundError:
            return False
        self.columns, self.rows = known, after.select(list(known))
        self.taken[file.name] = file.version
        self.last = number_of(file.name) if number_of(file.name) is not None else self.last
        return True

    def _stop(self, file: str, identity: str, refusal: Refusal) -> None:
        self.failure = Failure(file=file, identity=identity, code=refusal.code, message=refusal.message)
