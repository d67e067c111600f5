"""Which folder of which account a lake is, and how it is reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlsplit

from attrs import field, frozen


if TYPE_CHECKING:
    from azure.core.credentials import AzureNamedKeyCredential, AzureSasCredential, TokenCredential


Credential: TypeAlias = "TokenCredential | AzureNamedKeyCredential | AzureSasCredential"
"""What proves who is asking: a source of tokens, an account's key, or a shared access signature."""


def _without_slashes(text: str) -> str:
    return text.strip("/")


_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@frozen(kw_only=True)
class LakePlace:
    """One folder of one container.

    ``endpoint`` is the address of the account without any signature, such as
    ``https://account.dfs.core.windows.net``; plain http is refused but to this machine.  ``container`` is the
    file system or, in OneLake, the workspace.  ``root`` is a path in it, whose names readers see as they are.
    ``hierarchical`` says whether folders are real; None lets the lake ask the account.
    """

    endpoint: str = field(converter=_without_slashes)
    container: str
    root: str = field(default="", converter=_without_slashes)
    hierarchical: bool | None = None

    def __attrs_post_init__(self) -> None:
        parts = urlsplit(self.endpoint)
        if parts.query or parts.username or parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("the endpoint must be an address such as https://account.dfs.core.windows.net")
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise ValueError(f"plain http to {parts.hostname} would show everything on the way; use https")

    @property
    def onelake(self) -> bool:
        """Whether the account is OneLake, where a container is a workspace and Fabric gives the roles."""
        return "onelake" in (urlsplit(self.endpoint).hostname or "")

    def at(self, path: str) -> str:
        """Return the path within the container. Raises `ValueError` when it would leave the root."""
        names = path.split("/") if path else []
        if any(name in {"", ".", ".."} for name in names):
            message = f"{path!r} leads out of the lake at {self.url('')}"
            raise ValueError(message)
        return "/".join([*filter(None, [self.root]), *names])

    def below(self, name: str) -> str:
        """Return the path in the lake of a name in the container that is in the root."""
        return name.strip("/").removeprefix(self.root).strip("/")

    def url(self, path: str) -> str:
        """Return the path as readers write it: ``abfss://container@host/path``, or plainly for a test server."""
        parts = urlsplit(self.endpoint)
        below = "/".join(filter(None, [self.root, path]))
        if parts.scheme == "https" and not parts.path:
            return f"abfss://{self.container}@{parts.netloc}/{below}"
        return f"{self.endpoint}/{self.container}/{below}"


@frozen(kw_only=True)
class Access:
    """How a lake talks to its account.

    ``memory`` bounds, in bytes, what is on its way up at once; each open file has a block of
    8 MiB besides.  ``timeout`` is how many seconds one answer may take, ``attempts`` how often
    a request is made in all.  ``lease`` is how many seconds a hold outlives a killed holder, 15 to 60.
    """

    api_version: str | None = None
    ca_file: str | None = None
    timeout: float = 60
    memory: int = 64 << 20
    attempts: int = 8
    lease: int = 60
