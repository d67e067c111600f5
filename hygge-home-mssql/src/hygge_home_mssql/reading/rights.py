"""Which GRANT a refused statement lacks, in the words that an administrator can run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hygge_home_mssql.dialect import MSSQL


if TYPE_CHECKING:
    from hygge_core import HomeError


_DENIED = re.compile(
    r"(?P<right>[A-Z][A-Z ]+) permission was denied on (?:the column '.*?' of )?the object '(?P<name>.+?)', "
    r"database '.*?', schema '(?P<schema>.+?)'"
)


def say_grant(error: HomeError, user: str) -> None:
    """Put the GRANT into the error's fix, where the error is about a right that ``user`` lacks."""
    found = _DENIED.search(error.what)
    if found:
        table = f"{MSSQL.quote(found['schema'])}.{MSSQL.quote(found['name'])}"
        receiver = MSSQL.quote(user) if user else "the login's user"
        error.fix = f"have an administrator run GRANT {found['right']} ON {table} TO {receiver}"
