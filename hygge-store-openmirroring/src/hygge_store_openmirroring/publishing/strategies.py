"""The two ways in which the service finds the files of a table, and what a publisher owes to each.

Taking them by number it waits for one that is missing, so the files of a commit are renamed from the last to the
first: until the first is there none is taken, and from then on all are.  Taking them by time it keeps no order
within a second and waits for nothing; names must never come again.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

import attrs
from attrs import frozen

from hygge_store_openmirroring.file_names import FIRST
from hygge_store_openmirroring.publishing.numbering import next_number, numbered


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hygge_core.commit import Mode, Part
    from hygge_core.staging.history import History
    from hygge_store_openmirroring.metadata import Detection


_RESOLUTION_SECONDS = 1.0
"""That of the times of files in HTTP, by which the service orders them."""


class Strategy(Protocol):
    """How the files of a table are named and shown."""

    @property
    def detection(self) -> Detection:
        """The word for it in ``_metadata.json``."""
        ...

    @property
    def whole(self) -> bool:
        """Whether the files of a commit are taken together."""
        ...

    def named(self, parts: Sequence[Part], mode: Mode, token: str, history: History) -> tuple[Part, ...]:
        """Give the parts of an attempt their final names."""
        ...

    def in_order(self, parts: Sequence[Part]) -> Sequence[Part]:
        """Return the parts in the order in which they are to be shown."""
        ...

    def before_first(self) -> None:
        """Wait until files may be shown."""
        ...


@frozen
class ByNumber:
    """``SequentialFileName``: twenty digits, from 1 on, without a gap."""

    detection: Detection = "SequentialFileName"
    whole: bool = True

    def named(self, parts: Sequence[Part], mode: Mode, token: str, history: History) -> tuple[Part, ...]:  # noqa: ARG002 - the strategies share one signature
        """Number the parts: a replacement begins anew."""
        known = next_number(history.lake, history.place.table, history.newest()) if mode != "replace" else FIRST
        return numbered(parts, known)

    def in_order(self, parts: Sequence[Part]) -> Sequence[Part]:
        """Show the first part last."""
        return parts[::-1]

    def before_first(self) -> None:
        """Wait for nothing: numbers have an order whenever they come."""


@frozen(kw_only=True)
class ByTime:
    """``LastUpdateTimeFileDetection``: names of which none comes twice, and commits at least a second apart.

    Whether a rename changes a file's time is not documented.  With a second between writing the files of a commit
    and renaming them, those of the next are younger either way.  Within a commit no key comes
    twice, so its own files need no order.
    """

    sleep: Callable[[float], None] = time.sleep
    detection: Detection = "LastUpdateTimeFileDetection"
    whole: bool = False

    def named(self, parts: Sequence[Part], mode: Mode, token: str, history: History) -> tuple[Part, ...]:  # noqa: ARG002 - the strategies share one signature
        """Name the parts after the attempt."""
        return tuple(attrs.evolve(part, name=f"{token}-{number:010d}.parquet") for number, part in enumerate(parts, 1))

    def in_order(self, parts: Sequence[Part]) -> Sequence[Part]:
        """Show the first part first."""
        return parts

    def before_first(self) -> None:
        """Let a second pass."""
        self.sleep(_RESOLUTION_SECONDS)
