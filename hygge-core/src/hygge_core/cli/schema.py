"""``hygge schema``: the JSON Schema of the configuration, for editors."""

from __future__ import annotations

import json

import click

from hygge_core.cli.session import Session


@click.command("schema", short_help="Print the JSON Schema of hygge.toml")
@click.option(
    "--indent", type=click.IntRange(0, 8), default=2, show_default=True, help="Spaces for each level; 0 for one line."
)
@click.pass_context
def command(ctx: click.Context, *, indent: int) -> None:
    """Print the JSON Schema of hygge.toml and flow files, with the keys of every installed plugin.

    Save it beside the project and name it in the first line of a file, where editors look
    for it: #:schema ./hygge.schema.json
    """
    from hygge_core.cli.loading import installed_plugins
    from hygge_core.config import json_schema

    session = ctx.ensure_object(Session)
    session.say(json.dumps(json_schema(installed_plugins(session)), indent=indent or None, ensure_ascii=False))
