"""``python -m hygge_acme_warehouse.server FILE [VERB]``: open a warehouse until standard input ends.

The password is the first line of standard input; the address is the first line of standard output, and what is
heard follows.  At the given verb it waits for one more line before it goes on.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from hygge_acme_warehouse.server.serving import Server


def main(file: str, waits_at: str = "") -> None:
    """Serve a file."""
    go_on = threading.Semaphore(0)

    def heard(what: str) -> None:
        sys.stdout.write(f"{what}\n")
        sys.stdout.flush()
        if waits_at and what.startswith(f"{waits_at} "):
            go_on.acquire()

    with Server(Path(file), sys.stdin.readline().rstrip("\n"), heard) as server:
        sys.stdout.write(f"{server.address}\n")
        sys.stdout.flush()
        for _ in sys.stdin:
            go_on.release()


if __name__ == "__main__":
    main(*sys.argv[1:])
