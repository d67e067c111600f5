"""Asking for tokens, and saying in words what to do when none is given."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hygge_core.errors import StoreError, StoreUnavailable


if TYPE_CHECKING:
    from azure.core.credentials import AccessToken, TokenCredential
    from azure.core.exceptions import ClientAuthenticationError

    from hygge_store_adls.credentials.kinds import CredentialKind


SCOPE = "https://storage.azure.com/.default"
"""What tokens are asked for: the audience of storage accounts and of OneLake, in every cloud."""

_CODE = re.compile(r"AADSTS\d+")
_MEANINGS = {
    "AADSTS7000215": ("the client secret is wrong", "give the secret's value, not its id"),
    "AADSTS7000222": ("the client secret has expired", "make a new one for the application"),
    "AADSTS700016": ("the tenant knows no application with this client_id", "check client_id and tenant_id"),
    "AADSTS90002": ("there is no tenant with this tenant_id", "check tenant_id, and authority in a sovereign cloud"),
    "AADSTS700027": ("the certificate is not one of the application's", "upload its public part to the application"),
    "AADSTS7000112": ("the application is disabled", "enable it in the tenant"),
}
_OTHER_TENANT = re.compile(r"not configured to acquire tokens for tenant ([\w.-]+\w)")
_FIXES: dict[CredentialKind, str] = {
    "default": "sign in with `az login`, set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or name one "
    "way of signing in as credential",
    "managed_identity": "run this where an identity is assigned to the machine or app, and give its client_id if "
    "there are several",
    "service_principal": "check tenant_id, client_id and the secret or certificate",
    "azure_cli": "install the Azure CLI and run `az login`",
}


class ExplainedTokens:
    """A source of tokens whose failures name the way of signing in, what went wrong and what to do.

    It keeps nothing: the source behind it and the Azure client remember tokens and renew them
    in time.
    """

    def __init__(self, source: TokenCredential, kind: CredentialKind) -> None:
        self._source = source
        self._kind = kind

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """Return a token. Raises `StoreError`, or `StoreUnavailable` when nobody could be asked."""
        from azure.core.exceptions import AzureError, ClientAuthenticationError

        try:
            return self._source.get_token(*scopes, **options)
        except ClientAuthenticationError as error:
            raise (self._unanswered(error) if _is_of_the_network(error) else self._refused(error)) from error
        except (AzureError, ValueError) as error:
            raise self._unanswered(error) from error

    def close(self) -> None:
        """Let go of the connection to the sign-in service."""
        close = getattr(self._source, "close", None)
        if close is not None:
            close()

    def __repr__(self) -> str:
        return f"tokens by {self._kind}"

    def _refused(self, error: ClientAuthenticationError) -> StoreError:
        said = str(error.message)
        tenant = _OTHER_TENANT.search(said)
        if tenant:
            fix = f'set tenant_id = "{tenant[1]}", or sign in as somebody of that tenant'
            return StoreError(f"the account belongs to another tenant, {tenant[1]}", where=self._where, fix=fix)
        code = _CODE.search(said)
        what, fix = _MEANINGS.get(code[0] if code else "", (_first_line(said), _FIXES[self._kind]))
        told = f"{what} ({code[0]})" if code and code[0] not in what else what
        return StoreError(f"no token was given: {told}", where=self._where, fix=fix)

    def _unanswered(self, error: Exception) -> StoreError:
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            fix = "set ca_file to the authority that signed its certificate, or mend authority"
            return StoreError("the sign-in service is not trusted", where=self._where, fix=fix)
        what = f"nobody could be asked for a token: {_first_line(str(error))}"
        return StoreUnavailable(what, where=self._where, fix="check authority, and the network between here and it")

    @property
    def _where(self) -> str:
        return f'credential = "{self._kind}"'


def _is_of_the_network(error: BaseException | None) -> bool:
    """Tell whether what looks like a refusal began with a request that nobody answered."""
    from azure.core.exceptions import ServiceRequestError, ServiceResponseError

    while error is not None:
        if isinstance(error, ServiceRequestError | ServiceResponseError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _first_line(text: str) -> str:
    """Cut what a library said down to one line of moderate length."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "no reason was given")
    return line if len(line) <= 300 else f"{line[:299]}…"  # noqa: PLR2004 - about four lines of a terminal
