"""One storage account or workspace as it is reached, whichever configuration names it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import frozen

from hygge_core.errors import StoreError
from hygge_store_adls.endpoint import ONELAKE, account_of, endpoint_of
from hygge_store_adls.lake import LakePlace
from hygge_store_adls.onelake import FILES, MANAGED, item_of


if TYPE_CHECKING:
    from hygge_store_adls.config import AdlsConnection, AdlsStore, OneLakeConnection, OneLakeStore


Kind = Literal["adls", "onelake"]


@frozen(kw_only=True)
class Account:
    """Where paths begin: a container, or a lakehouse in a workspace.

    ``name`` is the storage account's, which for OneLake is always ``onelake``.  ``container`` is None where
    only stores name one, ``item`` the lakehouse as addresses name it, empty outside of OneLake.
    """

    kind: Kind
    endpoint: str
    name: str
    container: str | None
    item: str = ""

    @property
    def complete(self) -> bool:
        """Whether a path of it leads anywhere without more being named."""
        return self.container is not None and (self.kind == "adls" or bool(self.item))

    @property
    def begin(self) -> str:
        """The outermost folder that may be looked into."""
        return FILES if self.kind == "onelake" else ""

    def place(self, path: str, *, container: str | None = None, item: str = "") -> LakePlace:
        """Return a folder of the account as a lake is told of it.

        Raises `StoreError` when no container is named, or for a folder beside those that OneLake manages.
        """
        within = container or self.container
        begins = item or self.item
        if within is None or (self.kind == "onelake" and not begins):
            what = f"no {'container' if self.kind == 'adls' else 'lakehouse'} is named"
            fix = "name it in the connection, or where the connection is used"
            raise StoreError(what, where=self.endpoint, fix=fix)
        if self.kind == "onelake" and path.strip("/").partition("/")[0] not in {"", *MANAGED}:
            what = f"{path} would be beside {' and '.join(MANAGED)}, where OneLake lets nobody write"
            raise StoreError(what, where=self.endpoint, fix=f"begin the path with {FILES}/")
        root = "/".join(filter(None, [begins, path]))
        known = True if self.kind == "onelake" else None
        return LakePlace(endpoint=self.endpoint, container=within, root=root, hierarchical=known)


def adls_account(settings: AdlsConnection | AdlsStore) -> Account:
    """Read the account out of a configuration that names it."""
    endpoint = endpoint_of(settings.account, settings.endpoint)
    name = account_of(settings.account, endpoint)
    return Account(kind="adls", endpoint=endpoint, name=name, container=settings.container)


def onelake_account(settings: OneLakeConnection | OneLakeStore) -> Account:
    """Read the workspace, and the lakehouse if there is one, out of a configuration that names them."""
    endpoint = endpoint_of("onelake", settings.endpoint or ONELAKE)
    item = "" if settings.lakehouse is None else item_of(settings.lakehouse)
    return Account(kind="onelake", endpoint=endpoint, name="onelake", container=settings.workspace, item=item)
