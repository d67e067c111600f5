"""``hygge completion``: a script that teaches a shell the words of hygge."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from hygge_core.cli.group import COMPLETION
from hygge_core.cli.session import Session


@click.command("completion", short_help="Print a completion script for a shell")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, *, shell: str) -> None:
    r"""Print a script that completes commands, options, flows and entities.

    \b
    bash:  eval "$(hygge completion bash)"          in ~/.bashrc
    zsh:   eval "$(hygge completion zsh)"           in ~/.zshrc
    fish:  hygge completion fish | source           in ~/.config/fish/config.fish
    """
    known = get_completion_class(shell)
    if known is None:  # pragma: no cover - click knows all three
        raise click.BadParameter(shell)
    script = known(ctx.find_root().command, {}, "hygge", COMPLETION).source()
    ctx.ensure_object(Session).out.write(script)
