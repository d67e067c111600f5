"""What `sp_datatype_info_100` answers: the types that ODBC drivers ask a server for before they bind parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tds.contract import Column, Rows, SqlType


if TYPE_CHECKING:
    from tds.contract import Parameter

SYSNAME, SHORT, WORD, TEXT = (
    SqlType("nvarchar", length=128),
    SqlType("smallint"),
    SqlType("int"),
    SqlType("varchar", 32),
)
COLUMNS = tuple(
    Column(name, kind, nullable)
    for name, kind, nullable in (
        ("TYPE_NAME", SYSNAME, False),
        ("DATA_TYPE", SHORT, False),
        ("PRECISION", WORD, True),
        ("LITERAL_PREFIX", TEXT, True),
        ("LITERAL_SUFFIX", TEXT, True),
        ("CREATE_PARAMS", TEXT, True),
        ("NULLABLE", SHORT, False),
        ("CASE_SENSITIVE", SHORT, False),
        ("SEARCHABLE", SHORT, False),
        ("UNSIGNED_ATTRIBUTE", SHORT, True),
        ("MONEY", SHORT, False),
        ("AUTO_INCREMENT", SHORT, True),
        ("LOCAL_TYPE_NAME", SYSNAME, False),
        ("MINIMUM_SCALE", SHORT, True),
        ("MAXIMUM_SCALE", SHORT, True),
        ("SQL_DATA_TYPE", SHORT, False),
        ("SQL_DATETIME_SUB", SHORT, True),
        ("NUM_PREC_RADIX", WORD, True),
        ("INTERVAL_PRECISION", SHORT, True),
        ("USERTYPE", SHORT, False),
    )
)
TYPES = (  # name, ODBC type, precision, prefix, suffix, parameters, minimum scale, maximum scale, type in catalogues
    ("bit", -7, 1, None, None, None, 0, 0, -7),
    ("tinyint", -6, 3, None, None, None, 0, 0, -6),
    ("smallint", 5, 5, None, None, None, 0, 0, 5),
    ("int", 4, 10, None, None, None, 0, 0, 4),
    ("bigint", -5, 19, None, None, None, 0, 0, -5),
    ("real", 7, 24, None, None, None, None, None, 7),
    ("float", 6, 53, None, None, None, None, None, 6),
    ("decimal", 3, 38, None, None, "precision,scale", 0, 38, 3),
    ("numeric", 2, 38, None, None, "precision,scale", 0, 38, 2),
    ("smallmoney", 3, 10, "$", None, None, 4, 4, 3),
    ("money", 3, 19, "$", None, None, 4, 4, 3),
    ("char", 1, 8000, "'", "'", "length", None, None, 1),
    ("varchar", 12, 8000, "'", "'", "max length", None, None, 12),
    ("text", -1, 2147483647, "'", "'", None, None, None, -1),
    ("nchar", -8, 4000, "N'", "'", "length", None, None, -8),
    ("nvarchar", -9, 4000, "N'", "'", "max length", None, None, -9),
    ("ntext", -10, 1073741823, "N'", "'", None, None, None, -10),
    ("xml", -152, 0, "N'", "'", None, None, None, -152),
    ("binary", -2, 8000, "0x", None, "length", None, None, -2),
    ("varbinary", -3, 8000, "0x", None, "max length", None, None, -3),
    ("image", -4, 2147483647, "0x", None, None, None, None, -4),
    ("timestamp", -2, 8, "0x", None, None, None, None, -2),
    ("uniqueidentifier", -11, 36, "'", "'", None, None, None, -11),
    ("date", 91, 10, "'", "'", None, 0, 0, 9),
    ("time", -154, 16, "'", "'", "scale", 0, 7, -154),
    (
        "datetime2",
        93,
        27,
        "'",
        "'",
        "scale",
        0,
        7,
        9,
    ),  # before the others: drivers look at the first of their ODBC type
    ("datetime", 93, 23, "'", "'", None, 3, 3, 9),
    ("smalldatetime", 93, 16, "'", "'", None, 0, 0, 9),
    ("datetimeoffset", -155, 34, "'", "'", "scale", 0, 7, -155),
    ("sql_variant", -150, 8000, None, None, None, None, None, -150),
)
ALL_TYPES = 0
DATE_AND_TIME = 9


def result(parameters: tuple[Parameter, ...]) -> Rows:
    """Return the types, or the one ODBC type that the first parameter asks for."""
    asked = parameters[0].value if parameters else ALL_TYPES
    chosen = [entry for entry in TYPES if asked in {ALL_TYPES, entry[1]}]
    return Rows(COLUMNS, tuple(map(_row, chosen)))


def _row(entry: tuple) -> tuple:
    name, kind, precision, prefix, suffix, creation, least, most, catalogued = entry
    number = kind in {-7, -6, 5, 4, -5, 7, 6, 3, 2}
    subtype = {91: 1, 93: 3}.get(kind) if catalogued == DATE_AND_TIME else None
    unsigned = (1 if kind == -6 else 0) if number else None
    radix = (2 if kind in {6, 7} else 10) if number else None
    money = int("money" in name)
    searchable = {-1: 1, -10: 1, -4: 0, -152: 0}.get(kind, 2 if number or prefix == "0x" else 3)
    sensitive = 0
    return (
        *(name, kind, precision, prefix, suffix, creation, 1, sensitive, searchable, unsigned, money),
        *(0 if number else None, name, least, most, catalogued, subtype, radix, None, 0),
    )
