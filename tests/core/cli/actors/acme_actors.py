"""A stranger's plugin: a home that plays any part it is given, and commands beside the built-in ones."""

# ruff: noqa: ARG001, ARG002, ARG005, TC001 - the shapes that a home has, and annotations that cattrs resolves
from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Literal

from attrs import frozen

from hygge_core import Command, ConnectionType, HomeError, HomeType, Secret, hookimpl
from hygge_core.connection import FoundTable
from hygge_core.home import Finding


@frozen(kw_only=True)
class StageConfig:
    """``batches`` of ``rows`` rows come ``pause`` seconds apart; then ``fault`` happens, saying ``words``."""

    rows: int = 3
    batches: int = 1
    pause: float = 0.0
    columns: tuple[str, ...] = ("id", "name")
    fault: Literal["none", "home", "unavailable", "boom", "probe", "log"] = "none"
    words: str = "the curtain fell"
    password: Secret | None = None


def open_stage(config, context):
    from acme_actors_home import Actor

    return Actor(config, context)


class Examining:
    """A home that can examine itself, and is not well."""

    def __init__(self, config):
        self.config = config

    def locate(self, request):
        return "the stage"

    def read(self, request):
        raise HomeError("closed", where="the stage")

    def probe(self, entity, flow=""):
        if self.config.fault == "boom":
            raise ZeroDivisionError("the mirror broke")
        yield Finding(probe="light", ok=True, what="the light is on")
        yield Finding(probe="door", ok=False, what=self.config.words, fix="oil it")

    def close(self):
        pass


@hookimpl
def hygge_homes():
    yield HomeType(name="stage", config=StageConfig, open=open_stage, summary="Plays a part")
    yield HomeType(name="library", config=ReadingRoomConfig, open=lambda config, context: ReadingRoom(config))
    yield HomeType(name="mirror", config=StageConfig, open=lambda config, context: Examining(config))


@frozen(kw_only=True)
class PrompterConfig:
    """Somebody who whispers the words, unless he is ``asleep``."""

    asleep: bool = False


class Prompter:
    def close(self):
        pass


@frozen(kw_only=True)
class LibraryConfig:
    """A shelf of plays; each is written ``name|table|rows|key|watermark|why|note``."""

    plays: tuple[str, ...] = ()
    burnt: bool = False


class Library:
    def __init__(self, config):
        self.config = config

    def find_tables(self, patterns):
        if self.config.burnt:
            raise HomeError("the library burnt down", where="library", fix="mourn")
        for play in self.config.plays:
            name, table, rows, key, watermark, why, note = play.split("|")
            if any(fnmatchcase(table, pattern) for pattern in patterns):
                yield FoundTable(
                    name=name,
                    table=table,
                    rows=int(rows) if rows else None,
                    key=tuple(filter(None, key.split(","))),
                    watermark=watermark or None,
                    why=why,
                    notes=tuple(filter(None, [note])),
                )

    def close(self):
        pass


@frozen(kw_only=True)
class ReadingRoomConfig:
    """A home that reads plays over a library."""

    connection: str
    table: str = "{entity}"


class ReadingRoom:
    def __init__(self, config):
        self.config = config

    def locate(self, request):
        return self.config.table.replace("{entity}", request.entity)

    def read(self, request):
        import polars as pl

        from hygge_core.testing import MemoryHome

        made = {"Id": [1], "RowVer": [2], 'äöü "x"': ["y"], "table": [self.locate(request)]}
        return MemoryHome({request.entity: pl.DataFrame(made)}).read(request)

    def close(self):
        pass


def open_prompter(config, context):
    if config.asleep:
        raise RuntimeError("snoring")
    return Prompter()


@hookimpl
def hygge_connections():
    yield ConnectionType(name="prompter", config=PrompterConfig, open=open_prompter)
    yield ConnectionType(name="library", config=LibraryConfig, open=lambda config, context: Library(config))


def load_bow():
    import click

    @click.command("bow")
    def bow():
        """Bow to the audience."""
        click.echo("bowing")

    return bow


def load_faint():
    raise ImportError("no smelling salts")


@hookimpl
def hygge_commands():
    yield Command(name="bow", load=load_bow, summary="Bow to the audience")
    yield Command(name="faint", load=load_faint, summary="Fall over")
