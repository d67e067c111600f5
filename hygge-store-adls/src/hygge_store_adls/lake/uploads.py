"""Large files on their way up: blocks in parallel, within a bound, and visible only when the last one is there."""

from __future__ import annotations

import base64
import io
import secrets
import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from azure.core import MatchConditions
from azure.storage.blob import BlobBlock

from hygge_core.staging.check import Checksum
from hygge_store_adls.lake.downloads import checksum


if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from typing_extensions import Buffer

    from hygge_store_adls.lake.files import Files


BLOCK = 8 << 20
"""Bytes in one request; a file may have 50,000 blocks, which makes 390 GiB."""

_MOST_THREADS = 16


class Uplink:
    """The threads of a lake that send blocks; at most ``memory`` bytes are on their way at once.

    More blocks than threads never wait, however much memory there is: on a slow line they would only fill it.
    """

    def __init__(self, memory: int) -> None:
        blocks = min(max(memory // BLOCK, 1), _MOST_THREADS)
        self._free = threading.BoundedSemaphore(blocks)
        self._threads = ThreadPoolExecutor(blocks, "hygge-upload")

    def send(self, request: Callable[[], object]) -> Future[object]:
        """Make the request in a thread; waits while as many as allowed are under way."""
        self._free.acquire()
        try:
            future = self._threads.submit(request)
        except BaseException:
            self._free.release()
            raise
        future.add_done_callback(lambda _: self._free.release())
        return future

    def close(self) -> None:
        """Wait for the threads to end."""
        self._threads.shutdown()


class Upload(io.RawIOBase):
    """A new file, written from one thread; `finish` makes it visible, and `abandon` leaves nothing to be seen.

    A file of one block goes up in a single request.  Blocks that are never put together
    are the service's to sweep: nobody sees them.
    """

    def __init__(self, files: Files, path: str, uplink: Uplink) -> None:
        super().__init__()
        self._files = files
        self._path = path
        self._uplink = uplink
        self._block = bytearray()
        self._size = 0
        self._checksum = Checksum()
        self._token = secrets.token_hex(8)  # so that two uploads of one name never mix their blocks
        self._names: list[str] = []
        self._sent: deque[Future[object]] = deque()

    def writable(self) -> bool:
        """Say yes."""
        return True

    def write(self, data: Buffer, /) -> int:
        """Take bytes; blocks that are full go up beside. Raises what became of earlier blocks."""
        view = memoryview(data).cast("B")
        self._checksum.update(view)
        self._size += view.nbytes
        taken = 0
        while taken < view.nbytes:
            piece = view[taken : taken + BLOCK - len(self._block)]
            self._block += piece
            taken += piece.nbytes
            if len(self._block) == BLOCK:
                self._send()
        return taken

    def tell(self) -> int:
        """Return how many bytes were written."""
        return self._size

    def finish(self) -> None:
        """Send the rest and make the file visible. Raises `FileExistsError` when the name is taken."""
        if not self._names:
            self._files.put(self._path, bytes(self._block), if_absent=True)
            return
        if self._block:
            self._send()
        while self._sent:
            self._sent.popleft().result()
        blob = self._files.clients.blob(self._path)
        blocks = [BlobBlock(name) for name in self._names]
        self._files.requests.make(
            lambda: blob.commit_block_list(blocks, match_condition=MatchConditions.IfMissing, validate_content=True),
            self._path,
            done=self._arrived,
        )

    def abandon(self) -> None:
        """Wait for what is under way, and forget it."""
        for future in self._sent:
            future.cancel() or future.exception()
        self._sent.clear()
        self._block.clear()

    def _send(self) -> None:
        """Send the block that is full, having asked after those before it."""
        while self._sent and self._sent[0].done():
            self._sent.popleft().result()
        name = base64.b64encode(f"{self._token}-{len(self._names):06d}".encode()).decode()
        blob, data = self._files.clients.blob(self._path), bytes(self._block)
        self._block.clear()
        self._names.append(name)
        request = self._files.requests.make
        stage = lambda: blob.stage_block(name, data, validate_content=True)  # noqa: E731 - two lines read better
        self._sent.append(self._uplink.send(lambda: request(stage, self._path)))

    def _arrived(self) -> dict[str, object] | None:
        """Read back what is there after an answer was lost: length first, then every byte."""
        found = self._files.look(self._path)
        if found is None or found.size != self._size:
            return None
        return {} if checksum(self._files, self._path) == str(self._checksum) else None
