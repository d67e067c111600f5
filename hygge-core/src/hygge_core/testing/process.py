"""Running a function in a process of its own that may be killed, quickly.

A warm server process forks the children where the system can fork safely from one; on
Windows each child is a new interpreter.  Either way a kill is a real kill.
"""

from __future__ import annotations

import importlib
import multiprocessing
import operator
import os
import signal
import sys
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn

from attrs import frozen

from hygge_core.errors import HyggeError


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerContext, SpawnContext

_BEGUN = "begun"
_WARM = [
    "pytest",
    "polars",
    "pyarrow.parquet",
    "pyarrow.dataset",
    "polars._utils.parquet",
    "hygge_core.lakes.local",
    "hygge_core.staging.layout",
    "hygge_core.staging.store",
    "hygge_core.testing.crash",
    "hygge_core.engine.table",
]


@frozen(kw_only=True)
class Ending:
    """How a child ended: ``value`` is what the function returned, None when it did not.

    ``error`` is the exception's type name and text, ``refused`` whether it was a `HyggeError`;
    ``killed`` means that the process ended without a word.
    """

    value: Any = None
    error: str = ""
    refused: bool = False
    killed: bool = False

    @property
    def kind(self) -> str:
        """The type name of the exception, empty when there was none."""
        return self.error.partition(":")[0]


class Child:
    """A function running in another process.

    With ``talks`` the function gets the other end of ``line`` as its first argument.
    Raises `RuntimeError` when the process cannot import the function or its arguments, so
    that only one that began can count as killed.
    """

    def __init__(self, function: Callable[..., Any], *args: object, talks: bool = False) -> None:
        context = _context()
        self.line, theirs = context.Pipe()
        self._process = context.Process(target=_run, args=(theirs, talks, function, args), daemon=True)
        self._process.start()
        theirs.close()
        if self.hear() != _BEGUN:
            raise RuntimeError(
                f"a child process cannot import {function.__module__}:{function.__name__} or what it takes"
            )

    def hear(self, timeout: float = 180) -> Any:
        """Wait for the next message, an `Ending` if it was the last.

        Raises `TimeoutError`, after ending the process, when it takes too long.
        """
        if not self.line.poll(timeout):
            self.kill()
            raise TimeoutError(f"the child process was silent for {timeout} s")
        try:
            return self.line.recv()
        except EOFError:
            return Ending(killed=True)

    def ending(self, timeout: float = 180) -> Ending:
        """Wait for the end."""
        ending: Ending = self.hear(timeout)
        self._process.join(timeout)
        self.line.close()
        return ending

    def kill(self) -> None:
        """End the process at once, as a power cut would."""
        self._process.kill()
        self._process.join()


def in_process(function: Callable[..., Any], *args: object, timeout: float = 180) -> Ending:
    """Run a module-level function in another process and wait for its end."""
    return Child(function, *args).ending(timeout)


def ended(function: Callable[..., Any], *args: object) -> Ending:
    """Run a function in this process and tell how it ended."""
    try:
        return Ending(value=function(*args))
    except Exception as error:  # noqa: BLE001 - any failure is an outcome that somebody judges
        return Ending(error=f"{type(error).__name__}: {error}", refused=isinstance(error, HyggeError))


def warm(*modules: str) -> None:
    """Have processes begin with these modules imported, where they are forked; call it before the first of them."""
    _WARM.extend(modules)


def die() -> NoReturn:
    """End this process at once: no handlers, no flushing, no goodbye."""
    if sys.platform != "win32":
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(137)


def named(reference: str) -> Any:
    """Import what ``module:name`` names; the name may have dots."""
    module, _, name = reference.partition(":")
    return operator.attrgetter(name)(importlib.import_module(module))


def _run(line: Connection, talks: bool, function: Callable[..., Any], args: tuple[object, ...]) -> None:  # noqa: FBT001
    line.send(_BEGUN)
    line.send(ended(function, *((line,) if talks else ()), *args))
    line.close()


@cache
def _context() -> ForkServerContext | SpawnContext:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    from multiprocessing import forkserver

    context = multiprocessing.get_context("forkserver")
    ours = [name for name in sys.modules if name.startswith("hygge_")]
    context.set_forkserver_preload([*_WARM, *ours])
    with _unmeasured():
        forkserver.ensure_running()
    return context


@contextmanager
def _unmeasured() -> Iterator[None]:
    """Keep coverage out of what starts meanwhile: children leave without saving what it measured, and it is slow."""
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("COVERAGE_PROCESS_")}
    try:
        yield
    finally:
        os.environ.update(kept)
