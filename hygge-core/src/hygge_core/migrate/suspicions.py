"""Which defects of the original may have touched the data of a project, as its configuration tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core.migrate.cases import Case
from hygge_core.migrate.defects import DEFECTS


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hygge_core.migrate.defects import Severity
    from hygge_core.migrate.merging import OldTable
    from hygge_core.migrate.project import OldProject


@frozen(kw_only=True)
class Suspicion:
    """A defect that may have touched the tables that are named."""

    number: int
    severity: Severity
    what: str
    check: str
    tables: tuple[str, ...]


def suspicions(old: OldProject, merged: Mapping[str, Sequence[OldTable]]) -> tuple[Suspicion, ...]:
    """Find the defects that may have touched a table, and which."""
    cases = list(_cases(old, merged))
    found = []
    for defect in DEFECTS:
        tables = tuple(name for name, case in cases if defect.touches and defect.touches(case))
        if tables:
            found.append(
                Suspicion(
                    number=defect.number,
                    severity=defect.severity,
                    what=defect.what,
                    check=defect.check,
                    tables=tables,
                )
            )
    return tuple(found)


def _cases(old: OldProject, merged: Mapping[str, Sequence[OldTable]]) -> Iterator[tuple[str, Case]]:
    for flow in old.flows:
        for table in merged[flow.name]:
            journal = any("journal" in said for said in (old.table, flow.table, {path[0] for path in table.rest}))
            name = f"{flow.name}.{table.entity}" if table.entity else flow.name
            yield name, Case(table=table, journal=journal)
