"""One account that stores, homes and the journal share: signed in once, and every folder of it opened as a lake."""

from __future__ import annotations

from contextlib import ExitStack
from threading import Lock
from typing import TYPE_CHECKING, Any

from hygge_store_adls.credentials.opening import open_credential
from hygge_store_adls.lake import open_lake
from hygge_store_adls.scanning import address_within, scan_options


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hygge_core.home import Finding
    from hygge_core.plugin import Context
    from hygge_store_adls.account import Account
    from hygge_store_adls.lake import Access, Credential, LakePlace
    from hygge_store_adls.lake.adls import AdlsLake
    from hygge_store_adls.settings import AccountSettings


class StorageConnection:
    """A storage account, or a workspace of OneLake, with whoever asks.

    ``settings`` say who asks; from ``context`` come the folder that relative paths start from, the bound in bytes of
    what one lake has on its way, and who is told of requests that are made again.  ``begin`` is the folder that is
    looked into when the connection is examined.  Nothing is asked of the service before it is needed.  Raises
    `StoreError` when a file that the settings name cannot be used.
    """

    def __init__(
        self, account: Account, settings: AccountSettings, context: Context, *, begin: str | None = None
    ) -> None:
        self.account = account
        self._begin = account.begin if begin is None else begin
        self._access = settings.access(context.project, context.memory)
        self._retried = context.retried
        self._credential = open_credential(settings, account.name, context.project)
        self._lakes: dict[LakePlace, AdlsLake] = {}
        self._mutex = Lock()
        self._closing = ExitStack()
        self._closing.callback(getattr(self._credential, "close", _nothing))

    @property
    def credential(self) -> Credential:
        """What proves who is asking, as the Azure client takes it."""
        return self._credential

    @property
    def access(self) -> Access:
        """How the account is talked to, for others who ask the same cloud."""
        return self._access

    def lake(self, path: str, *, container: str | None = None, item: str = "") -> AdlsLake:
        """Open a folder as a lake, once for each; the connection closes it.

        ``path`` starts at the container, or in OneLake at the item, such as ``Files/raw``.  ``container``
        and ``item`` stand in for those of the connection.  Raises `StoreError` when none is named, or for a
        folder that OneLake lets nobody write into.
        """
        place = self.account.place(path, container=container, item=item)
        with self._mutex:
            lake = self._lakes.get(place)
            if lake is None:
                lake = self._lakes[place] = open_lake(place, self._credential, self._access, retried=self._retried)
                self._closing.callback(lake.close)
        return lake

    def url(self, path: str) -> str:
        """Return the address of a file or folder as Polars takes it; an address stays one.

        Raises `ValueError` for an address in another account or container.
        """
        return address_within(self.account.place(""), self.account.name, path)

    def scan_options(self) -> Mapping[str, Any]:
        """Return what Polars needs to read here, secrets included: never to be shown."""
        return scan_options(self.account.place(""), self.account.name, self._credential)

    def probe(self, entity: str, flow: str = "") -> Iterator[Finding]:  # noqa: ARG002 - the names of `Probes`
        """Examine the way to the account and what may be done there."""
        from hygge_store_adls.probing.account import account_findings

        lake = self.lake(self._begin) if self.account.complete else None
        return account_findings(self.account.endpoint, self._credential, self._access, lake)

    def close(self) -> None:
        """Let go of every lake and of the connection to the sign-in service. Safe to call twice."""
        self._closing.close()


def _nothing() -> None:
    """Stand in for closing what needs none."""
