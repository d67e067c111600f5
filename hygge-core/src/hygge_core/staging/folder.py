"""One table of a file-shaped store: its lake, place, layout and records together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core.staging.history import History


if TYPE_CHECKING:
    from hygge_core.lake import Lake
    from hygge_core.staging.layout import Layout
    from hygge_core.staging.options import FileOptions
    from hygge_core.staging.place import Place


@frozen(kw_only=True)
class TableFolder:
    """Everything that the steps of a commit need to know of a table.

    ``adopt`` allows a replacement to remove files that hygge did not write.
    """

    lake: Lake
    place: Place
    layout: Layout
    options: FileOptions
    adopt: bool = False

    @property
    def history(self) -> History:
        """The table's commit records."""
        return History(self.lake, self.place)
