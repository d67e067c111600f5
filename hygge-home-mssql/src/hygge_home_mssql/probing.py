"""What ``hygge debug`` says of a connection and of a table: each step on the way, and what to try where it ends."""

from __future__ import annotations

import socket
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from hygge_core import HomeError
from hygge_core.home import Finding
from hygge_core.sql import Statement
from hygge_home_mssql.reading.session import Session


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hygge_core.home import ReadRequest
    from hygge_home_mssql.connection import MssqlConnection
    from hygge_home_mssql.home import MssqlHome


_DEFAULT_PORT = 1433
_CLOCK = Statement("SELECT DATEDIFF_BIG(MILLISECOND, '1970-01-01', SYSUTCDATETIME())")
_ENCRYPTED = Statement("SELECT encrypt_option, auth_scheme FROM sys.dm_exec_connections WHERE session_id = @@SPID")
_WHO = Statement("SELECT SUSER_SNAME(), USER_NAME()")
_MOST_SKEW_SECONDS = 60


def of_connection(connection: MssqlConnection) -> Iterator[Finding]:
    """Go the whole way to the server, step by step; the first step that fails ends it."""
    steps = (_driver, _name, _port, _login, _server, _isolation, _encryption, _clock)
    for step in steps:
        finding = _tried(step, connection)
        yield finding
        if not finding.ok and step in {_driver, _name, _port, _login}:
            return


def of_table(home: MssqlHome, request: ReadRequest) -> Iterator[Finding]:
    """Open one entity as a run would, and say what there is."""
    try:
        reading = home.read(request)
        try:
            yield _good("columns", _columns(len(reading.schema)))
            yield _good("isolation", f"{reading.isolation.name}")
        finally:
            reading.close()
    except HomeError as error:
        yield Finding(probe="read", ok=False, what=f"{error.where}: {error.what}", fix=error.fix)


def _tried(step: Callable[[MssqlConnection], Finding], connection: MssqlConnection) -> Finding:
    try:
        return step(connection)
    except HomeError as error:
        return Finding(probe=step.__name__.strip("_"), ok=False, what=f"{error.where}: {error.what}", fix=error.fix)


def _driver(connection: MssqlConnection) -> Finding:
    return _good("driver", f"{connection.driver.name} is here")


def _name(connection: MssqlConnection) -> Finding:
    host, _ = _address(connection)
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError as error:
        fix = "check server; are the network and the VPN up?"
        return Finding(probe="name", ok=False, what=f"{host} is not known: {error}", fix=fix)
    addresses = sorted({str(address[0]) for *_, address in found})
    return _good("name", f"{host} is {', '.join(addresses)}")


def _port(connection: MssqlConnection) -> Finding:
    host, port = _address(connection)
    if port is None:
        return _good("port", "the port of a named instance is found by the driver, over UDP 1434")
    seconds = connection.settings.connect_timeout.total_seconds()
    try:
        with closing(socket.create_connection((host, port), timeout=seconds)):
            return _good("port", f"{host} takes connections at port {port}")
    except OSError as error:
        fix = "check port, the firewall, and that the server listens to TCP"
        return Finding(probe="port", ok=False, what=f"{host} does not answer at port {port}: {error}", fix=fix)


def _login(connection: MssqlConnection) -> Finding:
    ((login, user),) = _asked(connection, _WHO)
    return _good("login", f"logged in as {login}, in the database as {user}")


def _server(connection: MssqlConnection) -> Finding:
    facts = connection.facts
    known = [facts.version or "a server of unknown version", facts.edition, facts.collation]
    return _good("server", ", ".join(filter(None, known)))


def _isolation(connection: MssqlConnection) -> Finding:
    facts = connection.facts
    if facts.snapshot is None:
        return _good("isolation", "the server does not say whether snapshots are allowed")
    if facts.snapshot:
        return _good("isolation", 'snapshots are allowed: isolation = "snapshot" shows every table at one moment')
    versions = "readers and writers do not wait for each other" if facts.versioned else "readers wait for writers"
    return _good("isolation", f"snapshots are not allowed; at read committed {versions}")


def _encryption(connection: MssqlConnection) -> Finding:
    try:
        ((encrypted, scheme),) = _asked(connection, _ENCRYPTED)
    except (HomeError, ValueError):
        return _good("encryption", "the server does not say whether the connection is encrypted")
    if str(encrypted).upper() == "TRUE":
        return _good("encryption", f"the connection is encrypted, login by {scheme}")
    return Finding(probe="encryption", ok=False, what="the connection is not encrypted", fix="set encrypt = true")


def _clock(connection: MssqlConnection) -> Finding:
    """Compare clocks, for watermarks that programs set; a minute is no harm to anyone's ``lag``."""
    before = datetime.now(UTC).timestamp()
    ((milliseconds,),) = _asked(connection, _CLOCK)
    skew = int(milliseconds) / 1000 - (before + datetime.now(UTC).timestamp()) / 2
    if abs(skew) <= _MOST_SKEW_SECONDS:
        return _good("clock", "the clocks of the server and of this machine agree")
    ahead = f"{abs(skew):,.0f} s {'ahead of' if skew > 0 else 'behind'} this machine's"
    return Finding(probe="clock", ok=False, what=f"the server's clock is {ahead}", fix="set the one that is wrong")


def _address(connection: MssqlConnection) -> tuple[str, int | None]:
    """Return host and port; no port for a named instance."""
    settings = connection.settings
    server = settings.server.removeprefix("tcp:")
    host, comma, port = server.partition(",")
    host, slash, _ = host.partition("\\")
    if settings.instance or (slash and not comma):
        return host, None
    return ("127.0.0.1" if host in {".", "(local)"} else host), int(port or settings.port or _DEFAULT_PORT)


def _asked(connection: MssqlConnection, statement: Statement) -> list[tuple[Any, ...]]:
    session = Session(connection, connection.where)
    try:
        return [tuple(row) for row in session.rows(statement)]
    finally:
        session.close()


def _columns(number: int) -> str:
    return "1 column can be read" if number == 1 else f"{number:,} columns can be read"


def _good(probe: str, what: str) -> Finding:
    return Finding(probe=probe, ok=True, what=what)
