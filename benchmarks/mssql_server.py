"""The server of the benchmark, as a process of its own: a table of sixteen columns, sent from blocks made once.

    python benchmarks/mssql_server.py 1000000

It prints its address as one line of JSON and serves until its standard input ends.  What is
asked of the whole table is answered with the blocks, all else by the test server's own engine, which
knows the table by its columns alone.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any


sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from tds import Rows, SqlServer
from tds.accounts import PASSWORD, USER
from tds.blocks import WIDE, wide
from tds.engine import open_engine


if TYPE_CHECKING:
    from collections.abc import Iterator

TABLE = "lineitem"
NAMES = r",\s*".join(rf"\[?{column.name}\]?" for column in WIDE)
WHOLE = re.compile(rf"\s*SELECT\s+(?:\*|{NAMES})\s+FROM\s+\[?{TABLE}\]?\s*;?\s*", re.IGNORECASE)


class Blocks:
    """The test server's engine, but for the whole of one table."""

    def __init__(self, rows: int) -> None:
        self._engine = open_engine()
        self._columns, self._rows = wide(rows)
        self._engine.create(TABLE, self._columns, ())

    def execute(self, session: Any, sql: str, parameters: tuple[Any, ...]) -> Iterator[Any]:
        """Answer with the blocks, or as the engine does."""
        if WHOLE.fullmatch(sql):
            return iter([Rows(self._columns, self._rows)])
        return self._engine.execute(session, sql, parameters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)


def main() -> None:
    """Serve."""
    with SqlServer(Blocks(int(sys.argv[1]))) as server:
        print(json.dumps({"port": server.port, "user": USER, "password": PASSWORD}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
