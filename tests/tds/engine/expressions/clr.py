"""Methods of hierarchyid, geometry and geography."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tds.contract import MAX, SqlError, SqlType
from tds.engine.expressions.compiled import of_values
from tds.engine.values import hierarchy, spatial


if TYPE_CHECKING:
    from collections.abc import Sequence

    from tds.engine.expressions.compiled import Compiled


_TEXT = SqlType("nvarchar", length=MAX)


def method(of: Compiled | str, name: str, arguments: Sequence[Compiled]) -> Compiled:
    """Make a method's call ready to run: of a value, or of a type, which comes as its name with ``::``."""
    found = _of_type(of.removesuffix("::"), name, arguments) if isinstance(of, str) else _of_value(of, name)
    if found is None:
        kind = of if isinstance(of, str) else of.type.name
        raise SqlError(6506, f"Could not find method '{name}' for type '{kind}' (or this server does not know it).")
    return found


def _of_type(kind: str, name: str, arguments: Sequence[Compiled]) -> Compiled | None:
    type_ = SqlType(kind)
    if kind == "hierarchyid":
        makers: Any = {"GetRoot": lambda: b"", "Parse": hierarchy.read}
    else:
        makers = {
            "Point": lambda first, second, srid: _point(kind, float(first), float(second), srid),
            "STGeomFromText": lambda text, srid: spatial.read(kind, text, srid),
            "STPointFromText": lambda text, srid: spatial.read(kind, text, srid),
            "Parse": lambda text: spatial.read(kind, text, 4326 if kind == "geography" else 0),
        }
    if name not in makers:
        return None
    return of_values(type_, makers[name], *arguments)


def _point(kind: str, first: float, second: float, srid: int) -> bytes:
    """``geography::Point`` takes latitude first, ``geometry::Point`` takes x first."""
    return spatial.point(kind, second, first, srid) if kind == "geography" else spatial.point(kind, first, second, srid)


def _of_value(of: Compiled, name: str) -> Compiled | None:
    kind = of.type.name
    if kind == "hierarchyid":
        known: Any = {
            "ToString": (SqlType("nvarchar", length=4000), hierarchy.written),
            "GetLevel": (SqlType("smallint"), lambda data: hierarchy.written(data).count("/") - 1),
        }
    elif kind in {"geometry", "geography"}:
        known = {
            "ToString": (_TEXT, lambda data: spatial.written(kind, data)),
            "STAsText": (_TEXT, lambda data: spatial.written(kind, data)),
            "AsTextZM": (_TEXT, lambda data: spatial.written(kind, data)),
            "STAsBinary": (SqlType("varbinary", length=MAX), lambda data: spatial.well_known_binary(kind, data)),
        }
    else:
        raise SqlError(258, f"Cannot call methods on {kind}.")
    if name not in known:
        return None
    type_, function = known[name]
    return of_values(type_, function, of, nullable=True)
