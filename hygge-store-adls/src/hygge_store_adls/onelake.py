"""Workspaces, lakehouses and managed folders: what OneLake would refuse is refused before it is asked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hygge_store_adls.credentials.texts import is_guid
from hygge_store_adls.paths import fault_in_path


if TYPE_CHECKING:
    from attrs import Attribute


FILES = "Files"
MANAGED = (FILES, "Tables")
"""The folders of a lakehouse's first level, which OneLake makes itself and lets nobody add to."""

SUFFIX = ".Lakehouse"

_LAKEHOUSE = re.compile(r"[A-Za-z0-9_]+")
_AWKWARD = re.compile(r"[\s/\\@:?#%&\"<>|*]")


def item_of(lakehouse: str) -> str:
    """Return the lakehouse as OneLake's addresses name it: an id as it is, a name with its kind."""
    return lakehouse if is_guid(lakehouse) else f"{lakehouse.removesuffix(SUFFIX)}{SUFFIX}"


def fault_in_pair(workspace: str, lakehouse: str) -> str:
    """Say why the two cannot stand together; OneLake wants ids for both, or names for both."""
    if is_guid(workspace) == is_guid(lakehouse):
        return ""
    by_id, by_name = ("workspace", "lakehouse") if is_guid(workspace) else ("lakehouse", "workspace")
    return f"{by_id} is an id and {by_name} a name, which OneLake does not take together; give the ids of both"


def check_workspace(_: object, attribute: Attribute[Any], value: str | None) -> None:
    """Refuse a name that no address can hold."""
    if value is not None and (not value or _AWKWARD.search(value)):
        message = (
            f"{attribute.name}: no address can hold the name {value!r}; give the workspace's id, which the address of "
            "the workspace in a browser shows"
        )
        raise ValueError(message)


def check_lakehouse(_: object, attribute: Attribute[Any], value: str | None) -> None:
    """Refuse what is neither an id nor the name of a lakehouse."""
    if value is not None and not is_guid(value) and not _LAKEHOUSE.fullmatch(value.removesuffix(SUFFIX)):
        message = (
            f"{attribute.name} must be a lakehouse's id or its name, of letters, digits and underscores, not {value!r}"
        )
        raise ValueError(message)


def check_table_path(_: object, attribute: Attribute[Any], value: str | None) -> None:
    """Refuse a path outside of ``Files``; OneLake manages the first level of an item itself."""
    if value is None:
        return
    fault = fault_in_path(value)
    first, _, rest = value.partition("/")
    if first == "Tables":
        fault = "lies under Tables, where a folder must be a Delta table; these are Parquet files, so use Files/..."
    elif not fault and (first != FILES or not rest):
        fault = f"must lie within {FILES}, like '{FILES}/{{entity}}': OneLake lets nobody write beside it"
    if fault:
        message = (
            f"{attribute.name} {fault}, not {value!r}" if fault.startswith("must") else f"{attribute.name} {fault}"
        )
        raise ValueError(message)
