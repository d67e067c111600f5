"""What a project may say about SQL Server: the keys of a ``[connections.<name>]`` table of type ``mssql``."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from attrs import field, frozen
from attrs.validators import ge, gt, le, min_len

from hygge_core.secret import Secret


Auth = Literal[
    "sql",
    "windows",
    "entra_default",
    "entra_managed_identity",
    "entra_service_principal",
    "entra_interactive",
    "access_token",
]
"""How to prove who is asking."""

_NEEDED: dict[str, tuple[str, ...]] = {
    "sql": ("user", "password"),
    "entra_service_principal": ("tenant_id", "client_id", "client_secret"),
    "access_token": ("access_token",),
}
_ALLOWED: dict[str, tuple[str, ...]] = {
    "entra_default": ("tenant_id", "client_id"),
    "entra_managed_identity": ("client_id",),
    "entra_interactive": ("tenant_id", "client_id", "user"),
}
_PROOFS = ("user", "password", "tenant_id", "client_id", "client_secret", "access_token")
_LONGEST = timedelta(days=1)
_NOTHING = Secret("")


@frozen(kw_only=True)
class MssqlConnectionConfig:
    """The keys of a connection of type ``mssql``.

    ``certificate`` is the file of the one certificate that the server must show, for ``encrypt = "strict"`` only, and
    ``certificate_host`` the name in its certificate where that is not ``server``; ``read_only`` asks an availability
    group for a readable secondary; ``query_timeout`` of zero means that a query may take as long as it likes.
    """

    server: str = field(validator=min_len(1))
    database: str = field(validator=min_len(1))
    instance: str = ""
    port: int = field(default=0, validator=[ge(0), le(65535)])
    auth: Auth = "sql"
    user: str = ""
    password: Secret = _NOTHING
    tenant_id: str = ""
    client_id: str = ""
    client_secret: Secret = _NOTHING
    access_token: Secret = _NOTHING
    encrypt: bool | Literal["strict"] = True
    trust_server_certificate: bool = False
    certificate: str = ""
    certificate_host: str = ""
    driver: str = ""
    application_name: str = "hygge"
    read_only: bool = False
    multi_subnet_failover: bool = False
    connect_timeout: timedelta = field(default=timedelta(seconds=15), validator=[gt(timedelta(0)), le(_LONGEST)])
    query_timeout: timedelta = field(default=timedelta(0), validator=[ge(timedelta(0)), le(_LONGEST)])
    pool_size: int = field(default=8, validator=[ge(1), le(1000)])

    def __attrs_post_init__(self) -> None:
        given = {name for name in _PROOFS if self._says(name)}
        needed = _NEEDED.get(self.auth, ())
        for name in needed:
            if name not in given:
                raise ValueError(f'auth = "{self.auth}" needs {" and ".join(needed)}; {name} is missing')
        for name in sorted(given.difference(needed, _ALLOWED.get(self.auth, ()))):
            raise ValueError(f'{name} means nothing to auth = "{self.auth}"; leave it out, or choose another auth')
        self._demand_one_address()
        self._demand_one_trust()

    def secrets(self) -> tuple[str, ...]:
        """Return the texts that must not appear in any message."""
        return tuple(
            secret.reveal() for secret in (self.password, self.client_secret, self.access_token) if secret.reveal()
        )

    def _says(self, name: str) -> bool:
        value = getattr(self, name)
        return bool(value.reveal() if isinstance(value, Secret) else value)

    def _demand_one_address(self) -> None:
        if ";" in self.server or "{" in self.server:
            raise ValueError(
                "server is the name of a computer, not a connection string; its parts have keys of their own"
            )
        if self.port and ("," in self.server or self.instance or "\\" in self.server):
            raise ValueError("port stands alone: leave it out of server, and name no instance beside it")
        if self.instance and "\\" in self.server:
            raise ValueError("the instance stands in server and in instance; leave one of them out")

    def _demand_one_trust(self) -> None:
        if self.certificate and self.encrypt != "strict":
            raise ValueError('certificate is only looked at with encrypt = "strict"; set that, or leave it out')
        if self.certificate_host and not self.encrypt:
            raise ValueError("encrypt = false and certificate_host do not go together; leave one of them out")
        if self.trust_server_certificate and (self.certificate or self.certificate_host or self.encrypt == "strict"):
            raise ValueError("trust_server_certificate = true looks at no certificate; leave out what says how")
