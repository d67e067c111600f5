"""The group of all commands, each imported when it is called and not before."""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING

import click

from hygge_core.errors import HyggeError, PluginError


if TYPE_CHECKING:
    from hygge_core.plugin import Command
    from hygge_core.plugins import Plugins


BUILT_IN = {
    "init": "Start a project that runs as it is",
    "go": "Move tables from their homes to their stores",
    "plan": "Show what `go` would do, and change nothing",
    "verify": "Compare what stores hold with what their sources hold",
    "debug": "Examine the project, its plugins and every place it reaches",
    "journal": "Look back at runs, see and move watermarks",
    "plugins": "List plugins and what they bring",
    "migrate": "Turn a project of the original hygge (YAML) into TOML",
    "schema": "Print the JSON Schema of hygge.toml",
    "new": "Start a package for a store, home or lake",
    "conformance": "Try what a package promises, and show it as a table",
    "completion": "Print a completion script for a shell",
}
"""The commands of hygge-core, in the order a newcomer meets them, each with its summary."""

COMPLETION = "_HYGGE_COMPLETE"
"""The environment variable through which a shell asks what could come next."""


class LazyGroup(click.Group):
    """A group that lists commands from a table and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the built-in commands, then those of plugins."""
        return [*BUILT_IN, *sorted(_plugin_commands(ctx))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command. Raises `PluginError` when a plugin's command cannot be imported."""
        if cmd_name in BUILT_IN:
            return _built_in(cmd_name)
        found = _plugin_commands(ctx).get(cmd_name)
        return _import_from_plugin(found, _plugins(ctx)) if found else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command to call, or say which ones come close."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            near = get_close_matches(args[0], self.list_commands(ctx))
            if not near:
                _plugins(ctx).command(args[0])  # explains which plugin is missing, broken or disabled
            raise click.NoSuchCommand(args[0], possibilities=near, ctx=ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from their summaries, importing none of them."""
        brought = {name: command.summary for name, command in sorted(_plugin_commands(ctx).items())}
        with formatter.section("Commands"):
            formatter.write_dl([*BUILT_IN.items()])
        if brought:
            with formatter.section("Commands of plugins"):
                formatter.write_dl([*brought.items()])


def _built_in(name: str) -> click.Command:
    command: click.Command = import_module(f"hygge_core.cli.{name}").command
    return command


def _import_from_plugin(found: Command, plugins: Plugins) -> click.Command:
    try:
        return found.load()
    except Exception as error:
        raise PluginError(
            f"the command {found.name!r} cannot be imported: {error}",
            where=str(plugins.provider("command", found.name)),
            fix="repair or update that package, or disable it with HYGGE_DISABLE_PLUGINS",
        ) from error


def _plugin_commands(ctx: click.Context) -> dict[str, Command]:
    """Find what plugins bring; help must come even when they are strict and broken."""
    try:
        return dict(_plugins(ctx).commands)
    except HyggeError:
        return {}


def _plugins(ctx: click.Context) -> Plugins:
    from hygge_core.cli.loading import installed_plugins
    from hygge_core.cli.session import Session

    return installed_plugins(ctx.ensure_object(Session))


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done, 1 failed, 2 usage or configuration, 3 some tables failed, 4 drift refused, "
    "5 rows differ, 6 locked, 130 interrupted.",
)
@click.version_option(package_name="hygge-core", prog_name="hygge")
def hygge() -> None:
    """Move tables from homes to stores, whole or not at all."""
