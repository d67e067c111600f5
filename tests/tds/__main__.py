"""The server as a process of its own, for benchmarks: from tests/, `python -m tds --port 0 --table wide=1000000`.

It prints one JSON line with its port, the authority's certificate, a login and an access token, and serves until its
standard input ends. SQL may be run from a file first. A table `name=rows` has that many rows of sixteen columns, sent
from blocks that are encoded once, so the server costs next to nothing beside its client.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tds.accounts import PASSWORD, USER
from tds.blocks import wide
from tds.server import SqlServer
from tds.tables import Tables


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tds", description="A TDS test server.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--encryption", choices=["allowed", "required", "none"], default="allowed")
    parser.add_argument("--table", action="append", default=[], metavar="NAME=ROWS", help="a table of ready blocks")
    parser.add_argument("--sql", type=Path, help="a file of SQL to run first; the engine of SQL serves then")
    asked = parser.parse_args()
    engine = Tables() if asked.table else None
    with SqlServer(engine, encryption=asked.encryption, port=asked.port) as server:
        for name, rows in (entry.split("=") for entry in asked.table):
            server.create(name, *wide(int(rows)))
        if asked.sql:
            server.execute(asked.sql.read_text("utf-8"))
        where = {"port": server.port, "ca_file": str(server.ca_file), "user": USER, "password": PASSWORD}
        sys.stdout.write(json.dumps(where | {"token": server.accounts.issue_token()}) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
