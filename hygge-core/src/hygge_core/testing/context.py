"""What a run would give to a home, store or connection when it opens it, for those that a test opens."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from attrs import frozen

from hygge_core.errors import UsageError
from hygge_core.plugin import Context


if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygge_core.home import Connection


_MEMORY = 256 << 20


def context(project: str | Path, memory: int = _MEMORY, **connections: Connection) -> Context:
    """Make a context for opening things in a test, with the given connections by name.

    Relative paths start at ``project``, ``memory`` is in bytes, and log events go where structlog sends them.

    >>> from hygge_core.testing import context
    >>> context("shop").connections.get("erp")
    Traceback (most recent call last):
    ...
    hygge_core.errors.UsageError: there is no connection 'erp'; give it to the context
    """
    log = structlog.get_logger("hygge")
    return Context(project=Path(project), connections=_Given(connections), memory=memory, log=log)


@frozen
class _Given:
    """The connections that a test opened."""

    known: Mapping[str, Connection]

    def get(self, name: str) -> Connection:
        """Return a connection. Raises `UsageError` for one that was not given."""
        if name not in self.known:
            raise UsageError(f"there is no connection {name!r}", fix="give it to the context")
        return self.known[name]
