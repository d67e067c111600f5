"""What a reading guarantees about changes that others make meanwhile, in the words of the run report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core import HomeError
from hygge_core.home import Isolation


if TYPE_CHECKING:
    from hygge_home_mssql.facts import Facts
    from hygge_home_mssql.home_config import IsolationName


def isolation_of(name: IsolationName, facts: Facts) -> Isolation:
    """Say what one connection gives, by what the database allows."""
    if name == "snapshot":
        return Isolation(name="snapshot", snapshot=True)
    if name == "read_uncommitted":
        return Isolation(name="read uncommitted", snapshot=False)
    return Isolation(name="read committed snapshot" if facts.versioned else "read committed", snapshot=False)


def demand_snapshots(name: IsolationName, facts: Facts, where: str) -> None:
    """Raise `HomeError` where the database does not allow the snapshot that was asked for."""
    if name == "snapshot" and facts.snapshot is False:
        raise HomeError(
            f"the database {facts.database} does not allow snapshot isolation",
            where=where,
            fix="have an administrator run ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON, "
            'or set isolation = "read_committed"',
        )


def warnings_of(name: IsolationName) -> tuple[str, ...]:
    """Say what a person should know of a reading that guarantees little."""
    if name != "read_uncommitted":
        return ()
    return ("read uncommitted: rows may be missing, come twice, or have been taken back since",)
