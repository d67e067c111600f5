"""Letting a client in: PRELOGIN, TLS, LOGIN7, and what the server says to a new session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from tds import login as messages
from tds import problems, tokens
from tds.attention import Attention
from tds.channel import DEFAULT_PACKET_SIZE, Disconnected
from tds.collations import collation
from tds.contract import DEFAULT_COLLATION, Session, SqlError
from tds.faults import Drop, Fail, Route, Slow
from tds.login import ENCRYPT_ALL, ENCRYPT_LOGIN, ENCRYPT_UNSUPPORTED, ENCRYPTION_OPTION, FEDAUTH_OPTION
from tds.reply import Reply
from tds.state import ConnectionState


if TYPE_CHECKING:
    from tds.channel import Channel
    from tds.faults import Fault
    from tds.login import Login
    from tds.server import SqlServer

TLS_RECORD = 0x16
BIGGEST_PACKET = 32_767
TDS_7_4, TDS_8 = 0x74000004, 0x08000000


@frozen
class Admission:
    """A client that may come in, and what it is going to be told."""

    state: ConnectionState
    reply: Reply
    packet_size: int

    def tell(self) -> None:
        """Let the client know; packets have the size that it wants from now on."""
        self.reply.finish()
        self.reply.channel.packet_size = self.packet_size


def greet(channel: Channel, server: SqlServer, number: int) -> Admission:
    """Hear a client's wishes and decide on its login; `Disconnected` when it is refused, which it has been told."""
    strict = channel.first_byte() == TLS_RECORD
    if strict:
        channel.start_tls(server.certificates.context(strict=True))
    asked = messages.read_options(channel.read_message().data)
    encryption = _agreed(asked, server) if not strict else ENCRYPT_ALL
    reply = Reply(channel)
    reply.write(messages.write_options(_prelogin(asked, encryption)))
    reply.finish()
    if not strict and encryption != ENCRYPT_UNSUPPORTED:
        channel.start_tls_in_packets(server.certificates.context(strict=False))
    wish = channel.read_message().data
    if encryption == ENCRYPT_LOGIN:
        channel.stop_tls()
    return _admit(channel, server, number, wish, strict=strict)


def _agreed(asked: dict[int, bytes], server: SqlServer) -> int:
    """Return what is encrypted; a client that does not fit is dropped, as a server drops it."""
    wanted = asked.get(ENCRYPTION_OPTION, b"\x02")[0]
    if server.encryption == "none":
        return ENCRYPT_UNSUPPORTED
    if server.encryption == "required" or wanted in {ENCRYPT_ALL, messages.ENCRYPT_REQUIRED}:
        if wanted == ENCRYPT_UNSUPPORTED:
            raise Disconnected("the client cannot encrypt")
        return ENCRYPT_ALL if wanted else messages.ENCRYPT_REQUIRED
    return wanted


def _prelogin(asked: dict[int, bytes], encryption: int) -> dict[int, bytes]:
    major, minor, build = tokens.VERSION
    options = {
        messages.VERSION_OPTION: bytes([major, minor, build >> 8, build & 0xFF, 0, 0]),
        ENCRYPTION_OPTION: bytes([encryption]),
        messages.INSTANCE_OPTION: b"\0",
        messages.THREAD_OPTION: b"",
        messages.MARS_OPTION: b"\0",
    }
    if FEDAUTH_OPTION in asked:
        options[FEDAUTH_OPTION] = b"\x01"
    return options


def _admit(channel: Channel, server: SqlServer, number: int, message: bytes, *, strict: bool) -> Admission:
    reply = Reply(channel)
    try:
        wish = messages.read_login(message)
        for fault in server.faults.of_login():
            _happen(fault, reply)
        user = server.accounts.check(wish)
        database = wish.database or server.database
        if database.lower() not in {name.lower() for name in server.engine.databases()}:
            raise problems.no_such_database(database)
    except SqlError as error:
        _refuse(reply, error, server)
        raise Disconnected("refused") from error
    attention = Attention(channel)
    session = Session(
        id=number,
        login=user,
        database=database,
        application=wish.application,
        host=wish.host,
        read_only=wish.read_only,
        cancelled=attention,
    )
    channel.session = number & 0xFFFF
    size = _write_welcome(reply, wish, database, strict=strict)
    return Admission(ConnectionState(session, server.engine, attention, wish.token), reply, size)


def _happen(fault: Fault, reply: Reply) -> None:
    if isinstance(fault, Fail):
        raise fault.error
    if isinstance(fault, Slow):
        reply.channel.readable(fault.seconds)  # a client sends nothing now, but it may go away
    elif isinstance(fault, Drop):
        raise Disconnected("dropped by a fault")
    elif isinstance(fault, Route):
        reply.write(tokens.login_acknowledged(TDS_7_4) + tokens.routed(fault.server, fault.port))
        reply.write(tokens.done(tokens.DONE, 0))
        reply.finish()
        raise Disconnected("routed away")


def _refuse(reply: Reply, error: SqlError, server: SqlServer) -> None:
    server.seen.count(refused=1)
    reply.write(tokens.error(error) + tokens.done(tokens.DONE, tokens.FAILED))
    reply.finish()


def _write_welcome(reply: Reply, wish: Login, database: str, *, strict: bool) -> int:
    size = min(max(wish.packet_size or DEFAULT_PACKET_SIZE, 512), BIGGEST_PACKET)
    reply.write(tokens.changed_text(tokens.DATABASE, database, "master"))
    reply.write(tokens.info(5701, f"Changed database context to '{database}'.", state=2))
    reply.write(tokens.changed_bytes(tokens.COLLATION, collation(DEFAULT_COLLATION).data))
    reply.write(tokens.changed_text(tokens.LANGUAGE, "us_english", ""))
    reply.write(tokens.info(5703, "Changed language setting to us_english."))
    reply.write(tokens.login_acknowledged(TDS_8 if strict else min(wish.version, TDS_7_4)))
    reply.write(tokens.changed_text(tokens.PACKET_SIZE, str(size), str(DEFAULT_PACKET_SIZE)))
    features = {messages.FEDAUTH_FEATURE: b""} if wish.token is not None else {}
    if wish.utf8:
        features[messages.UTF8_FEATURE] = b"\x01"
    if features:
        reply.write(tokens.features_acknowledged(features))
    reply.write(tokens.done(tokens.DONE, 0))
    return size
