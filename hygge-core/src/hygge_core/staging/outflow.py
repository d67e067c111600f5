"""The file that Polars writes a part into: counted, hashed and watched on the way to the lake."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO

from hygge_core.parquet.footer import MAGIC
from hygge_core.staging.check import Checksum


if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Buffer


class Outflow(io.RawIOBase):
    """Passes bytes on to a file of a lake.

    An error of the lake or of ``watch`` is kept in ``fault``, because Polars turns it into
    a text; after it, every further write fails at once.  ``ended`` is true once Polars has
    flushed the end of the Parquet file: it never closes a file that it was given.
    """

    def __init__(self, file: BinaryIO, watch: Callable[[int], None] | None) -> None:
        super().__init__()
        self._file = file
        self._watch = watch
        self._checksum = Checksum()
        self._last = b""
        self.size = 0
        self.ended = False
        self.fault: Exception | None = None

    def writable(self) -> bool:
        """Say yes."""
        return True

    def write(self, data: Buffer, /) -> int:
        """Pass the bytes on."""
        view = memoryview(data)
        if self.fault is None:
            try:
                self._pass_on(view)
            except Exception as error:  # noqa: BLE001 - raised again by the sink, as it is
                self.fault = error
        if self.fault is not None:
            raise OSError(str(self.fault))
        return view.nbytes

    def flush(self) -> None:
        """Take note of the end."""
        self.ended = self._last == MAGIC

    @property
    def checksum(self) -> str:
        """The checksum of what was written so far."""
        return str(self._checksum)

    def _pass_on(self, data: memoryview) -> None:
        if self._watch is not None:
            self._watch(data.nbytes)
        self._checksum.update(data)
        self._file.write(data)
        self._last = bytes(data[-len(MAGIC) :])
        self.size += data.nbytes
