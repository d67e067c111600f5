"""Standard output and error that a run can trust: writing never raises."""

from __future__ import annotations

import errno
import io
import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from attrs import define, field


if TYPE_CHECKING:
    from typing import TextIO


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def printable(text: str) -> str:
    """Spell out control characters, which a terminal would obey; line ends and tabs stay.

    Source data reaches error messages, and must not move the cursor from there.
    """
    return _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)


@define
class Steady:
    """A text stream that keeps a run going whatever happens to the reader at its other end.

    What the encoding lacks is escaped.  When the reader has gone or the disk is full,
    the rest is dropped and ``lost`` holds the reason.  Serves as a ``file`` for `rich`.
    """

    _stream: TextIO | None
    lost: OSError | None = field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        if isinstance(self._stream, io.TextIOWrapper):
            self._stream.reconfigure(errors="backslashreplace")

    def write(self, text: str) -> int:
        """Write the text, or drop it."""
        if self._stream is not None and self.lost is None:
            try:
                self._stream.write(text)
            except OSError as error:
                self._lose(error)
        return len(text)

    def flush(self) -> None:
        """Hand over what was written."""
        if self._stream is not None and self.lost is None:
            try:
                self._stream.flush()
            except OSError as error:
                self._lose(error)

    def line(self, text: str = "") -> None:
        """Write one line at once, without control characters."""
        self.write(printable(text) + "\n")
        self.flush()

    def isatty(self) -> bool:
        """Whether a person may be looking."""
        return self._stream is not None and self._stream.isatty()

    @property
    def encoding(self) -> str:
        """The name of the encoding, such as ``utf-8``."""
        return getattr(self._stream, "encoding", None) or "ascii"

    @property
    def colourful(self) -> bool:
        """Whether colours are welcome: a terminal, without ``NO_COLOR`` and not a dumb one."""
        return self.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    def glyph(self, pretty: str, plain: str) -> str:
        """Choose the pretty character where the stream can encode it."""
        try:
            pretty.encode(self.encoding)
        except (UnicodeEncodeError, LookupError):
            return plain
        return pretty

    @property
    def full(self) -> OSError | None:
        """Why output was dropped, other than by a reader that had enough."""
        pipe_ends = (errno.EPIPE, errno.EINVAL, errno.ESHUTDOWN)
        return None if self.lost is None or self.lost.errno in pipe_ends else self.lost

    def _lose(self, error: OSError) -> None:
        """Point the stream nowhere, so that the interpreter's own last flush is quiet too."""
        self.lost = error
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno() if self._stream else nowhere)
            os.close(nowhere)
