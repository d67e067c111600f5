"""How far a table has come, judged by its last commit and by what its configuration goes by now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, frozen

from hygge_core.errors import UsageError
from hygge_core.mark import Watermark


if TYPE_CHECKING:
    from hygge_core.commit import CommitRecord
    from hygge_core.config.model import EntityConfig
    from hygge_core.mark import Mark
    from hygge_core.watermark.config import WatermarkConfig


@frozen(kw_only=True)
class Progress:
    """What is known of a table with a watermark before its source is opened.

    ``mark`` is where the last commit came to, None for a table that begins, also anew with a
    full drop; ``where`` names the table in errors.
    """

    config: WatermarkConfig
    where: str
    incremental: bool
    mark: Mark | None = None

    def come_to(self, mark: Mark | None) -> Watermark:
        """Return what the next commit carries."""
        return Watermark(column=self.config.column, key=self.config.key, mark=mark)

    def unusable(self, what: str, key: str = "column", fix: str = "") -> UsageError:
        """Say that the configured watermark does not go with what was found."""
        return UsageError(what, where=f"{self.where}: watermark.{key}", fix=fix or self.ways_out)

    @property
    def ways_out(self) -> str:
        """How a table begins anew to be followed, in words."""
        return ways_out(self.where)


def ways_out(path: str) -> str:
    """Say how a table begins anew to be followed, given as ``flow.entity``."""
    return (
        f"load it anew with `hygge go --full-drop --entity {path}`, or read everything again and add only what is "
        f"missing with `hygge journal reset {path}`"
    )


def progress_of(entity: EntityConfig, last: CommitRecord | None) -> Progress | None:
    """Judge the last commit; None for an entity without a watermark.

    Raises `UsageError` for an incremental run of a table whose last commit went by something
    else, or by nothing: going on would miss rows or double them.
    """
    config = entity.watermark
    if config is None:
        return None
    progress = Progress(config=config, where=entity.path, incremental=entity.run_type == "incremental")
    if last is None or entity.run_type == "full_drop":
        return progress
    if progress.incremental:
        _demand_agreement(progress, entity, last)
    before = last.watermark
    return evolve(progress, mark=before.mark if before and before.column == config.column else None)


def _demand_agreement(progress: Progress, entity: EntityConfig, last: CommitRecord) -> None:
    """Raise `UsageError` unless the last commit was measured as it would be measured now."""
    config, before = progress.config, last.watermark
    if before is None:
        raise progress.unusable("the table was committed without a watermark, so nobody knows how far it came")
    if before.column != config.column:
        raise progress.unusable(f"the table was followed by {before.column!r} so far, not by {config.column!r}")
    if before.key and sorted(before.key) != sorted(config.key):
        raise progress.unusable(f"the key was {_listed(before.key)} so far, and is {_listed(config.key)}", "key")
    if entity.write == "upsert" and last.table.mode == "append" and last.origin == "run":
        what = 'the table holds every version of its rows, and write = "upsert" keeps one for each key'
        raise progress.unusable(what, "key")


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(map(repr, names)) or "empty"
