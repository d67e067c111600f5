"""The small tokens of replies: errors, messages, environment changes, login acknowledgement, ends of statements."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from tds.buffer import long_text, short_text


if TYPE_CHECKING:
    from tds.contract import SqlError


SERVER_NAME = "tds"
PROGRAM = "Microsoft SQL Server"
VERSION = (15, 0, 4000)  # SQL Server 2019, as the engine says; the drivers choose some questions by it

DONE, DONE_PROCEDURE, DONE_IN_PROCEDURE = 0xFD, 0xFE, 0xFF
MORE, FAILED, COUNTED, ATTENTION = 0x01, 0x02, 0x10, 0x20
DATABASE, LANGUAGE, PACKET_SIZE, COLLATION, BEGUN, COMMITTED, ROLLED_BACK, RESET, ROUTING = 1, 2, 4, 7, 8, 9, 10, 18, 20


def error(problem: SqlError) -> bytes:
    """Return an ERROR token."""
    return _message(0xAA, problem.number, problem.state, problem.severity, problem.message)


def info(number: int, text: str, *, state: int = 1, severity: int = 0) -> bytes:
    """Return an INFO token."""
    return _message(0xAB, number, state, severity, text)


def _message(token: int, number: int, state: int, severity: int, text: str) -> bytes:
    body = struct.pack("<iBB", number, state, severity) + long_text(text) + short_text(SERVER_NAME)
    body += short_text("") + struct.pack("<I", 1)  # no procedure, line 1
    return struct.pack("<BH", token, len(body)) + body


def changed_text(kind: int, new: str, old: str) -> bytes:
    """Return an ENVCHANGE of a text: the database, the language, the size of packets."""
    return _changed(kind, short_text(new) + short_text(old))


def changed_bytes(kind: int, new: bytes, old: bytes = b"") -> bytes:
    """Return an ENVCHANGE of bytes: the collation, a transaction's descriptor, an acknowledged reset."""
    return _changed(kind, bytes([len(new)]) + new + bytes([len(old)]) + old)


def routed(server: str, port: int) -> bytes:
    """Return the ENVCHANGE that sends the client to another server."""
    where = struct.pack("<BH", 0, port) + long_text(server)
    return _changed(ROUTING, struct.pack("<H", len(where)) + where + b"\0\0")


def _changed(kind: int, body: bytes) -> bytes:
    return struct.pack("<BHB", 0xE3, 1 + len(body), kind) + body


def login_acknowledged(version: int) -> bytes:
    """Return a LOGINACK for the TDS version of the client, as the number in its LOGIN7."""
    body = b"\x01" + struct.pack(">I", version) + short_text(PROGRAM)
    body += struct.pack(">BBH", *VERSION)
    return struct.pack("<BH", 0xAD, len(body)) + body


def features_acknowledged(features: dict[int, bytes]) -> bytes:
    """Return a FEATUREEXTACK for the features of a login that this server has."""
    entries = b"".join(struct.pack("<BI", feature, len(data)) + data for feature, data in features.items())
    return b"\xae" + entries + b"\xff"


def done(token: int, status: int, count: int | None = None, command: int = 0) -> bytes:
    """Return the end of a statement or procedure, with the number of rows where it has one."""
    status |= COUNTED if count is not None else 0
    return struct.pack("<BHHQ", token, status, command, count or 0)


def return_status(value: int) -> bytes:
    """Return a procedure's RETURNSTATUS."""
    return struct.pack("<Bi", 0x79, value)
