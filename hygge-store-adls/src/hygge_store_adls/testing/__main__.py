"""`python -m hygge_store_adls.testing`: the test server as a process of its own, until its input ends."""

from __future__ import annotations

import argparse
import json
import sys

from hygge_store_adls.testing.server import DfsServer


def main() -> None:
    """Start a server, print a line of JSON that says where it is, and serve until standard input ends."""
    parser = argparse.ArgumentParser(prog="python -m hygge_store_adls.testing", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes one that is free")
    parser.add_argument("--account")
    parser.add_argument("--container", default="lake")
    parser.add_argument("--flat", action="store_true", help="an account without hierarchical namespace")
    parser.add_argument(
        "--onelake", action="store_true", help="a workspace of OneLake, with the item teahouse.Lakehouse"
    )
    parser.add_argument("--no-rename", action="store_true", help="a OneLake that refuses to rename")
    parser.add_argument("--tls", action="store_true", help="https; clients trust the file ca_file")
    parser.add_argument("--page-size", type=int, help="how many paths a page of a listing holds at most")
    parser.add_argument("--discard", type=int, help="let bodies above so many bytes go")
    parser.add_argument("--seed", type=int, default=0, help="for faults with a probability")
    chosen = vars(parser.parse_args())
    chosen |= {"hierarchical": not chosen.pop("flat"), "rename": not chosen.pop("no_rename")}
    with DfsServer(**chosen) as server:
        if chosen["onelake"]:
            server.add_item()
        sys.stdout.write(json.dumps(server.address()) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
