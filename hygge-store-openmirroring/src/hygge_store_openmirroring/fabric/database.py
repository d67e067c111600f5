"""One mirrored database by its id: how it is, how its tables are, and starting it.

There is no way here to stop one: a database that stops forgets its tables, and begins again with whatever files
the service has not cleaned away (best practices of Microsoft, 2026-09).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from attrs import frozen

from hygge_core.errors import StoreError
from hygge_store_openmirroring.fabric.api import FabricRefused
from hygge_store_openmirroring.fabric.states import DatabaseState, TableState


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from hygge_store_openmirroring.fabric.api import Answer, FabricApi


_NOT_READY = "MirroredDatabaseNotReady"
_FIXES = {
    "MirroringDefinitionMissing": "make the database anew with `hygge mirror create`, which gives it its definition",
    _NOT_READY: "it is being made; try again in some minutes",
}


@frozen(kw_only=True)
class MirroredDatabase:
    """A mirrored database of a workspace, both by their ids."""

    api: FabricApi
    workspace: str
    id: str

    def state(self) -> DatabaseState:
        """Ask how the database is. Raises `FabricRefused`, `StoreUnavailable`."""
        return DatabaseState.of(self._post("getMirroringStatus").body)

    def tables(self) -> Iterator[TableState]:
        """Ask for every table, page by page. Raises `FabricRefused`, `StoreUnavailable`."""
        token: str | None = ""
        while token is not None:
            page = self._post("getTablesMirroringStatus", {"continuationToken": token} if token else None).body
            yield from map(TableState.of, page.get("data") or ())
            token = _next_page(page, token)

    def start(self, *, within: float = 600.0, poll: float = 5.0) -> DatabaseState:
        """Start mirroring unless it runs, and wait until it does, so many seconds at most.

        Raises `FabricRefused`, or `StoreError` when the database does not come to run.
        """
        waited, asked = 0.0, False
        while True:
            state = self.state()
            if state.status == "Running":
                return state
            if not asked and state.status in {"Initialized", "Stopped"}:
                asked = self._ask_to_start()
            if waited >= within:
                said = f"{state.status}: {state.error}" if state.error else state.status
                raise StoreError(
                    f"does not run after {waited:,.0f} s; it is {said}",
                    where=f"mirrored database {self.id}",
                    fix="look at it in Fabric; a paused capacity has to be resumed there",
                )
            self.api.pause(poll)
            waited += poll

    def _ask_to_start(self) -> bool:
        """Ask once; False when the database is still being made."""
        try:
            self._post("startMirroring")
        except FabricRefused as error:
            if error.code != _NOT_READY:
                raise
            return False
        return True

    def _post(self, action: str, query: Mapping[str, str] | None = None) -> Answer:
        path = f"workspaces/{self.workspace}/mirroredDatabases/{self.id}/{action}"
        try:
            return self.api.call("POST", path, query=query)
        except FabricRefused as error:
            if error.code not in _FIXES:
                raise
            raise FabricRefused(error.what, code=error.code, where=error.where, fix=_FIXES[error.code]) from error


def _next_page(page: Mapping[str, Any], token: str) -> str | None:
    """Return what the next page is asked by, None after the last.

    Of an address only its token is taken: tokens of Fabric go to no other host.
    """
    uri = urlsplit(page.get("continuationUri") or "")
    following = page.get("continuationToken") or "".join(parse_qs(uri.query).get("continuationToken", []))
    if following and following == token:
        raise StoreError("Fabric gives the same page again and again", fix="try again later")
    return following or None
