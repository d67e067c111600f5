"""Reading what a client says before it is let in: PRELOGIN and LOGIN7."""

from __future__ import annotations

import struct

from attrs import field, frozen

from tds.buffer import Reader
from tds.contract import SqlError


ENCRYPT_LOGIN, ENCRYPT_ALL, ENCRYPT_UNSUPPORTED, ENCRYPT_REQUIRED = 0, 1, 2, 3
VERSION_OPTION, ENCRYPTION_OPTION, INSTANCE_OPTION, THREAD_OPTION, MARS_OPTION, TRACE_OPTION, FEDAUTH_OPTION = range(7)
END_OF_OPTIONS = 0xFF
FEDAUTH_FEATURE, UTF8_FEATURE = 0x02, 0x0A
SECURITY_TOKEN = 0x01
TDS_7_2 = 0x72090002


@frozen
class Login:
    """A LOGIN7 message. `token` is an access token, when the client sent one instead of a password."""

    version: int
    packet_size: int
    user: str
    password: str = field(repr=False)
    database: str
    application: str
    host: str
    read_only: bool
    integrated: bool
    token: str | None = field(repr=False)
    utf8: bool


def read_options(data: bytes) -> dict[int, bytes]:
    """Return the options of a PRELOGIN message by their number."""
    options = {}
    reader = Reader(data)
    while (option := reader.number("B")) != END_OF_OPTIONS:
        offset, length = struct.unpack(">HH", reader.take(4))
        options[option] = data[offset : offset + length]
    return options


def write_options(options: dict[int, bytes]) -> bytes:
    """Return a PRELOGIN message."""
    offset = 5 * len(options) + 1
    head, body = b"", b""
    for option, value in options.items():
        head += struct.pack(">BHH", option, offset + len(body), len(value))
        body += value
    return head + bytes([END_OF_OPTIONS]) + body


def read_login(data: bytes) -> Login:
    """Return the LOGIN7 message; its password and token are readable, so it goes nowhere but to the accounts."""
    reader = Reader(data)
    _, version, packet_size = reader.number("I"), reader.number("I"), reader.number("I")
    reader.take(12)  # client's program version, process, connection
    _, flags2, kind, flags3 = reader.take(4)
    reader.take(8)  # time zone, language
    host, user, password, application, _, extension, _, _, database = (_slice(reader, data) for _ in range(9))
    features = _features(data, extension) if flags3 & 0x10 else {}
    return Login(
        version=version,
        packet_size=packet_size,
        user=user.decode("utf-16-le"),
        password=_plain(password),
        database=database.decode("utf-16-le"),
        application=application.decode("utf-16-le"),
        host=host.decode("utf-16-le"),
        read_only=bool(kind & 0x20),
        integrated=bool(flags2 & 0x80),
        token=_token(features.get(FEDAUTH_FEATURE)),
        utf8=UTF8_FEATURE in features,
    )


def _slice(reader: Reader, data: bytes) -> bytes:
    offset, length = reader.number("H"), reader.number("H")
    return data[offset : offset + 2 * length]


def _plain(password: bytes) -> str:
    mixed = (byte ^ 0xA5 for byte in password)
    return bytes((byte << 4 | byte >> 4) & 0xFF for byte in mixed).decode("utf-16-le")


def _features(data: bytes, extension: bytes) -> dict[int, bytes]:
    reader = Reader(data)
    reader.position = struct.unpack("<I", extension[:4])[0]
    features = {}
    while (feature := reader.number("B")) != END_OF_OPTIONS:
        features[feature] = reader.take(reader.number("I"))
    return features


def _token(feature: bytes | None) -> str | None:
    """Return the access token. Clients that ask the server where to get one (ADAL) are not served."""
    if feature is None:
        return None
    reader = Reader(feature)
    library = reader.number("B") >> 1
    if library != SECURITY_TOKEN:
        raise SqlError(18456, f"The test server takes access tokens that the client brings, not library {library}.")
    return reader.take(reader.number("I")).decode("utf-16-le")
