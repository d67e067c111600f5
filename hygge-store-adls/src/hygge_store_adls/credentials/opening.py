"""Making the credential that the Azure client takes, from the keys of a configuration."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from hygge_core.errors import StoreError
from hygge_store_adls.credentials.tokens import ExplainedTokens
from hygge_store_adls.trust import trusted


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from azure.core.credentials import TokenCredential

    from hygge_core.secret import Secret
    from hygge_store_adls.credentials.kinds import CredentialKind
    from hygge_store_adls.lake import Credential
    from hygge_store_adls.settings import AccountSettings


_CONNECT_SECONDS = 10.0
"""Off Azure, the address that managed identities are asked at never answers."""


def open_credential(settings: AccountSettings, account: str, project: Path) -> Credential:
    """Make the credential; nobody is asked for a token before one is needed.

    ``account`` names what an account's key belongs to, ``project`` is the folder that relative
    paths start from.  Raises `StoreError` when a certificate or CA file cannot be used.
    """
    from azure.core.credentials import AzureNamedKeyCredential, AzureSasCredential

    if settings.account_key is not None:
        return AzureNamedKeyCredential(account, settings.account_key.reveal())
    if settings.sas is not None:
        return AzureSasCredential(settings.sas.reveal().strip().removeprefix("?"))
    _quieten()
    return ExplainedTokens(_TOKENS[settings.credential](settings, project), settings.credential)


def _quieten() -> None:
    """Let azure-identity log its failures only where everything is logged: they are errors of ours already."""
    logger = logging.getLogger("azure.identity")
    if logger.isEnabledFor(logging.WARNING) and not logger.isEnabledFor(logging.DEBUG):
        logger.setLevel(logging.ERROR)


def _default(settings: AccountSettings, project: Path) -> TokenCredential:
    from azure.identity import DefaultAzureCredential

    chosen = {"managed_identity_client_id": settings.client_id, "workload_identity_client_id": settings.client_id}
    tenant = {"workload_identity_tenant_id": settings.tenant_id}
    return DefaultAzureCredential(
        **_given(chosen), **_given(tenant), **_authority(settings), **_transport(settings, project)
    )


def _managed_identity(settings: AccountSettings, project: Path) -> TokenCredential:
    from azure.identity import ManagedIdentityCredential

    return ManagedIdentityCredential(client_id=settings.client_id, **_transport(settings, project))


def _service_principal(settings: AccountSettings, project: Path) -> TokenCredential:
    from azure.identity import ClientSecretCredential

    tenant, client = settings.tenant_id or "", settings.client_id or ""
    options = {**_authority(settings), **_transport(settings, project)}
    if settings.client_secret is not None:
        return ClientSecretCredential(tenant, client, settings.client_secret.reveal(), **options)
    return _certificate(settings, project, tenant, client, options)


def _certificate(
    settings: AccountSettings, project: Path, tenant: str, client: str, options: Mapping[str, Any]
) -> TokenCredential:
    from azure.identity import CertificateCredential

    path = project / (settings.certificate or "")
    try:
        password = _revealed(settings.certificate_password)
        return CertificateCredential(tenant, client, str(path), password=password, **options)
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise StoreError(what, where=str(path), fix="correct certificate, the path of the file") from error
    except (ValueError, TypeError) as error:
        fix = "give a PEM or PKCS12 file with its private key, and certificate_password if it has one"
        raise StoreError("is no certificate that this password opens", where=str(path), fix=fix) from error


def _azure_cli(settings: AccountSettings, project: Path) -> TokenCredential:  # noqa: ARG001 - all ways look alike
    from azure.identity import AzureCliCredential

    return AzureCliCredential(tenant_id=settings.tenant_id or "", process_timeout=int(settings.seconds))


_TOKENS: dict[CredentialKind, Callable[[AccountSettings, Path], TokenCredential]] = {
    "default": _default,
    "managed_identity": _managed_identity,
    "service_principal": _service_principal,
    "azure_cli": _azure_cli,
}


def _authority(settings: AccountSettings) -> dict[str, Any]:
    """An authority that the user wrote is trusted as it is: no other one is asked whether it is known."""
    return {} if settings.authority is None else {"authority": settings.authority, "disable_instance_discovery": True}


def _transport(settings: AccountSettings, project: Path) -> dict[str, Any]:
    """Bound each call for a token, and check its TLS against the same authorities as the account's."""
    connect = min(settings.seconds, _CONNECT_SECONDS)
    bounds = {"connection_timeout": connect, "read_timeout": settings.seconds, "retry_total": 2}
    ca_file = trusted(settings.ca_file, project)
    return bounds if ca_file is None else {**bounds, "connection_verify": ca_file}


def _given(options: Mapping[str, str | None]) -> dict[str, str]:
    return {key: value for key, value in options.items() if value is not None}


def _revealed(secret: Secret | None) -> str | None:
    return None if secret is None else secret.reveal()
