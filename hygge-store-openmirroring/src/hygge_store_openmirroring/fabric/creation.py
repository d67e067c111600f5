"""Making a mirrored database that is filled through its landing zone."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING

from hygge_core.errors import StoreError
from hygge_store_openmirroring.fabric.database import MirroredDatabase


if TYPE_CHECKING:
    from hygge_store_openmirroring.fabric.api import Answer, FabricApi


_ACCEPTED = 202
_PAUSE = 5.0
_MOST_PAUSES = 120


def definition(*, default_schema: str = "dbo", retention_days: int | None = None) -> dict[str, object]:
    """Return what ``mirroring.json`` holds: open mirroring into Delta tables.

    ``default_schema`` is that of tables without one; old versions of tables are kept for ``retention_days``, 1 to 30.
    """
    target: dict[str, object] = {"defaultSchema": default_schema, "format": "Delta"}
    if retention_days is not None:
        target["retentionInDays"] = retention_days
    return {
        "properties": {
            "source": {"type": "GenericMirror", "typeProperties": {}},
            "target": {"type": "MountedRelationalDatabase", "typeProperties": target},
        }
    }


def create(
    api: FabricApi, workspace: str, name: str, *, default_schema: str = "dbo", retention_days: int | None = None
) -> MirroredDatabase:
    """Make a mirrored database of this name and return it; it is not started yet.

    Raises `FabricRefused`, such as for a name that is taken, `StoreUnavailable`, or `StoreError` when Fabric begins
    and does not end.
    """
    mirroring = definition(default_schema=default_schema, retention_days=retention_days)
    payload = b64encode(json.dumps(mirroring).encode()).decode()
    part = {"path": "mirroring.json", "payload": payload, "payloadType": "InlineBase64"}
    asked = {"displayName": name, "definition": {"parts": [part]}}
    answer = api.call("POST", f"workspaces/{workspace}/mirroredDatabases", body=asked)
    made = _awaited(api, answer) if answer.status == _ACCEPTED else answer
    if not (known := made.body.get("id")):
        raise StoreError("Fabric made the database and does not tell its id", where=name, fix="look it up in Fabric")
    return MirroredDatabase(api=api, workspace=workspace, id=str(known))


def _awaited(api: FabricApi, answer: Answer) -> Answer:
    """Wait for an operation that Fabric goes on with by itself, and return its result."""
    operation = f"operations/{answer.headers.get('x-ms-operation-id', '')}"
    for _ in range(_MOST_PAUSES):
        said = answer.headers.get("Retry-After", "")
        api.pause(min(float(said), 60.0) if said.isdecimal() else _PAUSE)
        answer = api.call("GET", operation)
        if answer.body.get("status") == "Succeeded":
            return api.call("GET", f"{operation}/result")
        if answer.body.get("status") == "Failed":
            error = answer.body.get("error") or {}
            what = f"the database was not made: {error.get('message', 'no reason was given')}"
            raise StoreError(what, where=operation, fix="nothing was made; mend that and try again")
    raise StoreError("the database is still not made", where=operation, fix="look at it in Fabric")
