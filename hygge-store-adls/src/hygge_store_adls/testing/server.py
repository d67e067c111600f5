"""The test server: a storage account over real HTTP on loopback, for as long as a ``with`` block lasts."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING, Self

from hygge_store_adls.testing.account import KEY, Account
from hygge_store_adls.testing.connection import Connection
from hygge_store_adls.testing.faults import FaultPlan
from hygge_store_adls.testing.service import Service


if TYPE_CHECKING:
    from hygge_store_adls.testing.clock import Clock
    from hygge_store_adls.testing.faults import Fault
    from hygge_store_adls.testing.limits import Limits
    from hygge_store_adls.testing.record import Seen


class DfsServer:
    """An account of Azure Data Lake Storage Gen2 on loopback, for the real SDK.

    ``url`` is what clients take for the account's address, in both dialects; ``account``, ``key`` and ``container`` are
    ready to use.  Signatures are checked.  ``hierarchical=False`` plays a flat account.
    A defect in the server itself is raised when the block ends.
    """

    def __init__(  # noqa: PLR0913 - each is a switch of the account that tests turn by name
        self,
        *,
        port: int = 0,
        account: str = "hyggetest",
        container: str = "lake",
        hierarchical: bool = True,
        page_size: int | None = None,
        discard: int | None = None,
        seed: int = 0,
    ) -> None:
        played = Account(name=account, key=KEY, hierarchical=hierarchical, page_size=page_size)
        played.add_container(container)
        self.account, self.key, self.container = account, KEY, container
        self.service = Service(account=played, faults=FaultPlan(seed), discard=discard)
        self._listener = Listener(self.service, port)
        self.url = f"http://127.0.0.1:{self._listener.server_port}/{account}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(
            target=self._listener.serve_forever, args=(0.05,), name="dfs-server", daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.service.stop()
        self._listener.shutdown()
        self._thread.join()
        self._listener.hang_up()
        self._listener.server_close()
        if self.service.failures:
            raise AssertionError("the test server failed:\n" + "\n".join(self.service.failures))

    @property
    def clock(self) -> Clock:
        """The server's time, which a test may move."""
        return self.service.account.clock

    @property
    def requests(self) -> list[Seen]:
        """What was asked so far."""
        return self.service.record.all()

    def arm(self, *faults: Fault) -> None:
        """Arm faults, after those that are armed."""
        self.service.faults.arm(faults)

    def disarm(self) -> None:
        """Take all faults away."""
        self.service.faults.disarm()

    def limit(self, limits: Limits) -> None:
        """Be as slow as this from now on."""
        self.service.limits = limits


class Listener(ThreadingHTTPServer):
    """Accepts connections, each served by a thread of its own, and ends them all when the server closes."""

    daemon_threads = False
    block_on_close = True
    request_queue_size = 256

    def __init__(self, service: Service, port: int) -> None:
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", port), type("ServiceConnection", (Connection,), {"service": service}))

    def server_bind(self) -> None:
        """Bind without asking the resolver for a name of this machine."""
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

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

    def hang_up(self) -> None:
        """End the connections that are open, so that their threads end."""
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
