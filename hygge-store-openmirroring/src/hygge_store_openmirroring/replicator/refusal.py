"""Why a replicator stops a table: the service's own kind of error and a text like its texts."""

from __future__ import annotations


class Refusal(Exception):
    """A file or a table's metadata that cannot be taken; the table waits until somebody mends it."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(f"{code}: {message}")
