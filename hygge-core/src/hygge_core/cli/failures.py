"""The last line of defence: every error that reaches it becomes a clear line and an exit code."""

from __future__ import annotations

import errno
import traceback
from typing import TYPE_CHECKING

import click

from hygge_core.cli.signals import INTERRUPTED
from hygge_core.errors import ConfigError, HyggeError


if TYPE_CHECKING:
    from hygge_core.cli.session import Session


def explain(error: BaseException, session: Session) -> int:
    """Say what went wrong and return the exit code.

    Expected errors are one line; those of the configuration one line for each problem.
    Anything else is a fault of hygge or of a plugin, and is told as one.
    """
    match error:
        case ConfigError():
            _tell_problems(error, session)
            code = error.exit_code
        case HyggeError():
            session.fail(str(error))
            code = error.exit_code
        case click.exceptions.NoArgsIsHelpError():
            session.err.line(error.format_message())
            code = error.exit_code
        case click.ClickException():
            session.fail(_with_hint(error))
            code = error.exit_code
        case KeyboardInterrupt() | click.Abort() | EOFError():
            session.err.line("Stopped before anything moved.")
            code = INTERRUPTED
        case OSError(errno=errno.EPIPE):
            return 0  # the reader had enough
        case _:
            _apologise(error, session)
            code = 1
    _show_details(error, session)
    return code


def _tell_problems(error: ConfigError, session: Session) -> None:
    number = len(error.problems)
    session.fail("1 problem in the configuration" if number == 1 else f"{number:,} problems in the configuration")
    for problem in error.problems:
        session.err.line(f"  {session.redactor.text(str(problem))}")


def _with_hint(error: click.ClickException) -> str:
    ctx = error.ctx if isinstance(error, click.UsageError) else None
    hint = f"; see `{ctx.command_path} --help`" if ctx else ""
    return f"{error.format_message().rstrip('.')}{hint}"


def _apologise(error: BaseException, session: Session) -> None:
    summary = "".join(traceback.format_exception_only(error)).strip()
    session.fail(summary)
    session.err.line("Sorry, that should not have happened: it is a fault in hygge or in a plugin.")
    if session.plugins:
        names = sorted({str(status.source) for status in session.plugins.statuses if status.state == "loaded"})
        session.err.line(f"Plugins loaded: {', '.join(names) or 'none'}")
    if not session.debug:
        session.err.line(
            "Run it again with --debug to see where, and try without a plugin through HYGGE_DISABLE_PLUGINS."
        )


def _show_details(error: BaseException, session: Session) -> None:
    """Give the error to programs, and its traceback to those who asked."""
    if session.output == "json":
        session.event("error", **_details(error, session))
    if session.debug:
        session.err.line(session.redactor.text("".join(traceback.format_exception(error))).rstrip())


def _details(error: BaseException, session: Session) -> dict[str, object]:  # noqa: ARG001
    match error:
        case ConfigError():
            problems = [
                {"file": p.file, "line": p.line, "key": p.key, "what": p.what, "fix": p.fix} for p in error.problems
            ]
            return {"what": "the configuration cannot be used", "exit_code": error.exit_code, "problems": problems}
        case HyggeError():
            return {"where": error.where, "what": error.what, "fix": error.fix, "exit_code": error.exit_code}
        case _:
            return {"what": str(error) or type(error).__name__, "exit_code": getattr(error, "exit_code", 1)}
