"""What the service says of a file or folder, as an `Entry`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core.lake import Entry


if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from azure.storage.blob import BlobProperties


FOLDER = {"hdi_isfolder": "true"}
"""The metadata by which both kinds of accounts mark a folder."""


def is_folder(metadata: Mapping[str, str] | None) -> bool:
    """Tell a folder from a file by its metadata, whose names may come back in any case."""
    return any(name.lower() == "hdi_isfolder" and text.lower() == "true" for name, text in (metadata or {}).items())


def entry_of(path: str, found: BlobProperties) -> Entry:
    """Describe what is at a path of the lake; the version of a folder tells it from another of its name."""
    version = version_of(found.etag)
    if is_folder(found.metadata):
        return Entry(path=path, size=0, is_directory=True, version=version)
    return Entry(
        path=path, size=found.size, is_directory=False, version=version, modified=nanoseconds(found.last_modified)
    )


def version_of(etag: str | None) -> str:
    """Return an ETag as all dialects write it: listings leave out the quotes that headers have."""
    return (etag or "").strip('"')


def nanoseconds(moment: datetime) -> int:
    """Return the nanoseconds since 1970; the service tells times in whole seconds."""
    return int(moment.timestamp()) * 10**9


def in_order(entries: list[Entry]) -> list[Entry]:
    """Sort entries name by name, so that a folder's content follows it at once."""
    return sorted(entries, key=lambda entry: entry.path.split("/"))
