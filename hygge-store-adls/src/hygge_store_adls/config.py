"""The keys of the stores ``adls`` and ``onelake`` and of the connections of the same names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from attrs import field, fields, frozen

from hygge_store_adls.endpoint import check_account, is_onelake
from hygge_store_adls.files import FileSettings
from hygge_store_adls.onelake import FILES, check_lakehouse, check_table_path, check_workspace, fault_in_pair
from hygge_store_adls.paths import fault_in_path
from hygge_store_adls.settings import AccountSettings, described


if TYPE_CHECKING:
    from attrs import Attribute


_CONTAINER = re.compile(r"(?=.{3,63}$)[a-z0-9](?:-?[a-z0-9])*")
_ACCOUNT = described("The storage account's name.")
_CONTAINER_TEXT = described("The container, also called file system; it must exist.")
_WORKSPACE = described(
    "The workspace's id, or its name if that is fit for addresses (no blanks, slashes and the like)."
)
_LAKEHOUSE = described(
    "The lakehouse's id, or its name if the workspace is given by name; `.Lakehouse` is added to a name."
)
_CONNECTION = described(
    "A connection of the same type, which says how the account is reached; then those keys stay there."
)


def _container(_: object, attribute: Attribute[Any], value: str | None) -> None:
    if value is not None and not _CONTAINER.fullmatch(value):
        message = f"{attribute.name} must be 3 to 63 lower case letters, digits and single hyphens, not {value!r}"
        raise ValueError(message)


def _table_path(_: object, attribute: Attribute[Any], value: str) -> None:
    fault = fault_in_path(value) if value.strip() else "is empty; write it like 'lake/{entity}'"
    if fault:
        message = f"{attribute.name} {fault}"
        raise ValueError(message)


@frozen(kw_only=True)
class AdlsConnection(AccountSettings):
    """A storage account with Azure Data Lake Storage Gen2, and one container of it."""

    account: str | None = field(default=None, validator=check_account, metadata=_ACCOUNT)
    container: str | None = field(default=None, validator=_container, metadata=_CONTAINER_TEXT)

    def __attrs_post_init__(self) -> None:
        _has_account(self)


@frozen(kw_only=True)
class OneLakeConnection(AccountSettings):
    """A workspace of OneLake, and one lakehouse in it."""

    workspace: str = field(validator=check_workspace, metadata=_WORKSPACE)
    lakehouse: str | None = field(default=None, validator=check_lakehouse, metadata=_LAKEHOUSE)

    def __attrs_post_init__(self) -> None:
        _goes_with_onelake(self)
        _are_alike(self.workspace, self.lakehouse)


@frozen(kw_only=True)
class AdlsStore(AccountSettings, FileSettings):
    """Where the tables of a flow settle in a storage account, and how their files are written."""

    connection: str | None = field(default=None, metadata=_CONNECTION)
    account: str | None = field(default=None, validator=check_account, metadata=_ACCOUNT)
    container: str | None = field(default=None, validator=_container, metadata=_CONTAINER_TEXT)
    path: str = field(
        validator=_table_path,
        metadata=described(
            "The folder (with `layout` at `file` the file) of a table within the container; "
            "`{entity}` and `{flow}` are filled in."
        ),
    )

    def __attrs_post_init__(self) -> None:
        if self.connection is not None:
            _left_to_the_connection(self, frozenset({"account"}))
        else:
            _has_account(self)
            if self.container is None:
                raise ValueError("container is missing: name the container, or a connection that does")


@frozen(kw_only=True)
class OneLakeStore(AccountSettings, FileSettings):
    """Where the tables of a flow settle in a lakehouse of OneLake, and how their files are written."""

    connection: str | None = field(default=None, metadata=_CONNECTION)
    workspace: str | None = field(default=None, validator=check_workspace, metadata=_WORKSPACE)
    lakehouse: str | None = field(default=None, validator=check_lakehouse, metadata=_LAKEHOUSE)
    path: str | None = field(
        default=None,
        validator=check_table_path,
        metadata=described(
            "The folder (with `layout` at `file` the file) of a table, within `Files`; `{entity}` and "
            "`{flow}` are filled in. Without it `Files/{entity}`."
        ),
    )
    schema: str | None = field(
        default=None,
        metadata=described("A folder between `Files` and the tables, in place of a path: `Files/sales/{entity}`."),
    )

    @schema.validator
    def _is_one_name(self, attribute: Attribute[Any], value: str | None) -> None:
        if value is not None and ("/" in value or fault_in_path(value)):
            message = f"{attribute.name} must be one folder's name, not {value!r}"
            raise ValueError(message)

    def __attrs_post_init__(self) -> None:
        if self.path is not None and self.schema is not None:
            raise ValueError("path and schema do not go together; write the schema's folder into the path")
        if self.connection is not None:
            _left_to_the_connection(self, frozenset({"workspace"}))
            return
        _goes_with_onelake(self)
        for key in ("workspace", "lakehouse"):
            if getattr(self, key) is None:
                message = f"{key} is missing: give its id, or name a connection that does"
                raise ValueError(message)
        _are_alike(self.workspace or "", self.lakehouse)

    @property
    def table_path(self) -> str:
        """The folder of a table within the lakehouse, with the places of names still open."""
        return self.path or "/".join(filter(None, [FILES, self.schema, "{entity}"]))


def _left_to_the_connection(settings: AdlsStore | OneLakeStore, own: frozenset[str]) -> None:
    surplus = sorted(settings.given & ({attribute.name for attribute in fields(AccountSettings)} | own))
    if surplus:
        message = (
            f"connection and {', '.join(surplus)} do not go together; the connection says how the account is reached"
        )
        raise ValueError(message)


def _has_account(settings: AdlsConnection | AdlsStore) -> None:
    if settings.account is None and settings.endpoint is None:
        raise ValueError("account is missing: name the storage account, or give its address as endpoint")
    if settings.endpoint is not None and is_onelake(settings.endpoint):
        raise ValueError('this endpoint is OneLake\'s; use type = "onelake" with workspace and lakehouse')


def _goes_with_onelake(settings: OneLakeConnection | OneLakeStore) -> None:
    if settings.credential == "account_key":
        raise ValueError(
            'OneLake has no account keys; use credential = "default" or one of the others that give tokens'
        )


def _are_alike(workspace: str, lakehouse: str | None) -> None:
    fault = "" if lakehouse is None else fault_in_pair(workspace, lakehouse)
    if fault:
        raise ValueError(fault)
