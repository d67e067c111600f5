"""One record of the journal: what became of one table run, or of one watermark that a person moved."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - part of the public shape
from typing import Literal

from attrs import field, frozen


Kind = Literal["run", "set", "reset", "import"]
"""``run`` is a table run; the others are watermarks that a person moved."""


def _said(text: str) -> dict[str, str]:
    return {"doc": text}


@frozen(kw_only=True)
class JournalRecord:
    """One line of the journal. Times are UTC; a text that does not apply is empty, a number 0.

    No value is ever null, so that any reader of JSON lines finds the same types in every
    file.  ``watermark`` with an empty ``watermark_dtype`` means that there is none yet.
    """

    id: str = field(metadata=_said("names the record; ids sort by time and no two are alike"))
    kind: str = field(
        metadata=_said("`run` for a table run; `set`, `reset` or `import` where a person moved a watermark")
    )
    run: str = field(metadata=_said("the id of the run, shared by all its tables"))
    project: str = field(default="", metadata=_said("the project's name"))
    flow: str = field(metadata=_said("the flow"))
    entity: str = field(metadata=_said("the entity"))
    started: datetime = field(metadata=_said("when the table run began"))
    finished: datetime = field(metadata=_said("when it ended"))
    seconds: float = field(default=0.0, metadata=_said("how long it took"))
    state: str = field(metadata=_said("`committed`, `kept` (nothing to do), `failed` or `stopped`"))
    run_type: str = field(default="", metadata=_said("`full_drop`, `append` or `incremental`"))
    mode: str = field(default="", metadata=_said("how the rows were written: `replace`, `append` or `upsert`"))
    rows: int = field(default=0, metadata=_said("rows that were committed"))
    bytes: int = field(default=0, metadata=_said("bytes that were committed"))
    files: int = field(default=0, metadata=_said("files that were committed"))
    sequence: int = field(default=0, metadata=_said("the number of the commit in the table's history"))
    attempts: int = field(default=1, metadata=_said("how often it was tried"))
    watermark_column: str = field(default="", metadata=_said("the home's column that the table is followed by"))
    watermark_key: str = field(default="", metadata=_said("the home's columns that name a row, with commas between"))
    watermark_dtype: str = field(default="", metadata=_said("the dtype of the watermark, such as `datetime[us]`"))
    watermark: str = field(default="", metadata=_said("how far the table has come, as exact text"))
    low: str = field(default="", metadata=_said("the lowest value that was asked for; empty for no bound"))
    high: str = field(default="", metadata=_said("the highest value that was asked for; empty for no bound"))
    message: str = field(default="", metadata=_said("the error, or what a person changed"))
    by: str = field(default="", metadata=_said("who moved the watermark, as `user@host`"))
    source: str = field(default="", metadata=_said("where the rows came from"))
    target: str = field(default="", metadata=_said("where they settled"))
    hygge: str = field(default="", metadata=_said("the version of hygge-core"))
    rebuilt: bool = field(default=False, metadata=_said("whether it was written anew from the store's commits"))
    version: int = field(default=1, metadata=_said("of this shape: 1"))

    @property
    def commit(self) -> tuple[str, str, str, int]:
        """What names the commit that this record tells of: run, flow, entity and sequence."""
        return self.run, self.flow, self.entity, self.sequence
