"""Having a process of its own try a package's contracts, and listening to it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, Protocol

from hygge_core.conformance.results import CaseResult, Contract, Results
from hygge_core.errors import HyggeError, UsageError


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygge_core.conformance.finding import Tried

THOROUGH = "HYGGE_THOROUGH"
"""The environment variable that asks contracts for their long forms, when it is ``1``."""

_FOREIGN = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")
_NO_CASES = 5
_ENDED = (0, 1, _NO_CASES)
_PATIENCE_SECONDS = 10
_LAST_WORDS = 4_000


class Progress(Protocol):
    """Is told of each case as it begins."""

    def __call__(self, number: int, total: int, name: str) -> None:
        """Take note of the case with this number, counted from 1."""
        ...


def run(tried: Tried, progress: Progress, *, only: Sequence[str] = (), thorough: bool = False) -> Results:
    """Try the contracts of a package and return what came of each case.

    ``only`` are texts; a case is tried when its class or name contains one of them, all without any.
    Raises `UsageError` when there is no such case, and `HyggeError` when the process ends before its work is done.
    However this function is left, the process has ended.
    """
    notes = _Notes(progress)
    with TemporaryFile() as said, _process(tried, only, said, thorough=thorough) as child:
        assert child.stdout is not None  # noqa: S101 - a pipe was asked for
        for line in child.stdout:
            notes.take(json.loads(line))
        code = child.wait()
        if code not in _ENDED and not notes.faults:
            raise HyggeError(
                f"trying the promises ended with code {code}{notes.where}: {_last_words(said)}",
                where=tried.package,
                fix="mend what it says, then run it again",
            )
    if not notes.cases and not notes.faults:
        what = f"no case is named like {' or '.join(map(repr, only))}" if only else "holds no test class of a contract"
        raise UsageError(what, where=", ".join(tried.modules), fix="see docs/testing-your-store.md")
    return notes.results(tried, thorough=thorough)


class _Notes:
    """What the process has told so far."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._contracts: list[Contract] = []
        self._total = 0
        self._begun = ""
        self.cases: list[CaseResult] = []
        self.faults: list[str] = []

    @property
    def where(self) -> str:
        return f" in {self._begun}" if self._begun else ""

    def take(self, line: dict[str, Any]) -> None:
        match line:
            case {"contract": about}:
                self._contracts.append(Contract(**{**about, "promises": tuple(about["promises"])}))
            case {"count": total}:
                self._total = total
            case {"begun": name}:
                self._begun = name
                self._progress(len(self.cases) + 1, self._total, name)
            case {"ended": result}:
                properties = tuple((name, value) for name, value in result["properties"])
                self.cases.append(CaseResult(**{**result, "properties": properties}))
            case {"fault": text}:
                self.faults.append(text)

    def results(self, tried: Tried, *, thorough: bool) -> Results:
        return Results(
            package=tried.package,
            version=tried.version,
            thorough=thorough,
            contracts=tuple(self._contracts),
            cases=tuple(self.cases),
            faults=tuple(self.faults),
        )


@contextmanager
def _process(tried: Tried, only: Sequence[str], said: IO[bytes], *, thorough: bool) -> Iterator[subprocess.Popen[str]]:
    chosen = [word for text in only for word in ("--only", text)]
    command = [sys.executable, "-P", "-m", "hygge_core.conformance.child", *tried.modules, *chosen]
    environ = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    environ |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", THOROUGH: "1" if thorough else "0"}
    child = subprocess.Popen(  # noqa: S603 - this very Python, and modules of an installed package
        command, stdout=subprocess.PIPE, stderr=said, stdin=subprocess.DEVNULL, env=environ, encoding="utf-8"
    )
    with child:
        try:
            yield child
        finally:
            _end(child)


def _end(child: subprocess.Popen[str]) -> None:
    """Ask a process that still works to stop, as Ctrl-C would, and see that it has."""
    if child.poll() is not None:
        return
    if sys.platform == "win32":
        child.terminate()
    else:
        child.send_signal(signal.SIGINT)
    try:
        child.wait(_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _last_words(said: IO[bytes]) -> str:
    size = said.seek(0, os.SEEK_END)
    said.seek(max(0, size - _LAST_WORDS))
    return " ".join(said.read().decode("utf-8", "replace").split())
