"""How the original's Azure settings are said here: addresses, ways to sign in, folders of OneLake."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hygge_core.migrate.rules.rule import Asked, Dropped, Moved, kept, renamed
from hygge_core.migrate.rules.values import only_where, words


if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygge_core.migrate.rules.rule import Convert


_ACCOUNT = re.compile(r"(?:https://)?([a-z0-9]{3,24})\.(?:dfs|blob)\.core\.windows\.net/?")
_ONELAKE = re.compile(r"(?:https://)?onelake\.(?:dfs|blob)\.fabric\.microsoft\.com/?")
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_ITEM = re.compile(r"([^/]+)/(Files/.+)")
_MANAGED = "managed_identity"


def account_url(value: Any, _: Mapping[str, Any]) -> Any:
    """Take the account's name out of its address, and keep other addresses."""
    text = _unsigned(value)
    found = _ACCOUNT.fullmatch(text)
    return Moved({"account": found[1]}) if found else Moved({"endpoint": text.rstrip("/")})


def onelake_url(value: Any, _: Mapping[str, Any]) -> Any:
    """Leave out OneLake's own address, and keep one of a region."""
    text = _unsigned(value)
    if _ONELAKE.fullmatch(text):
        raise Dropped("OneLake's address is known")
    return Moved({"endpoint": text.rstrip("/")})


def _unsigned(value: Any) -> str:
    text = str(value).strip()
    if "?" in text or "@" in text:
        raise Asked(
            "the address holds a signature or a login, which is not carried over",
            'write the plain address, and the signature as credential = "sas" and sas = "${NAME}"',
            withheld=True,
        )
    return text


def workspace(value: Any, _: Mapping[str, Any]) -> Any:
    """Tell the workspace from the lakehouse, which some wrote behind it."""
    name, _slash, lakehouse = str(value).strip("/").partition("/")
    return Moved({"workspace": name, "lakehouse": lakehouse}) if lakehouse else Moved({"workspace": name})


def guid(what: str) -> Convert:
    """Take an id, and ask for it where there is a name."""

    def convert(value: Any, _: Mapping[str, Any]) -> Any:
        if _GUID.fullmatch(str(value)) or "${" in str(value):
            return value
        raise Asked(f"a name is no id, and only ids lead to {what}", "write the id that its address in a browser shows")

    return convert


def folder(value: Any, _: Mapping[str, Any]) -> Any:
    """Write a folder without slashes around it."""
    return str(value).strip("/")


def lakehouse_folder(value: Any, _: Mapping[str, Any]) -> Any:
    """Tell the lakehouse from the folder within it."""
    text = str(value).strip("/")
    found = _ITEM.fullmatch(text)
    return Moved({"lakehouse": found[1], "path": found[2]}) if found else text


def mirrored(_: Any, __: Mapping[str, Any]) -> Any:
    """Ask about a mirrored database, which is not one of the stores for lakehouses."""
    raise Asked("a mirrored database has a store of its own", 'use type = "open_mirroring" and its keys')


def schema_folder(value: Any, _: Mapping[str, Any]) -> Any:
    """Keep the folder that the original made of a schema."""
    return Moved({"path": f"Files/{value}.schema/{{entity}}"})


def landing_zone_folder(value: Any, _: Mapping[str, Any]) -> Any:
    """Find the schema in the path of a landing zone, and ask about any other path."""
    found = re.fullmatch(r"(?:/?[^/]+/)?Files/LandingZone/(?:([^/]+)\.schema/)?\{entity\}/?", str(value))
    if not found:
        raise Asked(
            "a table lies at <schema>.schema/<table> of the landing zone, and nowhere else",
            "say the folder as schema and table",
        )
    if found[1] is None:
        raise Dropped("the landing zone's own folder follows from the mirror")
    return Moved({"schema": found[1]})


def _no_keys_in_onelake(value: Any, _: Mapping[str, Any]) -> Any:
    if value == "storage_key":
        raise Asked("OneLake has no account keys", 'use credential = "default" or another that gives tokens')
    return value


def _signs_in_with(kind: str) -> Any:
    return lambda table: table.get("credential", _MANAGED) == kind or "${" in str(table.get("credential", ""))


_PRINCIPAL = only_where(_signs_in_with("service_principal"), "the way of signing in does not ask for it")
_APPLICATION = (
    kept("tenant_id", convert=_PRINCIPAL),
    kept("client_id", convert=_PRINCIPAL),
    kept("client_secret", "a secret, so it comes from the environment", convert=_PRINCIPAL, secret=True),
)
_KEY = renamed(
    "storage_account_key",
    "account_key",
    "a secret, so it comes from the environment",
    convert=only_where(_signs_in_with("storage_key"), "the way of signing in does not ask for it"),
    secret=True,
)

ACCOUNT = (kept("credential", convert=words({"storage_key": "account_key"})), *_APPLICATION, _KEY)
"""Ways to sign in to a storage account."""

ONELAKE = (kept("credential", convert=_no_keys_in_onelake), *_APPLICATION, _KEY)
"""Ways to sign in to OneLake."""

ADDED = (("credential", _MANAGED),)
