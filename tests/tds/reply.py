"""A reply on its way: tokens are written, packets go out as they fill, and a fault may cut it at a byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tds.channel import HEADER, Disconnected, packets


if TYPE_CHECKING:
    from tds.channel import Channel


FLUSH_AT = 64 * 1024


class Reply:
    """Collects the tokens of one reply. After `cut_after` bytes the connection drops, in the middle of a packet too."""

    def __init__(self, channel: Channel, cut_after: int | None = None) -> None:
        self.channel = channel
        self.cut_after = cut_after
        self._sent = 0
        self._waiting = bytearray()
        self._number = 1

    def write(self, token: bytes) -> None:
        self._waiting += token
        if len(self._waiting) >= FLUSH_AT:
            self.flush()

    def flush(self) -> None:
        """Send all but the last bytes, which go with the packet that says it is the last."""
        room = self.channel.packet_size - HEADER.size
        whole = max(0, len(self._waiting) - 1) // room * room
        if whole:
            with memoryview(self._waiting) as waiting:
                self._send(packets(waiting[:whole], self.channel, self._number, last=False))
            self._number += whole // room
            del self._waiting[:whole]

    def push(self) -> None:
        """Send everything written so far, in short packets where need be, without ending the reply."""
        if self._waiting:
            self._send(packets(bytes(self._waiting), self.channel, self._number, last=False))
            self._number += -(-len(self._waiting) // (self.channel.packet_size - HEADER.size))
            self._waiting.clear()

    def finish(self) -> None:
        """Send the rest and end the reply."""
        self._send(packets(bytes(self._waiting), self.channel, self._number, last=True))
        self._waiting.clear()

    def _send(self, data: bytes) -> None:
        if self.cut_after is not None and self._sent + len(data) >= self.cut_after:
            self.channel.send(data[: self.cut_after - self._sent])
            raise Disconnected("cut by a fault")
        self.channel.send(data)
        self._sent += len(data)
