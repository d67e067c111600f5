"""What all connections of a test server share: the account, the faults, the limits and the record."""

from __future__ import annotations

import math
import threading
import traceback
from typing import TYPE_CHECKING
from urllib.parse import unquote

from attrs import define, evolve, field

from hygge_store_adls.testing.authorisation import authorise
from hygge_store_adls.testing.content import Gone
from hygge_store_adls.testing.faults import FaultPlan, Gate
from hygge_store_adls.testing.flat import demand_flat
from hygge_store_adls.testing.integrity import checked_headers
from hygge_store_adls.testing.limits import Bucket, Limits
from hygge_store_adls.testing.onelake import onelake_request, onelake_response
from hygge_store_adls.testing.record import Record
from hygge_store_adls.testing.wire import Refused


if TYPE_CHECKING:
    from hygge_store_adls.testing.account import Account
    from hygge_store_adls.testing.operations import Operation
    from hygge_store_adls.testing.wire import Headers, Request, Response


@define(kw_only=True, eq=False)
class Service:
    """The storage service behind the sockets. ``discard`` is the size in bytes above which bodies are let go."""

    account: Account
    faults: FaultPlan = field(factory=FaultPlan)
    gate: Gate = field(factory=Gate)
    limits: Limits = field(factory=Limits)
    record: Record = field(factory=Record)
    discard: int | None = None
    failures: list[str] = field(factory=list)
    _stopped: threading.Event = field(factory=threading.Event)
    _up: Bucket = field(factory=Bucket)
    _down: Bucket = field(factory=Bucket)

    def respond(self, request: Request, operation: Operation) -> Response:
        """Carry out a request, as one step for all others, and answer it. A defect of the server answers 500."""
        try:
            authorise(self.account, request, operation)
            echoed = checked_headers(request, operation)
            with self.account.lock:
                response = self._carry_out(request, operation)
            return evolve(response, headers={**response.headers, **echoed})
        except Refused as refused:
            return refused.response(request.dialect)
        except Gone as gone:
            message = f"The test server runs in discard mode: {gone}."
            return Refused(500, "InternalError", message).response(request.dialect)
        except Exception:  # noqa: BLE001 - kept, and raised when the test server closes
            self.failures.append(traceback.format_exc())
            return Refused(500, "InternalError", "The test server failed; it says how when it closes.").response("dfs")

    def _carry_out(self, request: Request, operation: Operation) -> Response:
        if not self.account.hierarchical:
            demand_flat(request, operation)
        if not self.account.onelake:
            return operation.carry_out(self.account, request)
        seen = onelake_request(self.account, request, operation)
        return onelake_response(request, operation.carry_out(self.account, seen))

    def place(self, target: str, headers: Headers) -> str:
        """Return container and path of an address, with or without the account before them."""
        path = unquote(target).strip("/")
        named = headers.get("host", "").startswith(f"{self.account.name}.")
        first, _, rest = path.partition("/")
        return rest if first == self.account.name and not named else path

    def throttle_upload(self, size: int) -> None:
        """Wait until so many bytes may have come in."""
        self.pause(self._up.take(size, self.limits.upload or math.inf))

    def throttle_download(self, size: int) -> None:
        """Wait until so many bytes may go out."""
        self.pause(self._down.take(size, self.limits.download or math.inf))

    def pause(self, seconds: float) -> None:
        """Wait, unless the server stops."""
        if seconds > 0:
            self._stopped.wait(seconds)

    def stop(self) -> None:
        """Let everything go on that waits."""
        self._stopped.set()
        self.gate.close()
