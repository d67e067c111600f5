"""One client connection: reads requests, writes answers, and lets faults strike on the way."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import struct
import traceback
import zlib
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING
from urllib.parse import unquote
from uuid import uuid4

from attrs import define, evolve, field

from hygge_store_adls.testing.clock import http_date
from hygge_store_adls.testing.content import Discarded
from hygge_store_adls.testing.operations import dialect_of, find_operation
from hygge_store_adls.testing.record import SECRET_HEADERS, SECRET_QUERY, without_secrets
from hygge_store_adls.testing.wire import Refused, Request


if TYPE_CHECKING:
    from hygge_store_adls.testing.content import Chunk
    from hygge_store_adls.testing.faults import Fault, When
    from hygge_store_adls.testing.service import Service
    from hygge_store_adls.testing.wire import Headers, Response

PIECE = 256 * 1024
"""How many bytes move at once where bandwidth is bounded or content is discarded."""
LONGEST_HOLD = 120.0
"""Seconds after which a request that a test forgot to release goes on."""


class Dropped(Exception):
    """The connection ends here, without an answer."""


@define
class Exchange:
    """What is known of one request so far, for the record."""

    request: Request
    operation: str = "unknown"
    mutating: bool = False
    faults: list[Fault] = field(factory=list)
    status: int = 0
    code: str = ""
    received: int = 0
    sent: int = 0


class Connection(BaseHTTPRequestHandler):
    """Serves one client until it hangs up. A subclass made by the server names the service."""

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
        """Answer one request."""
        exchange = Exchange(self._head())
        try:
            self._exchange(exchange)
        except Dropped:
            self._reset()
        except OSError:
            self.close_connection = True
        except Exception:  # noqa: BLE001 - kept, and raised when the test server closes
            self.service.failures.append(traceback.format_exc())
            self._reset()
        finally:
            self._note(exchange)

    do_GET = do_HEAD = do_PUT = do_PATCH = do_POST = do_DELETE = serve  # noqa: N815 - the names that http.server looks for

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server gives it
        """Say nothing: the record holds it."""

    def _exchange(self, exchange: Exchange) -> None:
        service, request = self.service, exchange.request
        service.pause(service.limits.latency)
        try:
            operation = find_operation(request)
        except Refused as refused:
            self._body(exchange, ())
            self._answer(exchange, refused.response(request.dialect))
            return
        exchange.operation, exchange.mutating = operation.name, operation.mutating
        where = f"{request.container}/{request.path}"
        exchange.faults = service.faults.strike(operation.name, where, mutating=operation.mutating)
        cut = [fault for fault in exchange.faults if fault.moment == "during"]
        request = evolve(request, body=self._body(exchange, cut))
        if self._struck(exchange, "before"):
            return
        response = service.respond(request, operation)
        if self._struck(exchange, "after"):
            return
        self._answer(exchange, response)

    def _struck(self, exchange: Exchange, moment: When) -> bool:
        """Let the faults of this moment strike; tell whether one of them has answered."""
        return any(fault.moment == moment and self._strike(exchange, fault) for fault in exchange.faults)

    def _strike(self, exchange: Exchange, fault: Fault) -> bool:
        gate = self.service.gate
        match fault.what:
            case "status":
                after = {} if fault.retry_after is None else {"Retry-After": f"{fault.retry_after:g}"}
                refused = Refused(fault.status, fault.code, "A test armed this answer.", after)
                self._answer(exchange, refused.response(exchange.request.dialect), whole=True)
                return True
            case "hold":
                gate.hold(LONGEST_HOLD)
            case "delay":
                self.service.pause(fault.seconds)
            case "kill":
                self._kill(gate.take_victim())
                raise Dropped
            case "drop" | "lost_response" | "truncate":
                raise Dropped
        return False

    def _kill(self, victim: int | None) -> None:
        if victim is None:
            self.service.failures.append("a fault was to kill a process, and the test named none in time")
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

    def _body(self, exchange: Exchange, cut: list[Fault] | tuple[()]) -> Chunk:
        """Read the body; where a fault cuts it, read half, let the fault strike, and go on if it only delayed."""
        length = int(self.headers.get("Content-Length") or 0)
        if not length:
            return b""
        discard = self.service.discard is not None and length > self.service.discard
        keep, checksum = memoryview(bytearray(min(length, PIECE) if discard else length)), 0
        at, half = 0, length // 2
        while at < length:
            stop = half if cut and at < half else length
            goal = min(stop, at + PIECE) if discard or self.service.limits.upload else stop
            room = keep[: goal - at] if discard else keep[at:goal]
            if self.rfile.readinto(room) != len(room):
                raise Dropped
            self.service.throttle_upload(len(room))
            checksum = zlib.crc32(room, checksum) if discard else 0
            at = exchange.received = goal
            if cut and at == half:
                for fault in cut:
                    if self._strike(exchange, fault):
                        raise ConnectionAbortedError
        return Discarded(length=length, crc32=checksum) if discard else keep

    def _answer(self, exchange: Exchange, response: Response, *, whole: bool = False) -> None:
        """Send the answer; a fault that strikes during lets go half of its body."""
        length, headers = response.length, dict(response.headers)
        exchange.status, exchange.code = response.status, headers.get("x-ms-error-code", "")
        silent = exchange.request.method == "HEAD" or response.status == 304  # noqa: PLR2004 - has no body by HTTP
        if response.status != 304 and "Content-Length" not in headers:  # noqa: PLR2004 - the same
            headers["Content-Length"] = str(0 if silent else length)
        cut = [fault for fault in exchange.faults if fault.moment == "during" and not whole and not exchange.received]
        head = self._status_line(response.status, exchange, headers)
        self.wfile.write(head)
        if not silent:
            self._send(exchange, response, cut)
        for fault in cut:
            if length <= 1 or silent:
                self._strike(exchange, fault)

    def _send(self, exchange: Exchange, response: Response, cut: list[Fault]) -> None:
        half = response.length // 2
        for chunk in response.body:
            view = memoryview(chunk)
            while view:
                room = half - exchange.sent if cut and exchange.sent < half else len(view)
                piece = view[: min(room, PIECE) if self.service.limits.download else room]
                self.service.throttle_download(len(piece))
                self.wfile.write(piece)
                exchange.sent += len(piece)
                view = view[len(piece) :]
                if cut and exchange.sent == half:
                    for fault in cut:
                        self._strike(exchange, fault)

    def _status_line(self, status: int, exchange: Exchange, headers: Headers) -> bytes:
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
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()

    def _note(self, exchange: Exchange) -> None:
        request = exchange.request
        self.service.record.add(
            method=request.method,
            operation=exchange.operation,
            path=f"{request.container}/{request.path}".rstrip("/"),
            mutating=exchange.mutating,
            status=exchange.status,
            code=exchange.code,
            received=exchange.received,
            sent=exchange.sent,
            faults=tuple(f"{fault.what} {fault.moment}" for fault in exchange.faults),
            headers=without_secrets(request.headers, SECRET_HEADERS),
            query=without_secrets(request.query, SECRET_QUERY),
        )
