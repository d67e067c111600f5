"""What was done stays done, though the process dies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from hygge_core.testing.judge import needs
from hygge_core.testing.lake_looks import contains, paths
from hygge_core.testing.process import die, in_process, named


if TYPE_CHECKING:
    from hygge_core.lake import Lake
    from hygge_core.testing.lake_looks import ReadFile


class DeathCases:
    """Every method is durable when it returns; nothing is flushed later."""

    promise: ClassVar[str] = "what a method did is durable when it returns"
    opener: ClassVar[str] = ""

    def test_a_killed_process_loses_nothing_that_it_did(self, place: Any, lake: Lake, read: ReadFile) -> None:
        needs(bool(self.opener), "the lake names no opener: it dies with its process")
        for path in ("deleted", "moved", "table/file", "swept/file"):
            lake.put(path, b"old")
        ending = in_process(_do_all_and_die, self.opener, place)
        assert ending.killed, f"the process that was to be killed ended by itself: {ending.error}"
        contains(read, "put", b"new", "what was put stays when the process dies")
        contains(read, "created", b"new" * 100_000, "what was created stays when the process dies")
        found = paths(lake)
        right = ["created", "folder", "put", "there", "there/file", "there/moved"]
        promise = DeathCases.promise
        assert found == right, f"broken promise: {promise}. After the process died there is {found}, not {right}"


def _do_all_and_die(opener: str, place: Any) -> None:
    lake: Lake = named(opener)(place)
    lake.put("put", b"new")
    with lake.create("created") as file:
        file.write(b"new" * 100_000)
    lake.make_directory("folder")
    lake.rename_directory("table", "there")
    lake.rename("moved", "there/moved")
    lake.delete("deleted")
    lake.delete_directory("swept")
    die()
