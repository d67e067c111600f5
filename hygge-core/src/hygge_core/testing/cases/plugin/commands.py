"""A command is imported when it is called, and says what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import click
from click.testing import CliRunner

from hygge_core.testing.judge import needs


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.plugins import Plugins


_PROMISE = "its commands can be called and explain themselves"


class CommandCases:
    """``--help`` is the first thing that anybody tries."""

    promise: ClassVar[str] = _PROMISE

    def test_every_command_explains_itself(self, plugins: Plugins) -> None:
        needs(bool(plugins.commands), "the plugin brings no command")
        for name, brought in plugins.commands.items():
            command = brought.load()
            assert isinstance(command, click.Command), (
                f"broken promise: {_PROMISE}. {name!r} loads {command!r}, which is no command of click"
            )
            for words in _commands_in(command, ()):
                outcome = CliRunner().invoke(command, [*words, "--help"], prog_name=f"hygge {name}")
                assert outcome.exit_code == 0, (
                    f"broken promise: {_PROMISE}. `hygge {' '.join((name, *words))} --help` ends with "
                    f"{outcome.exit_code}: {outcome.output} {outcome.exception!r}"
                )


def _commands_in(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the words that call a command and each command inside of it."""
    yield words
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            if inner := command.get_command(context, name):
                yield from _commands_in(inner, (*words, name))
