"""What differs between databases in the little SQL that hygge writes."""

from __future__ import annotations

from attrs import frozen


@frozen(kw_only=True)
class Dialect:
    """One database's way of writing what all of them can say; the default is standard SQL.

    ``quotes`` are the pairs around names, the first of which is written and all of which are
    understood in a table's name.  ``first`` limits a select to some rows right after its word,
    ``last`` at its end, with ``{rows}`` for their number; one of them is empty.
    ``derives_with`` says whether a query that begins with ``WITH`` may stand in brackets.

    SQL Server is ``Dialect(quotes=(("[", "]"), ('"', '"')), first="TOP ({rows}) ", last="",
    derives_with=False)``; it also refuses an ``ORDER BY`` at the end of a query in brackets,
    and says so itself.
    """

    quotes: tuple[tuple[str, str], ...] = (('"', '"'),)
    parameter: str = "?"
    first: str = ""
    last: str = " LIMIT {rows}"
    derives_with: bool = True

    def quote(self, name: str) -> str:
        """Write a name so that it means itself, whatever is in it. Raises `ValueError` for a zero byte."""
        if "\0" in name:
            raise ValueError(f"{name!r} holds a zero byte, which no database takes in a name")
        opening, closing = self.quotes[0]
        return f"{opening}{name.replace(closing, closing * 2)}{closing}"
