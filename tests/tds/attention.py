"""Seeing that a client wants its running statement to stop, without a thread that listens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tds.channel import Disconnected


if TYPE_CHECKING:
    from tds.channel import Channel


class Attention:
    """A client sends nothing while it waits for a reply, but that it wants no more of it, or by going away."""

    def __init__(self, channel: Channel) -> None:
        self.deaf = False
        self._channel = channel

    def is_set(self) -> bool:
        return self.wait(0)

    def wait(self, timeout: float) -> bool:
        try:
            return self._channel.readable(timeout) and not self.deaf
        except Disconnected:
            return True
