"""Everything hygge refuses, as exceptions that say where, what, and what to do.

One tree, sorted by what the reader should do next.  An error prints as one line,
``where: what; fix``, and carries the exit code of the command line with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from attrs import frozen


if TYPE_CHECKING:
    from collections.abc import Iterable


class HyggeError(Exception):
    """The root of all errors that hygge raises on purpose.

    Catch it to handle every expected failure.  ``where`` names the file, table or
    plugin, ``what`` the fault, ``fix`` the next step; each may be read on its own.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, *, where: str = "", fix: str = "") -> None:
        self.what = what
        self.where = where
        self.fix = fix
        super().__init__(what)

    def __str__(self) -> str:
        located = f"{self.where}: {self.what}" if self.where else self.what
        return f"{located}; {self.fix}" if self.fix else located


class Retryable:
    """A mix-in for errors that may pass by themselves, such as a dropped connection.

    The engine tries a table run again, after sweeping its stage, only for errors
    that carry this mark.  Everything else fails at once.
    """


@frozen(kw_only=True)
class Problem:
    """One fault in the configuration.

    ``file`` and ``line`` (1-based, 0 when unknown) say where, ``key`` is the dotted path.
    """

    file: str
    line: int
    key: str
    what: str
    fix: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        located = f"{place}: {self.key}: {self.what}" if self.key else f"{place}: {self.what}"
        return f"{located}; {self.fix}" if self.fix else located


class ConfigError(HyggeError):
    """The project's files cannot be used as they are; holds every problem found at once."""

    exit_code = 2

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.file, p.line, p.key)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UsageError(HyggeError):
    """The command line asked for something that is not there, such as an unknown flow."""

    exit_code = 2


class PluginError(HyggeError):
    """A plugin cannot be used; ``where`` names its distribution, version and entry point."""

    exit_code = 2


class HomeError(HyggeError):
    """A home could not be read; ``where`` names the table or file."""


class HomeUnavailable(Retryable, HomeError):
    """A home could not be reached now, and may be reachable again in a moment."""


class StoreError(HyggeError):
    """A store could not stage or commit; ``where`` names the table. The old table is intact."""


class StoreUnavailable(Retryable, StoreError):
    """A store could not be reached now, and may be reachable again in a moment."""


class CommitConflict(StoreError):
    """The store holds something other than what this commit would have put there.

    Raised when a name that must be new is taken by other content, or when a second
    writer has committed meanwhile.  Nothing is overwritten.
    """


class Interrupted(HyggeError):
    """The run was asked to stop; stages were swept and old tables stay."""

    exit_code = 130


class DriftRefused(HyggeError):
    """The source's columns changed in a way that ``on_drift`` does not allow."""

    exit_code = 4


class CommitRefused(HyggeError):
    """A gate refused the staged rows; the table is as it was."""


class Locked(HyggeError):
    """Another writer holds the table; ``holder`` names it."""

    exit_code = 6

    def __init__(self, what: str, *, holder: str, where: str = "", fix: str = "") -> None:
        self.holder = holder
        super().__init__(what, where=where, fix=fix)


class VerifyMismatch(HyggeError):
    """Source and store do not hold the same rows."""

    exit_code = 5
