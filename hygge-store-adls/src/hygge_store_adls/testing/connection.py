"""One client connection: reads requests, writes answers, and lets faults strike on the way."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import struct
import traceback
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING
from urllib.parse import unquote
from uuid import uuid4

from attrs import evolve

from hygge_store_adls.testing.bodies import receive, send
from hygge_store_adls.testing.clock import http_date
from hygge_store_adls.testing.exchange import Exchange
from hygge_store_adls.testing.operations import dialect_of, find_operation
from hygge_store_adls.testing.wire import Refused, Request


if TYPE_CHECKING:
    from hygge_store_adls.testing.content import Chunk
    from hygge_store_adls.testing.faults import Fault, When
    from hygge_store_adls.testing.service import Service
    from hygge_store_adls.testing.wire import Headers, Response

LONGEST_HOLD = 120.0
"""Seconds after which a request that a test forgot to release goes on."""
NOT_MODIFIED = 304
NO_LINGER = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
"""Makes closing a socket a reset; Windows has shorter numbers in it."""


class Dropped(Exception):
    """The connection ends here, without an answer or in the middle of it."""


class Connection(BaseHTTPRequestHandler):
    """Serves one client until it hangs up. `hygge_store_adls.testing.listener.answering` gives it the service."""

    service: Service
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def handle(self) -> None:
        """Serve requests until one side hangs up; a client that does not trust the certificate does so at once."""
        with suppress(OSError):
            if isinstance(self.connection, ssl.SSLSocket):
                self.connection.do_handshake()
            super().handle()

    def serve(self) -> None:
        """Answer one request, and note it."""
        exchange = Exchange(self._head())
        self.service.record.add(exchange)
        try:
            self._exchange(exchange)
        except Dropped:
            self._reset()
        except (OSError, EOFError):
            self.close_connection = True
        except Exception:  # noqa: BLE001 - kept, and raised when the test server closes
            self.service.failures.append(traceback.format_exc())
            self._reset()

    do_GET = do_HEAD = do_PUT = do_PATCH = do_POST = do_DELETE = serve  # noqa: N815 - the names http.server looks for

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server gives it
        """Say nothing: the record holds it."""

    def _exchange(self, exchange: Exchange) -> None:
        service, request = self.service, exchange.request
        service.pause(service.limits.latency)
        try:
            operation = find_operation(request)
        except Refused as refused:
            self._body(exchange)
            self._answer(exchange, refused.response(request.dialect))
            return
        where = f"{request.container}/{request.path}"
        exchange.operation, exchange.mutating = operation.name, operation.mutating
        exchange.faults = service.faults.strike(operation.name, where, mutating=operation.mutating)
        request = evolve(request, body=self._body(exchange))
        self._strike(exchange, "before")
        if exchange.status:
            return
        response = service.respond(request, operation)
        self._strike(exchange, "after")
        if not exchange.status:
            self._answer(exchange, response)

    def _strike(self, exchange: Exchange, moment: When) -> None:
        """Let the faults of this moment strike, until one of them has answered."""
        for fault in exchange.faults:
            if exchange.moment(fault) == moment and not exchange.status:
                self._suffer(exchange, fault)

    def _suffer(self, exchange: Exchange, fault: Fault) -> None:
        match fault.what:
            case "status":
                after = {} if fault.retry_after is None else {"Retry-After": f"{fault.retry_after:g}"}
                refused = Refused(fault.status, fault.code, "A test armed this answer.", after)
                self._answer(exchange, refused.response(exchange.request.dialect))
            case "hold":
                self.service.gate.hold(LONGEST_HOLD)
            case "delay":
                self.service.pause(fault.seconds)
            case "kill":
                self._kill()
                raise Dropped
            case "drop" | "lost_response" | "truncate":
                raise Dropped

    def _kill(self) -> None:
        victim = self.service.gate.take_victim(LONGEST_HOLD)
        if victim is None:
            self.service.failures.append("a fault was to kill a process, and the test named none")
            return
        with suppress(ProcessLookupError):
            os.kill(victim, getattr(signal, "SIGKILL", signal.SIGTERM))

    def _head(self) -> Request:
        target, _, query = self.path.partition("?")
        pairs = (pair.partition("=") for pair in query.split("&") if pair)
        known = {unquote(name).lower(): unquote(value) for name, _, value in pairs}
        headers = {name.lower(): value for name, value in self.headers.items()}
        container, _, path = self.service.place(target, headers).partition("/")
        return Request(
            method=self.command,
            target=target,
            container=container,
            path=path.strip("/"),
            query=known,
            headers=headers,
            dialect=dialect_of(self.command, known, headers),
            secure=isinstance(self.connection, ssl.SSLSocket),
        )

    def _body(self, exchange: Exchange) -> Chunk:
        """Read the body, with the faults that strike during."""
        service, length = self.service, int(self.headers.get("Content-Length") or 0)
        if not length:
            return b""
        return receive(
            self.rfile,
            length,
            throttle=service.throttle_upload if service.limits.upload else None,
            discard=service.discard is not None and length > service.discard,
            halfway=(lambda: self._strike(exchange, "during")) if exchange.cuts() else None,
            received=exchange.got,
        )

    def _answer(self, exchange: Exchange, response: Response) -> None:
        """Send the answer, half of it where a fault strikes during."""
        headers = dict(response.headers)
        silent = exchange.request.method == "HEAD" or response.status == NOT_MODIFIED
        if response.status != NOT_MODIFIED:
            headers.setdefault("Content-Length", "0" if silent else str(response.length))
        head, body = self._answer_head(response.status, exchange, headers), () if silent else response.body
        cut = [] if exchange.has_body or exchange.status else exchange.cuts()
        exchange.status, exchange.code = response.status, headers.get("x-ms-error-code", "")
        if cut and sum(map(len, body)) < 2:  # noqa: PLR2004 - what has no half
            head, body = b"", [head, *body]
        self.wfile.write(head)

        def halfway() -> None:
            for fault in cut:
                self._suffer(exchange, fault)

        throttle = self.service.throttle_download if self.service.limits.download else None
        send(self.wfile, body, throttle=throttle, halfway=halfway if cut else None, sent=exchange.gave)

    def _answer_head(self, status: int, exchange: Exchange, headers: Headers) -> bytes:
        asked = exchange.request.headers
        common = {
            "Date": http_date(self.service.account.clock.said()),
            "Server": "Windows-Azure-HDFS/1.0 Microsoft-HTTPAPI/2.0",
            "x-ms-request-id": str(uuid4()),
            "x-ms-version": asked.get("x-ms-version", "2019-02-02"),
        }
        if "x-ms-client-request-id" in asked:
            common["x-ms-client-request-id"] = asked["x-ms-client-request-id"]
        if self.close_connection:
            common["Connection"] = "close"
        lines = [f"{name}: {value}\r\n" for name, value in {**common, **headers}.items()]
        phrase = self.responses.get(status, ("",))[0]
        return f"HTTP/1.1 {status} {phrase}\r\n{''.join(lines)}\r\n".encode("latin-1")

    def _reset(self) -> None:
        """End the connection at once, so that the client sees it reset and not closed in good order."""
        self.close_connection = True
        with suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
            self.connection.close()
