"""The present watermarks of a project's tables, asked of their stores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core.cli.journal.access import opening_stores
from hygge_core.errors import HyggeError


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygge_core.cli.session import Session
    from hygge_core.commit import CommitRecord
    from hygge_core.config.model import EntityConfig, Project
    from hygge_core.mark import Watermark
    from hygge_core.plugins import Plugins


class Present:
    """The last commits of those tables that are followed by a watermark; ``failed`` once one could not be had."""

    def __init__(self, session: Session, config: Project, plugins: Plugins, entities: Sequence[EntityConfig]) -> None:
        self.session = session
        self.config = config
        self.plugins = plugins
        self.entities = entities
        self.failed = False

    def found(self) -> Iterator[tuple[EntityConfig, CommitRecord | None]]:
        """Yield each table with its last commit, None for one that was never committed."""
        from hygge_core.commit import Table
        from hygge_core.store import Remembers

        with opening_stores(self.config, self.plugins) as opened:
            for entity in self.entities:
                if entity.watermark is None:
                    continue
                try:
                    store = opened.store(entity.store)
                    table = Table(name=entity.name, flow=entity.flow)
                    yield entity, store.last(table) if isinstance(store, Remembers) else None
                except HyggeError as error:
                    self.failed = True
                    self.session.warn(f"{entity.path}: {error}")


def facts(entity: EntityConfig, last: CommitRecord | None) -> dict[str, object]:
    """Tell a watermark as plain data; ``watermark`` is None while there is none."""
    watermark = last.watermark if last else None
    mark = watermark.mark if watermark else None
    return {
        "flow": entity.flow,
        "entity": entity.name,
        "column": watermark.column if watermark else "",
        "key": list(watermark.key) if watermark else [],
        "dtype": mark.dtype if mark else "",
        "watermark": mark.text if mark else None,
        "committed": last.committed_at.isoformat() if last and last.committed_at else None,
        "run": last.run.id if last else "",
        "sequence": last.sequence if last else 0,
        "origin": last.origin if last else "",
        "by": last.by if last else "",
    }


def text_of(watermark: Watermark | None) -> str:
    """Write a watermark's value, or that there is none."""
    return watermark.mark.text if watermark and watermark.mark else "(none)"
