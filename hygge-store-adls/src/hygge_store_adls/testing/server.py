"""The test server: a storage account over real HTTP on loopback, for as long as a ``with`` block lasts."""

from __future__ import annotations

import ssl
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Self

from hygge_store_adls.testing.account import KEY, Account
from hygge_store_adls.testing.certificates import make_certificates
from hygge_store_adls.testing.connection import Connection
from hygge_store_adls.testing.control import ControlConnection, calls
from hygge_store_adls.testing.faults import FaultPlan
from hygge_store_adls.testing.listener import Listener, answering
from hygge_store_adls.testing.service import Service
from hygge_store_adls.testing.tokens import AUDIENCE, TestCredential
from hygge_store_adls.testing.tree import Node


if TYPE_CHECKING:
    from hygge_store_adls.testing.clock import Clock
    from hygge_store_adls.testing.faults import Fault
    from hygge_store_adls.testing.limits import Limits
    from hygge_store_adls.testing.record import Seen
    from hygge_store_adls.testing.tokens import Role, Tokens


class DfsServer:
    """An account of Azure Data Lake Storage Gen2 on loopback, for the real SDK.

    ``url`` is what clients take for the account's address, in both dialects; ``account``, ``key`` and ``container`` are
    ready to use.  Signatures are checked.  ``hierarchical=False`` plays a flat account, ``onelake=True`` a workspace
    of OneLake with the items that `add_item` makes (and ``rename=False`` one that cannot rename).  ``tls=True`` speaks
    https with a certificate signed by ``ca_file``, which tokens need.  A defect in the server itself is raised when
    the block ends.
    """

    def __init__(  # noqa: PLR0913 - each is a switch of the account that tests turn by name
        self,
        *,
        port: int = 0,
        account: str | None = None,
        container: str = "lake",
        hierarchical: bool = True,
        onelake: bool = False,
        rename: bool = True,
        tls: bool = False,
        page_size: int | None = None,
        discard: int | None = None,
        seed: int = 0,
    ) -> None:
        name = account or ("onelake" if onelake else "hyggetest")
        played = Account(
            name=name,
            hierarchical=hierarchical,
            onelake=onelake,
            rename=rename,
            page_size=page_size,
        )
        played.add_container(container)
        self.account, self.key, self.container = name, KEY, container
        self.service = Service(account=played, faults=FaultPlan(seed), discard=discard)
        self._port, self._tls = port, tls
        self._running = ExitStack()
        self.url, self.control_url = "", ""
        self.ca_file: str | None = None

    def __enter__(self) -> Self:
        with ExitStack() as starting:
            context = self._tls_context(starting) if self._tls else None
            control = starting.enter_context(Listener(0, answering(ControlConnection, calls=calls(self))))
            listener = starting.enter_context(
                Listener(self._port, answering(Connection, service=self.service), context)
            )
            starting.callback(self.service.stop)
            self.control_url = f"http://127.0.0.1:{control.server_port}/"
            self.url = f"{'https' if context else 'http'}://127.0.0.1:{listener.server_port}/{self.account}"
            self._running = starting.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()
        if self.service.failures:
            raise AssertionError("the test server failed:\n" + "\n".join(self.service.failures))

    def _tls_context(self, starting: ExitStack) -> ssl.SSLContext:
        made = make_certificates(Path(starting.enter_context(TemporaryDirectory(prefix="hygge-tls-"))))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(made.certificate, made.private_key)
        self.ca_file = str(made.ca_file)
        return context

    def add_item(self, name: str = "teahouse.Lakehouse", *folders: str) -> str:
        """Make an item of OneLake with its managed folders, Files and Tables where none are named; return its name."""
        played = self.service.account
        container = played.add_container(self.container)
        with played.lock:
            for folder in folders or ("Files", "Tables"):
                container.put(f"{name}/{folder}", Node(played.clock, folder=True), played.clock)
        return name

    def credential(
        self, *, role: Role = "contributor", audience: str = AUDIENCE, lifetime: float = 3600.0
    ) -> TestCredential:
        """Return a credential that gets its tokens here, as azure-identity's get theirs from Entra."""
        return TestCredential(tokens=self.tokens, role=role, audience=audience, lifetime=lifetime)

    def address(self) -> dict[str, str | None]:
        """Return what a client in another process needs to know."""
        return {
            "url": self.url,
            "account": self.account,
            "key": self.key,
            "container": self.container,
            "ca_file": self.ca_file,
            "control_url": self.control_url,
        }

    @property
    def tokens(self) -> Tokens:
        """The tokens of this server, to be issued and revoked."""
        return self.service.account.tokens

    def issue_token(self, *, role: Role = "contributor", audience: str = AUDIENCE, lifetime: float = 3600.0) -> str:
        """Issue a token that the server takes."""
        return self.tokens.issue(role=role, audience=audience, lifetime=lifetime)

    def revoke_tokens(self) -> None:
        """Let none of the tokens issued so far be valid any more."""
        self.tokens.revoke()

    @property
    def clock(self) -> Clock:
        """The server's time, which a test may move."""
        return self.service.account.clock

    def advance(self, seconds: float) -> None:
        """Let this many seconds pass at once for leases, tokens and signatures."""
        self.clock.advance(seconds)

    def lapse_leases(self) -> int:
        """Let every lease that is held lapse, as if its time were over; return how many did."""
        return self.service.account.lapse_leases()

    @property
    def requests(self) -> list[Seen]:
        """What was asked so far."""
        return self.service.record.all()

    def forget(self) -> None:
        """Start the record again with nothing."""
        self.service.record.forget()

    def arm(self, *faults: Fault) -> None:
        """Arm faults, after those that are armed."""
        self.service.faults.arm(faults)

    def disarm(self) -> None:
        """Take all faults away."""
        self.service.faults.disarm()

    def struck(self) -> int:
        """Return how often the faults that are armed have struck."""
        return self.service.faults.struck()

    def limit(self, limits: Limits) -> None:
        """Be as slow as this from now on."""
        self.service.limits = limits

    def name_victim(self, pid: int) -> None:
        """Name the process that the next ``kill`` ends."""
        self.service.gate.name_victim(pid)

    def wait_held(self, seconds: float = 30.0) -> bool:
        """Wait until a request is held; False when none came in time."""
        return self.service.gate.wait_held(seconds)

    def release(self) -> None:
        """Let all requests go that are held."""
        self.service.gate.release()
