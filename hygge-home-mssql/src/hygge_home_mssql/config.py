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


def _described(text: str) -> dict[str, str]:
    return {"doc": text}


@frozen(kw_only=True)
class MssqlConnectionConfig:
    """The keys of a connection of type ``mssql``.

    ``certificate`` is the file of the one certificate that the server must show, for ``encrypt = "strict"`` only, and
    ``certificate_host`` the name in its certificate where that is not ``server``; ``read_only`` asks an availability
    group for a readable secondary; ``query_timeout`` of zero means that a query may take as long as it likes.
    """

    server: str = field(
        validator=min_len(1), metadata=_described("The computer, as `host`, `host,1433` or `host\\instance`.")
    )
    database: str = field(validator=min_len(1), metadata=_described("The database."))
    instance: str = field(default="", metadata=_described("A named instance, instead of writing it into `server`."))
    port: int = field(
        default=0,
        validator=[ge(0), le(65535)],
        metadata=_described("The port, instead of writing it into `server`; 0 leaves it to the driver."),
    )
    auth: Auth = field(default="sql", metadata=_described("How to sign in; each way asks for keys of its own."))
    user: str = field(
        default="", metadata=_described("The login, for `sql`; or the account to offer, for `entra_interactive`.")
    )
    password: Secret = field(default=_NOTHING, metadata=_described("The login's password, for `sql`."))
    tenant_id: str = field(default="", metadata=_described("The tenant's id or domain, for the Entra ways."))
    client_id: str = field(
        default="",
        metadata=_described("The application's id, for `entra_service_principal`, or one of several identities."),
    )
    client_secret: Secret = field(
        default=_NOTHING, metadata=_described("The application's secret, for `entra_service_principal`.")
    )
    access_token: Secret = field(
        default=_NOTHING, metadata=_described("A token for `https://database.windows.net/`, for `access_token`.")
    )
    encrypt: bool | Literal["strict"] = field(
        default=True,
        metadata=_described("TLS for the whole connection; `strict` is TDS 8, `false` is none beyond the login."),
    )
    trust_server_certificate: bool = field(default=False, metadata=_described("Take any certificate."))
    certificate: str = field(
        default="",
        metadata=_described("The file of the one certificate that the server must show, with `encrypt` at `strict`."),
    )
    certificate_host: str = field(
        default="", metadata=_described("The name in the server's certificate, where it is not that of `server`.")
    )
    driver: str = field(
        default="",
        metadata=_described(
            "A registered ODBC driver or its file, for the engine `pyodbc`; without it, the best that is found."
        ),
    )
    application_name: str = field(default="hygge", metadata=_described("What the server shows of the session."))
    read_only: bool = field(default=False, metadata=_described("Ask an availability group for a readable secondary."))
    multi_subnet_failover: bool = field(default=False, metadata=_described("Try all addresses of a listener at once."))
    connect_timeout: timedelta = field(
        default=timedelta(seconds=15),
        validator=[gt(timedelta(0)), le(_LONGEST)],
        metadata=_described("How long one login may take."),
    )
    query_timeout: timedelta = field(
        default=timedelta(0),
        validator=[ge(timedelta(0)), le(_LONGEST)],
        metadata=_described("How long one statement may take; zero has no end."),
    )
    pool_size: int = field(
        default=8,
        validator=[ge(1), le(1000)],
        metadata=_described("How many connections there are at the same time, for all tables together."),
    )

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
