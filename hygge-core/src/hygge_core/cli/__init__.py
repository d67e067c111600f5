"""The command line: ``hygge``.

Importing this imports click and nothing heavier.  Each command lives in a module of its
own, named like the command, with the attribute ``command``.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NoReturn

import click

from hygge_core.cli.deprecations import telling_deprecations
from hygge_core.cli.group import COMPLETION, hygge
from hygge_core.cli.session import Session


if TYPE_CHECKING:
    from collections.abc import Sequence


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run one command and leave with its exit code.

    ``args`` are those of the process when None.  Never shows a traceback unless
    ``--debug`` asks for it.
    """
    session = Session()
    sys.exit(_run(session, sys.argv[1:] if args is None else list(args)))


def _run(session: Session, args: list[str]) -> int:
    try:
        with telling_deprecations(session):
            code = _call(session, args)
    except (SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # noqa: BLE001 - panics of native libraries are not Exceptions
        from hygge_core.cli.failures import explain

        code = explain(error, session)
    session.close()
    return code


def _call(session: Session, args: list[str]) -> int:
    """Do what `click.Command.main` does, and let every error out instead of printing it."""
    if question := os.environ.get(COMPLETION):
        from click.shell_completion import shell_complete

        return shell_complete(hygge, {}, "hygge", COMPLETION, question)
    try:
        with hygge.make_context("hygge", args, obj=session) as ctx:
            hygge.invoke(ctx)
    except click.exceptions.Exit as left:
        return left.exit_code
    return 0
