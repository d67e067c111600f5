"""What the declared types of SQLite mean as dtypes.

SQLite itself takes them as hints: every column but those of STRICT tables may hold any
value.  Here they are what the column is meant to hold, and values that do not fit are misfits.
"""

from __future__ import annotations

import re


_NAMES = {
    "BOOL": "boolean",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DATETIME": "datetime[us]",
    "TIMESTAMP": "datetime[us]",
    "TIMESTAMPTZ": "datetime[us, UTC]",
    "TIMESTAMP WITH TIME ZONE": "datetime[us, UTC]",
    "DATETIMEOFFSET": "datetime[us, UTC]",
    "TIME": "time",
    "DECIMAL": "float64",
    "NUMERIC": "float64",
}
_DECIMAL = re.compile(r"(?:DECIMAL|NUMERIC) ?\( ?(\d+) ?(?:, ?(\d+) ?)?\)")
_DIGITS = re.compile(r" ?\([^)]*\)")
_LARGEST_PRECISION = 38

_AFFINITIES = (
    (("INT",), "int64"),
    (("CHAR", "CLOB", "TEXT"), "string"),
    (("BLOB",), "binary"),
    (("REAL", "FLOA", "DOUB"), "float64"),
)
"""SQLite's own rules (https://www.sqlite.org/datatype3.html, section 3.1), in its order."""


def dtype_text(declared: str) -> str | None:
    """Return the dtype that a declared type means, in the text form of `hygge_core.schema`.

    None where the type says nothing, so that the values must be looked at.
    """
    name = " ".join(declared.upper().split())
    if found := _DECIMAL.fullmatch(name):
        precision, scale = int(found[1]), int(found[2] or 0)
        return (
            f"decimal({precision}, {scale})" if 0 < precision <= _LARGEST_PRECISION >= precision >= scale else "float64"
        )
    plain = _DIGITS.sub("", name)
    return _NAMES.get(plain) or next((dtype for words, dtype in _AFFINITIES if any(w in name for w in words)), None)
