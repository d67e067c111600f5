"""The columns of two commits compared, as plain data; nothing here needs Polars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core.drift.policy import verdict, way_out
from hygge_core.drift.retyping import retyping
from hygge_core.drift.side_by_side import side_by_side
from hygge_core.errors import DriftRefused


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygge_core.commit import Column, Mode
    from hygge_core.config.model import OnDrift
    from hygge_core.drift.policy import ChangeKind


@frozen(kw_only=True)
class Change:
    """One difference between two schemas.

    ``column`` is the name that readers know, the new one of an added column, empty for
    ``reordered``.  ``before`` and ``after`` are dtypes, for ``recased`` names.
    """

    kind: ChangeKind
    column: str = ""
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        match self.kind:
            case "added":
                return f"column {self.column!r} ({self.after}) is new"
            case "removed":
                return f"column {self.column!r} ({self.before}) is gone"
            case "recased":
                return f"column {self.before!r} is now spelt {self.after!r}"
            case "reordered":
                return "the columns come in another order"
            case "incompatible":
                return f"column {self.column!r} changed from {self.before} to {self.after}"
        return f"column {self.column!r} was {self.kind} from {self.before} to {self.after}"


@frozen(kw_only=True)
class Drift:
    """Everything that differs between the committed schema and the present one; falsy when nothing does."""

    old: tuple[Column, ...]
    new: tuple[Column, ...]
    changes: tuple[Change, ...]

    def __bool__(self) -> bool:
        return bool(self.changes)

    def check(self, policy: OnDrift, *, mode: Mode, where: str) -> tuple[str, ...]:
        """Return the texts of the changes if all of them may be, to be logged or warned of.

        ``where`` names the table in the error.  Raises `DriftRefused` with the changes
        that may not be, the way out, and below them both schemas side by side.
        """
        refused = [change for change in self.changes if not verdict(change.kind, policy, mode=mode)]
        if not refused:
            return tuple(str(change) for change in self.changes)
        what = ", ".join(str(change) for change in refused)
        fix = way_out({change.kind for change in refused}, policy, mode=mode)
        raise DriftRefused(what, where=where, fix=f"{fix}\n{side_by_side(self.old, self.new)}")


def compare(old: Sequence[Column], new: Sequence[Column]) -> Drift:
    """Find what changed from the committed columns to the present ones.

    Columns are matched by name, and where that fails by name without regard to case, since
    many readers match them so.  Column order counts only among columns that both have.
    """
    partners = _partners(old, new)
    found = {column.name: column for column in new}
    changes: list[Change] = []
    for column in old:
        if column.name in partners:
            changes += _within(column, found[partners[column.name]])
        else:
            changes.append(Change(kind="removed", column=column.name, before=column.dtype))
    matched = set(partners.values())
    changes += (Change(kind="added", column=c.name, after=c.dtype) for c in new if c.name not in matched)
    if list(partners.values()) != [column.name for column in new if column.name in matched]:
        changes.append(Change(kind="reordered"))
    return Drift(old=tuple(old), new=tuple(new), changes=tuple(changes))


def _partners(old: Sequence[Column], new: Sequence[Column]) -> dict[str, str]:
    names = {column.name for column in new}
    exact = {column.name for column in old if column.name in names}
    alike = {column.name.casefold(): column.name for column in new if column.name not in exact}
    partners = {}
    for column in old:
        if column.name in exact:
            partners[column.name] = column.name
        elif (other := alike.pop(column.name.casefold(), None)) is not None:
            partners[column.name] = other
    return partners


def _within(old: Column, new: Column) -> Iterator[Change]:
    if old.name != new.name:
        yield Change(kind="recased", column=old.name, before=old.name, after=new.name)
    if old.dtype != new.dtype:
        kind = retyping(old.dtype, new.dtype)
        yield Change(kind=kind, column=old.name, before=old.dtype, after=new.dtype)
