"""Accepts connections on loopback, each served by a thread of its own, and ends them all when it closes."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self


if TYPE_CHECKING:
    import ssl
    from http.server import BaseHTTPRequestHandler


class Listener(ThreadingHTTPServer):
    """A port of loopback, open while a ``with`` block lasts; port 0 takes one that is free."""

    daemon_threads = False
    block_on_close = True
    request_queue_size = 256

    def __init__(
        self, port: int, connection: type[BaseHTTPRequestHandler], context: ssl.SSLContext | None = None
    ) -> None:
        self._context = context
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", port), connection)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,), name="listener", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._thread.join()
        self._hang_up()
        self.server_close()

    def server_bind(self) -> None:
        """Bind without asking the resolver for a name of this machine."""
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def get_request(self) -> tuple[socket.socket, object]:
        """Accept a connection; the handshake of TLS is left to its own thread."""
        connection, address = super().get_request()
        if self._context:
            connection = self._context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, address

    def process_request(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]
        """Serve a connection, and remember it while it is open."""
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket) -> None:  # type: ignore[override]
        """Forget a connection that ended."""
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def _hang_up(self) -> None:
        """End the connections that are open, so that their threads end."""
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)  # below TLS, which another thread may read


def answering(connection: type[BaseHTTPRequestHandler], **known: Any) -> type[BaseHTTPRequestHandler]:
    """Return the handler with what all its connections share."""
    return type(connection.__name__, (connection,), known)
