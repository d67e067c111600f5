"""One connection's packets, with TLS inside the first ones, around all of them, or without."""

from __future__ import annotations

import select
import ssl
import struct
import time
from typing import TYPE_CHECKING, NamedTuple


if TYPE_CHECKING:
    import socket


HEADER = struct.Struct(">BBHHBB")  # type, status, length, session, packet number, window
LAST, RESET, RESET_KEEPING_TRANSACTION = 0x01, 0x08, 0x10
SQL_BATCH, RPC, REPLY, ATTENTION, TRANSACTION, LOGIN, PRELOGIN = 0x01, 0x03, 0x04, 0x06, 0x0E, 0x10, 0x12
DEFAULT_PACKET_SIZE = 4096


class Disconnected(Exception):
    """The client is gone, or the server has been told to drop it."""


class Message(NamedTuple):
    """All packets of a request put together."""

    kind: int
    data: bytes
    status: int


class Channel:
    """Reads messages and sends packets; one thread uses it."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self.packet_size = DEFAULT_PACKET_SIZE
        self.session = 0
        self.sent = 0
        self.piece: int | None = None
        self._received = bytearray()
        self._tls: ssl.SSLObject | None = None
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()

    def read_message(self) -> Message:
        kind, status, data = self._read_packet()
        parts = [data]
        whole = status
        while not status & LAST:
            _, status, data = self._read_packet()
            parts.append(data)
        return Message(kind, b"".join(parts), whole)

    def first_byte(self) -> int:
        """Look at the first byte that the client sends: 0x16 means TLS before anything else (Encrypt=strict)."""
        while not self._received:
            self._receive()
        return self._received[0]

    def start_tls(self, context: ssl.SSLContext) -> None:
        """Speak TLS from now on, its handshake first (TDS 8)."""
        self._incoming.write(bytes(self._received))
        self._received.clear()
        self._handshake(context, self._flush_tls, self._feed_tls)
        self._decrypt()

    def start_tls_in_packets(self, context: ssl.SSLContext) -> None:
        """Speak TLS from now on; the handshake goes in packets of type PRELOGIN (TDS 7)."""

        def flush() -> None:
            if data := self._outgoing.read():
                self.socket.sendall(_packet(PRELOGIN, LAST, 0, 0, data))

        def feed() -> None:
            self._incoming.write(self.read_message().data)

        tls, self._tls = self._tls, None
        assert tls is None
        self._handshake(context, flush, feed)

    def stop_tls(self) -> None:
        """Go on without TLS: what a client that encrypts only its login expects."""
        self._tls = None

    def send(self, data: bytes) -> None:
        """Send bytes that are packets already."""
        if self._tls is None:
            self._sendall(data)
        else:
            self._tls.write(data)
            self._flush_tls()
        self.sent += len(data)

    def readable(self, timeout: float = 0) -> bool:
        """Tell whether the client has sent something, or has gone, waiting for it up to `timeout` seconds."""
        if self._received:
            return True
        until = time.monotonic() + timeout
        while select.select([self.socket], [], [], max(0, until - time.monotonic()))[0]:
            self._receive()
            if self._received:
                return True
        return False

    def _handshake(self, context: ssl.SSLContext, flush, feed) -> None:
        tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        while True:
            try:
                tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                flush()
                feed()
            except ssl.SSLError as error:
                flush()
                raise Disconnected("no TLS") from error
        flush()
        self._tls = tls

    def _read_packet(self) -> tuple[int, int, bytes]:
        kind, status, length, _, _, _ = HEADER.unpack(self._take(HEADER.size))
        return kind, status, self._take(length - HEADER.size)

    def _take(self, size: int) -> bytes:
        while len(self._received) < size:
            self._receive()
        taken = bytes(self._received[:size])
        del self._received[:size]
        return taken

    def _receive(self) -> None:
        if self._tls is None:
            self._received += self._recv()
        else:
            self._feed_tls()
            self._decrypt()

    def _recv(self) -> bytes:
        try:
            data = self.socket.recv(65536)
        except OSError as error:
            raise Disconnected("the client is gone") from error
        if not data:
            raise Disconnected("the client has closed")
        return data

    def _sendall(self, data: bytes) -> None:
        try:
            if self.piece is None:
                self.socket.sendall(data)
            else:
                self._send_in_pieces(data, self.piece)
        except OSError as error:
            raise Disconnected("the client is gone") from error

    def _send_in_pieces(self, data: bytes, size: int) -> None:
        for start in range(0, len(data), size):
            self.socket.sendall(data[start : start + size])

    def _feed_tls(self) -> None:
        self._incoming.write(self._recv())

    def _flush_tls(self) -> None:
        if data := self._outgoing.read():
            self._sendall(data)

    def _decrypt(self) -> None:
        assert self._tls is not None
        try:
            while data := self._tls.read(65536):
                self._received += data
        except ssl.SSLWantReadError:
            return
        except ssl.SSLError as error:
            raise Disconnected("broken TLS") from error
        raise Disconnected("the client has closed")


def _packet(kind: int, status: int, session: int, number: int, data: bytes | memoryview) -> bytes:
    return HEADER.pack(kind, status, HEADER.size + len(data), session, number & 0xFF, 0) + bytes(data)


def packets(data: bytes | memoryview, channel: Channel, number: int, *, last: bool) -> bytes:
    """Return `data` as packets of the agreed size, numbered from `number` on; `last` closes the message."""
    room = channel.packet_size - HEADER.size
    pieces = []
    view = memoryview(data)
    for start in range(0, max(1, len(view)), room):
        piece = view[start : start + room]
        status = LAST if last and start + room >= len(view) else 0
        header = HEADER.pack(REPLY, status, HEADER.size + len(piece), channel.session, number & 0xFF, 0)
        pieces += (header, piece)
        number += 1
    return b"".join(pieces)
