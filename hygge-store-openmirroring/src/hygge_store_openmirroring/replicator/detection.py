"""Which of a table's files come next, under each strategy.

``SequentialFileName`` takes the next number or waits for it, without a word.
``LastUpdateTimeFileDetection`` takes what it has not seen, the oldest first; among files of
one moment no order is promised, so chance decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from hygge_store_openmirroring.file_names import FIRST, extension_of, number_of, sequential
from hygge_store_openmirroring.landing_zone import is_hidden, last_name, version_of


if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence
    from random import Random

    from hygge_core.lake import Lake
    from hygge_store_openmirroring.metadata import Metadata


@frozen(kw_only=True)
class DataFile:
    """A file that the service may see as data; ``modified`` in nanoseconds since 1970, UTC."""

    name: str
    path: str
    size: int
    version: str
    modified: int


def data_files(zone: Lake, folder: str, metadata: Metadata) -> Iterator[DataFile]:
    """Yield what lies in a table's folder and is neither hidden nor of another format."""
    extensions = {"parquet", "csv", metadata.delimited.extension.lower()}
    for entry in zone.list(folder):
        name = last_name(entry.path)
        if entry.is_directory or is_hidden(name) or extension_of(name) not in extensions:
            continue
        version = version_of(zone, entry)
        yield DataFile(name=name, path=entry.path, size=entry.size, version=version, modified=entry.modified)


def in_turn(
    files: Sequence[DataFile], metadata: Metadata, *, last: int | None, seen: Container[str], chance: Random
) -> Iterator[DataFile]:
    """Yield the files to take now, in their order; ``last`` is the number taken last, None to begin with the lowest."""
    if metadata.detection == "SequentialFileName":
        yield from _sequence(files, last)
    else:
        fresh = [file for file in files if file.name not in seen]
        chance.shuffle(fresh)
        yield from sorted(fresh, key=lambda file: file.modified)


def _sequence(files: Sequence[DataFile], last: int | None) -> Iterator[DataFile]:
    numbered = {number: file for file in files if (number := number_of(file.name)) is not None}
    number = (min(numbered, default=FIRST) if last is None else last + 1) if numbered else FIRST
    while number in numbered and numbered[number].name == sequential(number, extension_of(numbered[number].name)):
        yield numbered[number]
        number += 1
