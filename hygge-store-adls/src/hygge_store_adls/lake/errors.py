"""What a failed request means: whether it may pass, whether it may have been carried out, and the error to raise.

Nothing that the Azure client says is passed on as it is: its texts hold addresses, and
those may hold a signature.
"""

from __future__ import annotations

import errno
import socket
import ssl
from typing import TYPE_CHECKING

from azure.core.exceptions import ClientAuthenticationError

from hygge_core.errors import StoreError, StoreUnavailable
from hygge_store_adls.lake import codes


if TYPE_CHECKING:
    from collections.abc import Iterator

    from azure.core.exceptions import AzureError


class LakeUnavailable(StoreUnavailable, OSError):
    """The service did not carry out a request now, and may do so in a moment."""


class LakeRefused(StoreError, OSError):
    """The service does not let this identity in, or not to this; ``fix`` says which role on what."""


class ServiceFault(Exception):
    """One request that failed, in words without addresses or signatures.

    ``passes`` says whether another try may help, ``unknown`` whether the request may have
    been carried out all the same, ``after`` how many seconds the service asks to wait.
    """

    def __init__(self, error: AzureError) -> None:
        response = getattr(error, "response", None)
        headers = getattr(response, "headers", None) or {}
        self.status: int = getattr(response, "status_code", None) or 0
        self.code = str(headers.get("x-ms-error-code") or _code(error))
        self.after = _seconds(headers.get("Retry-After"))
        self.expired = self.status == codes.UNAUTHORIZED
        self.what = _words(error, self.status, self.code)
        self.request = str(headers.get("x-ms-request-id") or "")
        unsent = isinstance(error, ClientAuthenticationError) or _untrusted(error)
        self.unknown = (not self.status and not unsent) or self.status in codes.DOUBTFUL
        self.passes = self.unknown or self.status == codes.THROTTLED or self.code in codes.PASSING
        self.signed_in = not isinstance(error, ClientAuthenticationError) or bool(self.status)
        super().__init__(f"{self.what}, request {self.request}" if self.request else self.what)


def error_for(fault: ServiceFault, where: str, *, onelake: bool = False) -> Exception:
    """Return the error that a lake raises for a request that has failed for good."""
    if fault.passes:
        fix = "see that the service can be reached from here, and run again"
        return LakeUnavailable(fault.what, where=where, fix=fix)
    if fault.code in codes.NO_CONTAINER:
        name = "workspace" if onelake else "container"
        return LakeRefused(f"there is no such {name}", where=where, fix=f"create the {name}, or mend its name")
    if fault.status in {0, codes.UNAUTHORIZED, codes.FORBIDDEN}:
        return LakeRefused(fault.what, where=where, fix=_fix(fault, onelake=onelake))
    for known, kind, number, what in _FILE_ERRORS:
        if fault.code in known or str(fault.status) in known:
            return kind(number, what, where)
    return OSError(errno.EIO, f"the service refused: {fault.what}", where)


_FILE_ERRORS: tuple[tuple[frozenset[str], type[OSError], int, str], ...] = (
    (codes.HELD, BlockingIOError, errno.EAGAIN, "is held by another writer"),
    (codes.MISSING, FileNotFoundError, errno.ENOENT, "is not there"),
    (frozenset({"SourceConditionNotMet"}), OSError, errno.ESTALE, "is not what it was: another writer came in between"),
    (codes.NOT_EMPTY, OSError, errno.ENOTEMPTY, "is a folder with something in it"),
    (codes.TAKEN, FileExistsError, errno.EEXIST, "is taken"),
    (codes.WRONG_KIND, NotADirectoryError, errno.ENOTDIR, "a file is where a folder should be, or the other way round"),
)
"""What becomes of codes and statuses, the first that fits."""


def _code(error: AzureError) -> str:
    code = getattr(error, "error_code", None)
    return str(getattr(code, "value", code) or "")


def _seconds(text: str | None) -> float | None:
    try:
        return max(float(text), 0.0) if text is not None else None
    except ValueError:
        return None


def _words(error: AzureError, status: int, code: str) -> str:
    if status:
        return f"{status} {code}" if code else f"HTTP status {status}"
    if isinstance(error, ClientAuthenticationError):
        return f"no token could be had ({type(error).__name__})"
    return next((words for cause in _causes(error) if (words := _known(cause))), "the connection was lost")


def _known(cause: BaseException) -> str:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({cause.verify_message})"
    if isinstance(cause, socket.gaierror):
        return "the name of the host cannot be resolved"
    if isinstance(cause, ConnectionRefusedError):
        return "the host refused the connection"
    return "no answer in time" if "Timeout" in type(cause).__name__ else ""


def _untrusted(error: AzureError) -> bool:
    return any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and what led to it, which the Azure client and urllib3 keep in attributes and arguments."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        cause = waiting.pop(0)
        if isinstance(cause, BaseException) and id(cause) not in seen:
            seen.add(id(cause))
            yield cause
            kept = (getattr(cause, name, None) for name in ("inner_exception", "reason"))
            waiting += [cause.__cause__, cause.__context__, *kept, *cause.args]


def _fix(fault: ServiceFault, *, onelake: bool) -> str:
    if not fault.signed_in:
        return "check the credential and its keys, and that this machine reaches the sign-in service"
    if not fault.status:
        return "set ca_file to the authority that signed it, or mend the endpoint"
    if fault.status == codes.UNAUTHORIZED:
        return "the token must be for https://storage.azure.com/ and of the account's tenant; sign in again"
    return _FIXES.get(fault.code) or (_ONELAKE_ROLE if onelake else _ROLE)


_FIXES = {
    "AuthenticationFailed": "the key, signature or token is not valid for this account now; check it, and this "
    "machine's clock",
    "AuthorizationFailure": "let this network through the account's firewall, and check what the signature or role "
    "allows",
}
_ROLE = "give this identity the role Storage Blob Data Contributor on the container"
_ONELAKE_ROLE = (
    "make this identity a Contributor of the workspace or give it read and write on the item; for a service "
    "principal the tenant must allow Fabric APIs and access to OneLake from outside"
)
