"""One connection from its first byte to its last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tds.channel import RESET, RESET_KEEPING_TRANSACTION, Disconnected
from tds.greeting import greet
from tds.reply import Reply
from tds.turn import Turn


if TYPE_CHECKING:
    from tds.channel import Channel, Message
    from tds.server import SqlServer
    from tds.state import ConnectionState


def converse(channel: Channel, server: SqlServer, number: int) -> None:
    """Let a client in and answer its requests until it goes, which ends with `Disconnected`."""
    try:
        admission = greet(channel, server, number)
    except ValueError as error:
        raise Disconnected("this was no login") from error
    state = admission.state
    server.seen.count(logins=1, open=1)
    try:
        admission.tell()
        while True:
            _answer(channel.read_message(), channel, state, server)
    finally:
        server.engine.close(state.session)
        server.seen.count(open=-1, bytes_sent=channel.sent)


def _answer(message: Message, channel: Channel, state: ConnectionState, server: SqlServer) -> None:
    reply = Reply(channel)
    turn = Turn(reply, state, server)
    channel.piece = None
    if message.status & (RESET | RESET_KEEPING_TRANSACTION):
        reply.write(state.reset())
    turn.answer(message)
    reply.finish()
    if turn.fatal:
        raise Disconnected("closed by an error")
