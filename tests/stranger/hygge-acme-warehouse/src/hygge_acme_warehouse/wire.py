"""One message of the warehouse's line: something plain, and bytes."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING, Any


if TYPE_CHECKING:
    from multiprocessing.connection import Connection


_LENGTH = 4


def prompt(line: Connection) -> Connection:
    """Have every message leave at once, without waiting for more to send."""
    with socket.fromfd(line.fileno(), socket.AF_INET, socket.SOCK_STREAM) as own:
        own.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return line


def send(line: Connection, said: Any, body: bytes = b"") -> None:
    """Send a message."""
    text = json.dumps(said).encode()
    line.send_bytes(len(text).to_bytes(_LENGTH, "big") + text + body)


def receive(line: Connection) -> tuple[Any, bytes]:
    """Wait for a message. Raises `EOFError` or `OSError` when none will come."""
    data = line.recv_bytes()
    end = _LENGTH + int.from_bytes(data[:_LENGTH], "big")
    return json.loads(data[_LENGTH:end]), data[end:]
