"""The test server in a process of its own, for loads that should not share an interpreter with it."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from attrs import field, frozen

from hygge_store_adls.testing.control import Control


if TYPE_CHECKING:
    from collections.abc import Iterator


@frozen(kw_only=True)
class Address:
    """Where a server in another process is, and how to steer it; the names are those of `DfsServer`."""

    url: str
    account: str
    key: str = field(repr=False)
    container: str
    ca_file: str | None
    control_url: str

    @property
    def control(self) -> Control:
        """What steers it."""
        return Control(self.control_url)


@contextmanager
def start_server(*arguments: str) -> Iterator[Address]:
    """Run ``python -m hygge_store_adls.testing`` with these arguments while the block lasts.

    Raises `RuntimeError` where it does not start; it says why on standard error.
    """
    command = [sys.executable, "-m", "hygge_store_adls.testing", *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own module
        said = process.stdout.readline() if process.stdout else ""
        if not said:
            raise RuntimeError(f"the test server did not start, exit code {process.wait()}")
        try:
            yield Address(**json.loads(said))
        finally:
            process.communicate()
