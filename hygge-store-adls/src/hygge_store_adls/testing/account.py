"""The storage account that a test server plays: its containers, its kind, its clock, one lock."""

from __future__ import annotations

import base64
import hashlib
import threading
from typing import TYPE_CHECKING

from attrs import Factory, field, frozen

from hygge_store_adls.testing.clock import Clock
from hygge_store_adls.testing.tokens import Tokens
from hygge_store_adls.testing.tree import Container
from hygge_store_adls.testing.wire import Refused


if TYPE_CHECKING:
    from hygge_store_adls.testing.tree import Node
    from hygge_store_adls.testing.wire import Dialect, Request


KEY = base64.b64encode(hashlib.sha512(b"the key of a test account").digest()).decode()
"""The account key; it opens nothing but test servers."""


@frozen(kw_only=True)
class Account:
    """What all requests share. Every operation runs under ``lock``, so each is one step for all others.

    ``hierarchical`` is False for a flat account; ``onelake`` plays OneLake, which refuses what it manages itself,
    and where ``rename`` may be switched off.  ``page_size`` bounds what listings and deletions do at once.
    """

    name: str = "hyggetest"
    key: str = field(default=KEY, repr=False)
    hierarchical: bool = True
    onelake: bool = False
    rename: bool = True
    page_size: int | None = None
    clock: Clock = field(factory=Clock)
    tokens: Tokens = field(default=Factory(lambda self: Tokens(self.clock), takes_self=True), repr=False)
    lock: threading.RLock = field(factory=threading.RLock, repr=False, eq=False)
    containers: dict[str, Container] = field(factory=dict, repr=False)

    def add_container(self, name: str) -> Container:
        """Make a container, or return the one that is there."""
        with self.lock:
            made = Container(name, self.clock, hierarchical=self.hierarchical)
            return self.containers.setdefault(name, made)

    def lapse_leases(self) -> int:
        """Let every lease that is held lapse now; return how many did."""
        with self.lock:
            now = self.clock.monotonic()
            nodes = [node for made in self.containers.values() for node in (made, *made.nodes.values())]
            held = [node.lease for node in nodes if node.lease and node.lease.held(now)]
            for lease in held:
                lease.until = now
            return len(held)

    def container(self, request: Request) -> Container:
        """Return the container that a request names. Raises `Refused` (404)."""
        found = self.containers.get(request.container)
        if found is None:
            raise Refused(404, missing_container(request.dialect), "The specified container does not exist.")
        return found

    def node(self, request: Request) -> Node:
        """Return the file or folder that a request names. Raises `Refused` (404)."""
        found = self.container(request).find(request.path)
        if found is None:
            code = "BlobNotFound" if request.dialect == "blob" else "PathNotFound"
            raise Refused(404, code, "The specified path does not exist.")
        return found


def missing_container(dialect: Dialect) -> str:
    """Return the dialect's code for a container that is not there."""
    return "ContainerNotFound" if dialect == "blob" else "FilesystemNotFound"
