"""Connection strings: the settings in the words of each driver, every value escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core import HomeError


if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygge_home_mssql.config import MssqlConnectionConfig
    from hygge_home_mssql.drivers import Driver


_MICROSOFT_INSTEAD = "use Microsoft's driver (pip install mssql-python brings it)"
_NAMES = {"PWD": "password", "UID": "user"}


def connection_string(settings: MssqlConnectionConfig, driver: Driver) -> str:
    """Write the string for pyodbc, secrets included: never to be shown.

    Raises `HomeError` for a setting that the driver cannot keep to.
    """
    if driver.family == "freetds":
        _demand_possible(settings)
        return _joined_for_freetds({"Driver": driver.reference, **_freetds(settings)})
    return _joined({"Driver": driver.reference, **_microsoft(settings), "APP": settings.application_name})


def arrow_string(settings: MssqlConnectionConfig) -> str:
    """Write the string for mssql-python, which brings its driver and names the application itself."""
    return _joined(_microsoft(settings))


def _joined(pairs: Mapping[str, str]) -> str:
    """Put every value in braces, inside of which only a closing brace means something, and is doubled."""
    return ";".join(f"{key}={{{value.replace('}', '}}')}}}" for key, value in pairs.items())


def _joined_for_freetds(pairs: Mapping[str, str]) -> str:
    """Put every value in braces, which end for FreeTDS where a semicolon follows, and nowhere else."""
    for key, value in pairs.items():
        if "};" in value:
            raise HomeError(f"FreeTDS takes no {_NAMES.get(key, key)} that has }}; in it", fix=_MICROSOFT_INSTEAD)
    return "".join(f"{key}={{{value}}};" for key, value in pairs.items())


def _microsoft(settings: MssqlConnectionConfig) -> dict[str, str]:
    pairs = {
        "Server": _address(settings),
        "Database": settings.database,
        "Encrypt": "strict" if settings.encrypt == "strict" else _yes(settings.encrypt),
        "TrustServerCertificate": _yes(settings.trust_server_certificate),
    }
    pairs |= {
        key: value
        for key, value in (
            ("ServerCertificate", settings.certificate),
            ("HostNameInCertificate", settings.certificate_host),
            ("ApplicationIntent", "ReadOnly" if settings.read_only else ""),
            ("MultiSubnetFailover", "yes" if settings.multi_subnet_failover else ""),
        )
        if value
    }
    return pairs | _login(settings)


def _freetds(settings: MssqlConnectionConfig) -> dict[str, str]:
    pairs = {
        "Server": settings.server + (f"\\{settings.instance}" if settings.instance else ""),
        "Port": str(settings.port or 1433),
        "Database": settings.database,
        "TDS_Version": "7.4",
        "ClientCharset": "UTF-8",
        "Encryption": "require" if settings.encrypt else "off",
        "APP": settings.application_name,
    }
    if settings.instance or "\\" in settings.server:
        del pairs["Port"]
    if settings.read_only:
        pairs["ApplicationIntent"] = "ReadOnly"
    return pairs | _login(settings)


def _login(settings: MssqlConnectionConfig) -> dict[str, str]:
    if settings.auth == "sql":
        return {"UID": settings.user, "PWD": settings.password.reveal()}
    return {"Trusted_Connection": "yes"} if settings.auth == "windows" else {}


def _address(settings: MssqlConnectionConfig) -> str:
    if settings.instance:
        return f"{settings.server}\\{settings.instance}"
    return f"{settings.server},{settings.port}" if settings.port else settings.server


def _demand_possible(settings: MssqlConnectionConfig) -> None:
    """Refuse what FreeTDS would leave out without a word."""
    fix = _MICROSOFT_INSTEAD
    if settings.auth not in {"sql", "windows"}:
        raise HomeError(f'FreeTDS cannot log in with a token, as auth = "{settings.auth}" asks for', fix=fix)
    if settings.auth == "sql" and "\\" in settings.user:
        raise HomeError("FreeTDS takes a user with a backslash for one of Windows", fix=fix)
    if settings.encrypt == "strict" or settings.multi_subnet_failover:
        what = 'encrypt = "strict"' if settings.encrypt == "strict" else "multi_subnet_failover"
        raise HomeError(f"FreeTDS cannot do {what}", fix=fix)
    if settings.certificate or settings.certificate_host:
        raise HomeError("FreeTDS cannot look for a certificate that the project names", fix=fix)
    if settings.encrypt and not settings.trust_server_certificate:
        fix += ", or set trust_server_certificate = true if the way to the server is safe"
        raise HomeError("FreeTDS does not check the server's certificate", fix=fix)


def _yes(value: bool) -> str:  # noqa: FBT001 - one flag as its word
    return "yes" if value else "no"
