"""Where one table lies in a lake, and everything that belongs to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen


if TYPE_CHECKING:
    from hygge_core.commit import CommitRecord


STATE = "_hygge"
"""The folder beside the tables that holds stages and commit records; readers skip names that start with ``_``."""


@frozen
class Place:
    """The paths of one table, relative to its lake.

    ``table`` is the folder or file that readers open.  All else is in a folder of the
    table's own under `STATE`: ``lease``, at most one ``pending.json`` (a commit that has
    begun), ``commits`` (one record for each that ended), and ``stages``.
    """

    table: str

    @property
    def state(self) -> str:
        """The folder of everything that readers do not see."""
        return f"{STATE}/{self.table.replace('%', '%25').replace('/', '%2F')}"

    @property
    def lease(self) -> str:
        """The file that one writer holds."""
        return f"{self.state}/lease"

    @property
    def pending(self) -> str:
        """The record of the commit that has begun and not ended."""
        return f"{self.state}/pending.json"

    @property
    def commits(self) -> str:
        """The folder of the records of commits that ended."""
        return f"{self.state}/commits"

    @property
    def stages(self) -> str:
        """The folder of stages."""
        return f"{self.state}/stages"

    def stage(self, token: str) -> str:
        """The folder of one attempt."""
        return f"{self.stages}/{token}"

    def data(self, token: str) -> str:
        """The folder whose content becomes part of the table."""
        return f"{self.stage(token)}/data"

    def replaced(self, token: str) -> str:
        """The folder that the old table goes to where folders cannot be exchanged."""
        return f"{self.stage(token)}/replaced"

    def commit(self, record: CommitRecord) -> str:
        """The record of a commit once it has ended; the names sort by sequence and tell the attempt."""
        return f"{self.commits}/{record.sequence:020d}.{record.run.token}.json"
