"""What Polars' own readers need for files in the account: an address, and options that prove who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from hygge_store_adls.credentials.tokens import SCOPE
from hygge_store_adls.endpoint import ONELAKE, PUBLIC


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hygge_store_adls.lake import Credential, LakePlace


_SCHEMES = ("abfss://", "abfs://", "https://", "http://", "az://", "azure://")
_KNOWN = (PUBLIC, ONELAKE.partition("onelake.")[2])


def address_within(place: LakePlace, account: str, path: str) -> str:
    """Return a path below the place as Polars takes it; an address is taken apart and put together again.

    A slash at the end is what makes Polars look into a folder, and stays.  Raises `ValueError` for an address
    that leads elsewhere.
    """
    if path.startswith(_SCHEMES):
        return _address(place, account, _path_in(place, account, path))
    below = place.at(path.strip("/"))
    return _address(place, account, f"{below}/" if path.endswith("/") else below)


def scan_options(place: LakePlace, account: str, credential: Credential) -> Mapping[str, Any]:
    """Return keyword arguments for ``polars.scan_parquet`` and its like, secrets included."""
    reached: dict[str, Any] = {"account_name": account}
    if urlsplit(place.endpoint).scheme == "http":
        reached["allow_http"] = "true"
    if not _is_known(place):
        reached["endpoint"] = place.endpoint.replace(".dfs.", ".blob.", 1)
    return _signed(reached, credential)


def _signed(reached: dict[str, Any], credential: Credential) -> Mapping[str, Any]:
    from azure.core.credentials import AzureNamedKeyCredential, AzureSasCredential

    if isinstance(credential, AzureNamedKeyCredential):
        return {"storage_options": {**reached, "account_key": credential.named_key.key}, "credential_provider": None}
    if isinstance(credential, AzureSasCredential):
        return {"storage_options": {**reached, "sas_key": credential.signature}, "credential_provider": None}

    def ask() -> tuple[dict[str, str | None], int | None]:
        token = credential.get_token(SCOPE)
        return {"bearer_token": token.token}, token.expires_on

    provider: Callable[[], tuple[dict[str, str | None], int | None]] = ask
    return {"storage_options": reached, "credential_provider": provider}


def _address(place: LakePlace, account: str, path: str) -> str:
    """Write an address whose host Polars knows; where it knows none, the options name the endpoint."""
    host = urlsplit(place.endpoint).netloc if _is_known(place) else f"{account}.{PUBLIC}"
    return f"abfss://{place.container}@{host}/{path}"


def _is_known(place: LakePlace) -> bool:
    parts = urlsplit(place.endpoint)
    return (parts.hostname or "").partition(".")[2] in _KNOWN and not parts.path


def _path_in(place: LakePlace, account: str, address: str) -> str:
    """Take the path out of an address of this container; names in it may hold ``#`` and ``?``, which stay."""
    scheme, _, rest = address.partition("://")
    host, _, path = rest.partition("/")
    if "@" in host:
        container, _, host = host.partition("@")
    elif scheme in {"https", "http"}:
        container, _, path = path.partition("/")
    else:
        container, host = host, ""
    own = {"", urlsplit(place.endpoint).netloc, f"{account}.{PUBLIC}"}
    if container != place.container or host.replace(".blob.", ".dfs.", 1) not in own:
        message = f"{address} is not in container {place.container} of {place.endpoint}"
        raise ValueError(message)
    return path
