"""Leases as the service gives them: on a container, a file or a folder, for a while or for ever, by its own clock."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from uuid import uuid4

from attrs import define

from hygge_store_adls.testing.wire import Refused, Response


if TYPE_CHECKING:
    from hygge_store_adls.testing.clock import Clock
    from hygge_store_adls.testing.wire import Dialect, Request


SHORTEST, LONGEST, ENDLESS = 15, 60, -1
"""How many seconds a lease may be asked for; -1 asks for one that never lapses."""


@define(kw_only=True)
class Lease:
    """Who holds a thing, until when by the server's own seconds; ``broken`` is set when it was broken."""

    id: str
    duration: int
    until: float
    broken: bool = False

    def held(self, now: float) -> bool:
        """Tell whether nobody else may write now."""
        return now < self.until

    def state(self, now: float) -> str:
        """Return the service's word for it."""
        if self.broken:
            return "breaking" if self.held(now) else "broken"
        return "leased" if self.held(now) else "expired"


def lease_headers(lease: Lease | None, now: float) -> dict[str, str]:
    """Describe the lease of what is looked at."""
    state = lease.state(now) if lease else "available"
    locked = state in {"leased", "breaking"}
    found = {"x-ms-lease-status": "locked" if locked else "unlocked", "x-ms-lease-state": state}
    if lease and state == "leased":
        found["x-ms-lease-duration"] = "infinite" if lease.duration == ENDLESS else "fixed"
    return found


def demand(leased: Leased | None, given: str | None, now: float, dialect: Dialect) -> None:
    """Raise `Refused` (412) unless a request that brings this lease id, or none, may write."""
    lease = leased.lease if leased else None
    suffix = "WithBlobOperation" if dialect == "blob" else ""
    if lease is None or not lease.held(now):
        if given is None:
            return
        lost = lease is not None and lease.id == given
        code = "LeaseLost" if lost and dialect == "blob" else f"LeaseNotPresent{suffix}"
        raise Refused(412, code, "There is currently no lease on the resource.")
    if given is None:
        raise Refused(
            412, "LeaseIdMissing", "There is currently a lease on the resource and no lease ID was specified."
        )
    if given != lease.id:
        code = f"LeaseIdMismatch{suffix}"
        raise Refused(412, code, "The lease ID specified did not match the lease ID for the resource.")


class Leased:
    """Something that can be leased: how it answers the five actions of ``comp=lease``."""

    def __init__(self) -> None:
        self.lease: Lease | None = None

    def act(self, request: Request, clock: Clock) -> Response:
        """Carry out the action that a request names."""
        now, given = clock.monotonic(), request.header("x-ms-lease-id")
        match request.header("x-ms-lease-action"):
            case "acquire":
                return self._acquire(request, now)
            case "renew":
                held = self._mine(given, "LeaseIdMismatchWithLeaseOperation")
                if held.broken:
                    raise Refused(409, "LeaseIsBrokenAndCannotBeRenewed", "The lease ID matched, but it is broken.")
                held.until = until(held.duration, now)
                return Response(status=200, headers={"x-ms-lease-id": held.id})
            case "change":
                return self._change(request, now)
            case "release":
                self._mine(given, "LeaseIdMismatchWithLeaseOperation")
                self.lease = None
                return Response(status=200)
            case "break":
                return self._break(request, now)
        raise Refused(400, "InvalidHeaderValue", "The value for one of the HTTP headers is not in the correct format.")

    def _acquire(self, request: Request, now: float) -> Response:
        duration = int(request.header("x-ms-lease-duration") or ENDLESS)
        if duration != ENDLESS and not SHORTEST <= duration <= LONGEST:
            raise Refused(400, "InvalidHeaderValue", "A lease lasts 15 to 60 seconds, or -1.")
        proposed = request.header("x-ms-proposed-lease-id") or str(uuid4())
        if self.lease and self.lease.held(now):
            if self.lease.broken:
                raise Refused(409, "LeaseIsBreakingAndCannotBeAcquired", "The lease is being broken.")
            if self.lease.id != proposed:
                raise Refused(409, "LeaseAlreadyPresent", "There is already a lease present.")
        self.lease = Lease(id=proposed, duration=duration, until=until(duration, now))
        return Response(status=201, headers={"x-ms-lease-id": proposed})

    def _change(self, request: Request, now: float) -> Response:
        proposed = request.header("x-ms-proposed-lease-id") or ""
        held = self._mine(request.header("x-ms-lease-id"), "LeaseIdMismatchWithLeaseOperation", also=proposed)
        if not held.held(now) or held.broken:
            raise Refused(
                409, "LeaseIsBreakingAndCannotBeChanged" if held.broken else "LeaseNotPresentWithLeaseOperation"
            )
        held.id = proposed
        return Response(status=200, headers={"x-ms-lease-id": proposed})

    def _break(self, request: Request, now: float) -> Response:
        if self.lease is None:
            raise Refused(409, "LeaseNotPresentWithLeaseOperation", "There is currently no lease on the resource.")
        left = max(self.lease.until - now, 0.0)
        asked = request.header("x-ms-lease-break-period")
        wanted = 0.0 if math.isinf(left) else left
        wait = min(left, float(asked)) if asked else wanted
        self.lease.until, self.lease.broken = now + wait, True
        return Response(status=202, headers={"x-ms-lease-time": str(math.ceil(wait))})

    def _mine(self, given: str | None, otherwise: str, also: str | None = None) -> Lease:
        if self.lease is None:
            raise Refused(409, "LeaseNotPresentWithLeaseOperation", "There is currently no lease on the resource.")
        if self.lease.id not in {given, also}:
            raise Refused(409, otherwise, "The lease ID specified did not match the lease ID for the resource.")
        return self.lease


def until(duration: int, now: float) -> float:
    """Return when a lease taken now lapses."""
    return math.inf if duration == ENDLESS else now + duration
