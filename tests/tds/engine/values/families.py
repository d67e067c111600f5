"""Which types belong together, and which type two values of different types have in common."""

from __future__ import annotations

from attrs import evolve

from tds.contract import MAX, SqlError, SqlType


INTEGERS = {"bit": (0, 1), "tinyint": (0, 255), "smallint": (-(2**15), 2**15 - 1), "int": (-(2**31), 2**31 - 1),
            "bigint": (-(2**63), 2**63 - 1)}  # fmt: skip
FAMILIES = {
    "bit": "integer", "tinyint": "integer", "smallint": "integer", "int": "integer", "bigint": "integer",
    "decimal": "decimal", "numeric": "decimal", "money": "decimal", "smallmoney": "decimal",
    "real": "float", "float": "float",
    "char": "text", "varchar": "text", "text": "text", "nchar": "text", "nvarchar": "text", "ntext": "text",
    "binary": "binary", "varbinary": "binary", "image": "binary", "timestamp": "binary",
    "date": "date", "time": "time", "datetime": "datetime", "smalldatetime": "datetime", "datetime2": "datetime",
    "datetimeoffset": "instant", "uniqueidentifier": "guid", "xml": "xml", "hierarchyid": "hierarchyid",
    "geometry": "spatial", "geography": "spatial", "sql_variant": "variant", "null": "null",
}  # fmt: skip
_PRECEDENCE = (
    "null", "binary", "varbinary", "char", "varchar", "nchar", "nvarchar", "uniqueidentifier", "timestamp", "image",
    "text", "ntext", "bit", "tinyint", "smallint", "int", "bigint", "smallmoney", "money", "numeric", "decimal", "real",
    "float", "time", "date", "smalldatetime", "datetime", "datetime2", "datetimeoffset", "xml", "sql_variant",
    "hierarchyid", "geometry", "geography",
)  # fmt: skip
_RANK = {name: rank for rank, name in enumerate(_PRECEDENCE)}
_DIGITS = {"bit": 1, "tinyint": 3, "smallint": 5, "int": 10, "bigint": 19, "smallmoney": 10, "money": 19}
_SCALES = {"date": 0, "smalldatetime": 0, "datetime": 3}


def family(type_: SqlType) -> str:
    """Name the family of a type: types of one family have values of one form."""
    return FAMILIES[type_.name]


def is_national(type_: SqlType) -> bool:
    """Say whether a text type holds UTF-16."""
    return type_.name in {"nchar", "nvarchar", "ntext"}


def digits(type_: SqlType) -> tuple[int, int]:
    """Return precision and scale of an exact number's type."""
    if type_.precision is not None:
        return type_.precision, type_.scale or 0
    return _DIGITS[type_.name], 4 if type_.name in {"money", "smallmoney"} else 0


def exact(precision: int, scale: int, name: str = "numeric") -> SqlType:
    """Make a decimal type, its scale cut as a server cuts it when more than 38 digits were needed."""
    if precision > 38:
        whole = precision - scale
        scale = max(38 - whole, min(scale, 6))
        precision = 38
    return SqlType(name, precision=precision, scale=max(scale, 0))


def common(left: SqlType, right: SqlType) -> SqlType:
    """Return the type that both values become when they meet in a CASE, a UNION or a comparison."""
    if left.name == "null" or right.name == "null":
        return right if left.name == "null" else left
    low, high = sorted((left, right), key=lambda type_: _RANK[type_.name])
    name = high.name
    if name in {"decimal", "numeric"}:
        return _common_exact(low, high)
    if family(high) == "text":
        return _common_sized(low, high)
    if name in {"binary", "varbinary"}:
        return _common_sized(low, high)
    if name in {"time", "datetime2", "datetimeoffset"}:
        return evolve(high, scale=max(_fraction(low), high.scale or 0) if family(low) != "text" else high.scale)
    return high


def _fraction(type_: SqlType) -> int:
    return type_.scale if type_.scale is not None else _SCALES.get(type_.name, 0)


def _common_exact(low: SqlType, high: SqlType) -> SqlType:
    if family(low) not in {"integer", "decimal"}:
        return high
    (p1, s1), (p2, s2) = digits(low), digits(high)
    scale = max(s1, s2)
    return exact(max(p1 - s1, p2 - s2) + scale, scale, high.name)


def _common_sized(low: SqlType, high: SqlType) -> SqlType:
    lengths = (low.length or 8000, high.length or 8000)
    length = MAX if MAX in lengths else max(lengths)
    if is_national(high) and length > 4000:
        length = 4000
    name = high.name
    if {low.name, high.name} & {"varchar", "nvarchar", "varbinary"}:
        name = {"char": "varchar", "nchar": "nvarchar", "binary": "varbinary"}.get(name, name)
    return SqlType(name, length=length, collation=high.collation or low.collation)


def refuse_comparison(type_: SqlType, sign: str = "=") -> None:
    """Raise what a server says of types that cannot be compared."""
    if type_.name in {"text", "ntext", "image"}:
        raise SqlError(
            306,
            "The text, ntext, and image data types cannot be compared or sorted, except when using "
            "IS NULL or LIKE operator.",
        )
    if family(type_) in {"xml", "spatial"}:
        raise SqlError(
            305,
            f"The {type_.name} data type cannot be compared or sorted, except when using the IS NULL "
            f"operator (near {sign}).",
        )
    if family(type_) == "variant":
        raise SqlError(40000, "this server does not know how values of sql_variant compare")
