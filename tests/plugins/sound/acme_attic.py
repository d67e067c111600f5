"""Everything a plugin can bring."""

from __future__ import annotations

import sys

from attrs import frozen

from hygge_core import Command, CommitRefused, ConnectionType, HomeType, StoreType, hookimpl


@frozen(kw_only=True)
class Config:
    path: str = ""


def open_it(config, context):
    raise NotImplementedError


@hookimpl
def hygge_homes():
    yield HomeType(name="cellar", config=Config, open=open_it, summary="Jars on a shelf")


@hookimpl
def hygge_stores():
    yield StoreType(name="attic", config=Config, open=open_it, summary="Boxes under the roof")
    yield StoreType(name="shed", config=Config, open=open_it, summary="")


@hookimpl
def hygge_connections():
    return [ConnectionType(name="ladder", config=Config, open=open_it)]


def load_dust():
    import click

    return click.Command("dust", callback=lambda: click.echo("dusted"))


@hookimpl
def hygge_commands():
    return (Command(name="dust", load=load_dust, summary="Dust the attic"),)


@hookimpl
def hygge_before_commit(staged):
    if staged.rows < 10:
        raise CommitRefused(f"{staged.rows} rows staged, at least 10 expected")


@hookimpl(specname="hygge_after_commit")
def told(run, receipt):
    sys.stdout.write(f"{receipt.rows} rows of {run.entity}\n")
