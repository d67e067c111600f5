"""What must hold before rows are staged: the key is there, and the table is still the one that was published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core.errors import StoreError
from hygge_store_openmirroring.landing_zone import METADATA
from hygge_store_openmirroring.metadata import MetadataError, read_metadata


if TYPE_CHECKING:
    from hygge_core.lake import Lake
    from hygge_core.staging.history import History
    from hygge_store_openmirroring.metadata import Metadata
    from hygge_store_openmirroring.types.encoding import Encoding


_ANEW = "make the table anew with `hygge go --full-drop`"


def demand_key(key: tuple[str, ...], encoding: Encoding, where: str, *, remembers: bool) -> None:
    """Raise `StoreError` for key columns that rows do not have, and where a key is needed and there is none.

    ``remembers`` says whether the keys of published rows are kept.
    """
    if missing := [name for name in key if name not in encoding.source]:
        raise StoreError(
            f"there is no column {missing[0]!r}, which is in key_columns; there are {', '.join(encoding.source)}",
            where=where,
            fix="name the columns as the polish names them",
        )
    if key:
        return
    if isinstance(encoding.marker, str):
        raise _without_key(
            "row_marker_column says which rows are updated and deleted, and there is no key to find them by", where
        )
    if remembers:
        raise _without_key(
            'remember_keys and replace = "diff" tell rows apart by key_columns, and there are none', where
        )


def _without_key(what: str, where: str) -> StoreError:
    return StoreError(what, where=where, fix="name key_columns in the store, or a key in the watermark")


def demand_same_table(zone: Lake, history: History, metadata: Metadata, where: str) -> None:
    """Raise `StoreError` if the published table is gone, or has other keys or another way to find its files.

    The service takes no change of either, and of a folder that came back it would wait for number 1.
    """
    if history.last_sequence() == 0:
        return
    try:
        there = read_metadata(zone.read(f"{history.place.table}/{METADATA}"))
    except FileNotFoundError as error:
        what = "the table was published, and its folder or its _metadata.json has been deleted since"
        raise StoreError(what, where=where, fix=_ANEW) from error
    except MetadataError as error:
        raise StoreError(f"_metadata.json {error}", where=where, fix=_ANEW) from error
    if there.key_columns != metadata.key_columns:
        raise StoreError(
            f"the table was published with the key {list(there.key_columns)}, and now it is "
            f"{list(metadata.key_columns)}; Fabric never changes the key of a table",
            where=where,
            fix=f"bring the key back, or {_ANEW}",
        )
    if there.detection != metadata.detection:
        raise StoreError(
            f"the table was published for {there.detection}, and now file_detection says {metadata.detection}",
            where=where,
            fix=f"bring the setting back, or {_ANEW}",
        )
