"""A second port of loopback, where other processes arm faults, move the clock and read the record.

A request is a POST of ``{"call": name, ...arguments}`` and its answer the JSON of what the call returned.
"""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.request import ProxyHandler, Request, build_opener

import cattrs

from hygge_store_adls.testing.faults import Fault
from hygge_store_adls.testing.limits import Limits
from hygge_store_adls.testing.record import Seen


if TYPE_CHECKING:
    from collections.abc import Callable

    from hygge_store_adls.testing.server import DfsServer
    from hygge_store_adls.testing.tokens import Role

LONGEST_WAIT = 150.0


class Control:
    """What another process may ask of a test server; the same calls as `DfsServer` offers in its own process."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._opener = build_opener(ProxyHandler({}))  # loopback never goes through a proxy

    def arm(self, *faults: Fault) -> None:
        """Arm faults, after those that are armed."""
        self._call("arm", faults=cattrs.unstructure(faults))

    def disarm(self) -> None:
        """Take all faults away."""
        self._call("disarm")

    def struck(self) -> int:
        """Return how often the faults that are armed have struck."""
        return int(self._call("struck"))

    @property
    def requests(self) -> list[Seen]:
        """What was asked so far."""
        return cattrs.structure(self._call("requests"), list[Seen])

    def forget(self) -> None:
        """Start the record again with nothing."""
        self._call("forget")

    def limit(self, limits: Limits) -> None:
        """Be as slow as this from now on."""
        self._call("limit", limits=cattrs.unstructure(limits))

    def advance(self, seconds: float) -> None:
        """Let this many seconds pass at once for leases, tokens and signatures."""
        self._call("advance", seconds=seconds)

    def lapse_leases(self) -> int:
        """Let every lease that is held lapse, as if its time were over; return how many did."""
        return int(self._call("lapse_leases"))

    def issue_token(
        self, *, role: Role = "contributor", audience: str = "https://storage.azure.com", lifetime: float = 3600.0
    ) -> str:
        """Issue a token that the server takes."""
        return str(self._call("issue_token", role=role, audience=audience, lifetime=lifetime))

    def revoke_tokens(self) -> None:
        """Let none of the tokens issued so far be valid any more."""
        self._call("revoke_tokens")

    def name_victim(self, pid: int) -> None:
        """Name the process that the next ``kill`` ends."""
        self._call("name_victim", pid=pid)

    def wait_held(self, seconds: float = 30.0) -> bool:
        """Wait until a request is held; False when none came in time."""
        return bool(self._call("wait_held", seconds=seconds))

    def release(self) -> None:
        """Let all requests go that are held."""
        self._call("release")

    def _call(self, call: str, **arguments: Any) -> Any:
        body = json.dumps({"call": call, **arguments}).encode()
        with self._opener.open(Request(self.url, data=body, method="POST"), timeout=LONGEST_WAIT) as answer:  # noqa: S310 - loopback http
            told = json.loads(answer.read())
        if "error" in told:
            raise RuntimeError(f"the test server could not {call}: {told['error']}")
        return told["answer"]


def calls(server: DfsServer) -> dict[str, Callable[..., Any]]:
    """Return what the control port answers, by name."""
    return {
        "arm": lambda faults: server.arm(*cattrs.structure(faults, list[Fault])),
        "disarm": server.disarm,
        "struck": server.struck,
        "requests": lambda: cattrs.unstructure(server.requests),
        "forget": server.forget,
        "limit": lambda limits: server.limit(cattrs.structure(limits, Limits)),
        "advance": server.advance,
        "lapse_leases": server.lapse_leases,
        "issue_token": server.issue_token,
        "revoke_tokens": server.revoke_tokens,
        "name_victim": server.name_victim,
        "wait_held": server.wait_held,
        "release": server.release,
    }


class ControlConnection(BaseHTTPRequestHandler):
    """Answers one control request."""

    calls: dict[str, Callable[..., Any]]

    def do_POST(self) -> None:
        """Carry out a call."""
        arguments = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        try:
            told = {"answer": self.calls[arguments.pop("call")](**arguments)}
        except Exception as error:  # noqa: BLE001 - told to the caller, who raises it
            told = {"error": repr(error)}
        answer = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server gives it
        """Say nothing."""
