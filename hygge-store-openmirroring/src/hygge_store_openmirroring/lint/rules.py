"""The rules by their codes: E is refused by the service or loses rows, W works but is unsure or unwise.

The wording is of what should be; a finding says what is.  Where the service documents nothing, the rule takes
the safe side, and is a W.
"""

from __future__ import annotations

from typing import Final, Literal

from attrs import frozen


Level = Literal["error", "warning"]

RULES: Final = {
    "E01": "files lie in <table> or <schema>.schema/<table>",
    "E02": "each table has a _metadata.json of strict JSON, keyColumns a list of different names",
    "E03": "key columns are in every file",
    "E04": "files are named by twenty digits",
    "E05": "the first file is number 1",
    "E06": "numbers have no gap",
    "E07": "files are whole",
    "E08": "__rowMarker__ is the last column",
    "E09": "__rowMarker__ holds 0, 1, 2 or 4, and no null",
    "E10": "rows are updated and deleted only by keys",
    "E11": "keys of updated and deleted rows are not null",
    "E12": "no column changes its type",
    "E13": "no column changes its nullability",
    "E14": "a column that is not nullable is in every file",
    "E15": "columns are simple types that Delta has, in a codec that is listed",
    "E16": "a published file never changes",
    "E17": "keyColumns never change",
    "E18": "delimited text has a header, and declares what it is",
    "E19": "a table is gone from the database before its folder comes back",
    "E20": "column names differ in more than case",
    "W01": "no unsigned integers, times, nanoseconds, moments without zone, half floats, INT96 or fixed bytes",
    "W02": "columns are nullable, so that deletes and left out columns work",
    "W03": "files of inserts carry no row marker",
    "W04": "an insert brings a new key",
    "W05": "keys have at most four columns",
    "W06": "one _partnerEvents.json lies at the root of the zone",
    "W07": "unfinished files have names that begin with _",
    "W08": "files that are detected by time have different times",
    "W09": "an update carries the whole row",
    "W10": "_metadata.json holds only documented keys, in their documented casing",
    "W11": "a table has at least one file, of no rows if need be",
    "W12": "a mirrored database has at most 1,000 tables",
    "W13": "__rowMarker__ is an integer",
}


@frozen(kw_only=True, order=True)
class Finding:
    """One place in a zone that breaks a rule."""

    path: str
    code: str
    what: str

    @property
    def level(self) -> Level:
        """How bad it is."""
        return "error" if self.code.startswith("E") else "warning"

    def __str__(self) -> str:
        return f"{self.path}: {self.code} {self.what}; {RULES[self.code]}"
