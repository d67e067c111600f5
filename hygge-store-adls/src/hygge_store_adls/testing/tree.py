"""Files and folders of one container in memory: names, parents and moves. Callers hold the account's lock."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

from hygge_store_adls.testing.content import Content
from hygge_store_adls.testing.leases import Leased
from hygge_store_adls.testing.wire import Refused


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_store_adls.testing.clock import Clock
    from hygge_store_adls.testing.content import Chunk


VERSIONS = count(0xDD15_0000_0001)


class Node(Leased):
    """A file, a folder or a container: what the service keeps about it."""

    def __init__(self, clock: Clock, *, folder: bool = False) -> None:
        super().__init__()
        self.folder = folder
        self.content = Content()
        self.waiting: dict[int, Chunk] = {}  # appended and not flushed, by position
        self.blocks: dict[str, Chunk] = {}  # the committed block list, by id
        self.metadata: dict[str, str] = {}
        self.properties: dict[str, str] = {}  # Content-Type and its like
        self.permissions = "rwxr-x---" if folder else "rw-r-----"
        self.created = clock.said()
        self.etag = ""
        self.modified = datetime.now(UTC)
        self.touch(clock)

    def touch(self, clock: Clock) -> None:
        """Give it a new ETag and time, as every write does; a lease that lapsed is forgotten with it."""
        self.etag = f"0x8{next(VERSIONS):X}"
        self.modified = clock.said()
        if self.lease and not self.lease.held(clock.monotonic()):
            self.lease = None

    def fill(self, content: Content, clock: Clock) -> None:
        """Let it hold this, and nothing that was waiting."""
        self.content = content
        self.waiting, self.blocks = {}, {}
        self.touch(clock)


class Container(Node):
    """A container: its paths, with folders of their own where the account is hierarchical."""

    def __init__(self, name: str, clock: Clock, *, hierarchical: bool) -> None:
        super().__init__(clock, folder=True)
        self.name = name
        self.hierarchical = hierarchical
        self.nodes: dict[str, Node] = {}
        self.unlisted: dict[str, dict[str, Chunk]] = {}  # blocks put and not in a list yet, by path and id

    def find(self, path: str) -> Node | None:
        """Return what is at a path, None for nothing; the container itself for the empty path."""
        return self.nodes.get(path) if path else self

    def put(self, path: str, node: Node, clock: Clock) -> None:
        """Place a node, with the folders above it. Raises `Refused` where one of them is a file."""
        if self.hierarchical:
            for parent in parents(path):
                found = self.nodes.get(parent)
                if found and not found.folder:
                    raise Refused(409, "PathConflict", f"The specified path, or an element of it, is a file: {parent}.")
                if found is None:
                    self.nodes[parent] = Node(clock, folder=True)
        self.nodes[path] = node

    def remove(self, path: str) -> None:
        """Take a path away, a folder with everything under it."""
        for name in [path, *(self.below(path) if self.hierarchical else ())]:
            del self.nodes[name]

    def below(self, path: str) -> list[str]:
        """Return the names of everything under a folder, each folder before what it holds."""
        prefix = f"{path}/" if path else ""
        return sorted((name for name in self.nodes if name.startswith(prefix) and name != path), key=self.order)

    def children(self, path: str) -> Iterator[str]:
        """Yield the names of what is directly in a folder."""
        depth = len(path) + 1 if path else 0
        return (name for name in self.below(path) if "/" not in name[depth:])

    def order(self, name: str) -> tuple[str, ...]:
        """Return by what a listing is ordered: folder by folder in a hierarchy, else as text."""
        return tuple(name.split("/")) if self.hierarchical else (name,)


def parents(path: str) -> list[str]:
    """Return the folders above a path, the uppermost first."""
    pieces = path.split("/")[:-1]
    return ["/".join(pieces[: number + 1]) for number in range(len(pieces))]
