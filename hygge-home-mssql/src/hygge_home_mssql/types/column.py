"""A column as the server's catalogue describes it."""

from __future__ import annotations

import re

from attrs import frozen


MAX = -1
"""The length of ``varchar(max)`` and its like, as ``sys.columns.max_length`` has it."""

_WRITTEN = re.compile(
    r"\s*(?P<name>[a-z_][a-z0-9_ .]*?)\s*(?:\(\s*(?P<first>max|\d+)\s*(?:,\s*(?P<second>\d+)\s*)?\))?\s*"
)
_SAME = {
    "timestamp": "rowversion",
    "sysname": "nvarchar",
    "numeric": "decimal",
    "integer": "int",
    "dec": "decimal",
    "character": "char",
    "double precision": "float",
}
_DEFAULT_LENGTHS = {"sysname": 128, "char": 1, "varchar": 1, "nchar": 1, "nvarchar": 1, "binary": 1, "varbinary": 1}
_DEFAULT_SCALES = {"time": 7, "datetime2": 7, "datetimeoffset": 7}
_DECIMAL_PRECISION = 18


@frozen(kw_only=True)
class Column:
    """One column of a table or query.

    ``type`` is the server's own name of the base type in lower case, with ``rowversion`` for
    ``timestamp``, ``decimal`` for ``numeric`` and ``nvarchar`` for ``sysname``.  ``length``
    counts characters of texts and bytes of binaries, `MAX` for ``(max)``; ``precision`` and ``scale``
    are those of decimals, ``scale`` also the digits of a second.  ``position`` counts from 1.
    ``expression`` is SQL that yields the value, where it is not the column itself.
    """

    name: str
    type: str
    length: int = 0
    precision: int = 0
    scale: int = 0
    nullable: bool = True
    collation: str = ""
    computed: bool = False
    identity: bool = False
    position: int = 0
    expression: str = ""

    @property
    def written(self) -> str:
        """The type as a declaration of a table has it, such as ``decimal(10, 2)``."""
        if self.type == "decimal":
            return f"decimal({self.precision}, {self.scale})"
        if self.type in _DEFAULT_SCALES:
            return f"{self.type}({self.scale})"
        if self.type in _DEFAULT_LENGTHS:
            return f"{self.type}({'max' if self.length == MAX else self.length})"
        return self.type


def typed(  # noqa: PLR0913 - what a catalogue says of a column
    name: str,
    written: str,
    *,
    nullable: bool = True,
    collation: str = "",
    computed: bool = False,
    identity: bool = False,
    position: int = 0,
) -> Column:
    """Make a column from a written type, as ``sys.dm_exec_describe_first_result_set`` gives it.

    ``datetime2`` alone has 7 digits and ``decimal`` alone is ``decimal(18, 0)``, as on the server.
    Raises `ValueError` for what is not a type's name.
    """
    found = _WRITTEN.fullmatch(written.lower())
    if found is None:
        raise ValueError(f"{written!r} is not the name of a type of SQL Server")
    said = found["name"]
    kind = _SAME.get(said, said)
    first = MAX if found["first"] == "max" else int(found["first"]) if found["first"] else None
    length, precision, scale = _sizes(said, kind, first, int(found["second"] or 0))
    if kind == "float" and first is not None and first <= 24:  # noqa: PLR2004 - float(24) is real, says the manual
        kind = "real"
    return Column(
        name=name,
        type=kind,
        length=length,
        precision=precision,
        scale=scale,
        nullable=nullable,
        collation=collation,
        computed=computed,
        identity=identity,
        position=position,
    )


def _sizes(said: str, kind: str, first: int | None, second: int) -> tuple[int, int, int]:
    """Return length, precision and scale."""
    if kind == "decimal":
        return 0, _DECIMAL_PRECISION if first is None else first, second
    if kind in _DEFAULT_SCALES:
        return 0, 0, _DEFAULT_SCALES[kind] if first is None else first
    if kind in _DEFAULT_LENGTHS:
        return _DEFAULT_LENGTHS[said if said == "sysname" else kind] if first is None else first, 0, 0
    return 0, 0, 0
