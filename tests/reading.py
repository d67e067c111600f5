"""How a block is read that is shown and not run: by what would read it in earnest."""

from __future__ import annotations

import ast
import csv
import doctest
import json
import re
import shlex
import textwrap
import tomllib
from contextlib import suppress
from importlib import import_module

import click
import sqlglot

from hygge_core.cli.group import hygge
from hygge_core.config import load_project
from hygge_core.plugins import Plugins
from pages import ROOT


PLUGINS = Plugins.load(environ={})
OUR_PACKAGES = {file.parent.name for file in ROOT.glob("hygge-*/pyproject.toml")}
SESSIONS = set(re.findall(r"(?m)^def (\w+)\(session", (ROOT / "noxfile.py").read_text("utf-8")))
TASKS = set(re.findall(r'"(\w+)":', re.search(r"tasks = \{(.*)\}", (ROOT / "start.py").read_text("utf-8"))[1]))
FILLED = {
    "home": 'home = { type = "csv", path = "in/{entity}.csv" }\n',
    "store": 'store = { type = "parquet", path = "settled/{flow}/{entity}" }\n',
}
CONNECTIONS = {
    "adls": '[connections.{}]\ntype = "adls"\naccount = "acmelake"\ncontainer = "raw"\n',
    "mssql": '[connections.{}]\ntype = "mssql"\nserver = "s"\ndatabase = "d"\nauth = "windows"\n',
    "onelake": '[connections.{}]\ntype = "onelake"\nworkspace = "acme"\nlakehouse = "acme"\n',
}


def read_toml(text, folder):
    """Load a project, or a part of one; what a part leaves out of its flows is filled in."""
    table = tomllib.loads(text)
    if "project" in table:
        return  # a package's pyproject.toml
    if table.keys() & {"home", "store", "entities"}:
        text = re.sub(r"(?m)^\[(\w+)\]", r"[flows.shown.\1]", text)
        text = re.sub(r"(?m)^\[\[(\w+)\]\]", r"[[flows.shown.\1]]", f"[flows.shown]\n{text}")
        table = tomllib.loads(text)
    for name, flow in table.get("flows", {}).items():
        missing = "".join(line for key, line in FILLED.items() if key not in flow)
        text = re.sub(rf"(?m)^\[flows\.{name}\]\n", rf"\g<0>{missing}", text)
        if f"[flows.{name}]" not in text:
            text = f"[flows.{name}]\n{missing}{text}"
    (folder / "hygge.toml").write_text(text + connections_for(table), "utf-8")
    environ = dict.fromkeys(re.findall(r"\$\{(\w+)\}", text), "filled-in")
    load_project(folder / "hygge.toml", plugins=PLUGINS, environ=environ)


def connections_for(table):
    """Write the connections that homes and stores name and the part does not show."""
    ends = [flow[key] for flow in table.get("flows", {}).values() for key in ("home", "store") if key in flow]
    named = {end["connection"]: end["type"] for end in ends if "connection" in end}
    journal = table.get("options", {}).get("journal")
    named |= {journal["connection"]: "adls"} if isinstance(journal, dict) else {}
    kinds = {"open_mirroring": "onelake", "csv": "adls", "ndjson": "adls", "parquet": "adls"}
    missing = {name: kinds.get(kind, kind) for name, kind in named.items() if name not in table.get("connections", {})}
    return "".join("\n" + CONNECTIONS[kind].format(name) for name, kind in missing.items())


def read_console(text, _):
    """Parse every command as its program would; output is not allowed, since nothing would compare it."""
    for line in text.splitlines():
        assert line.startswith("$ "), f"{line!r} is output that nothing compares: run the block, or say why it is shown"
        program, *words = shlex.split(line.removeprefix("$ "), comments=True)
        PROGRAMS[program](words)


def read_hygge(words, command=hygge, parent=None):
    """Parse the words of a command of hygge to the last option, and call nothing."""
    context = click.Context(command, info_name=command.name, parent=parent)
    if isinstance(command, click.Group):
        _, rest, _ = command.make_parser(context).parse_args(list(words))
        if rest:
            _, inner, left = command.resolve_command(context, rest)
            read_hygge(left, inner, context)
    else:
        with suppress(click.exceptions.Exit):  # --help
            command.make_context(command.name, list(words), parent=parent)


def read_nox(words):
    """See that the sessions of a `nox` command are there."""
    chosen = words[words.index("-s") + 1 :] if "-s" in words else []
    sessions = chosen[: chosen.index("--")] if "--" in chosen else chosen
    assert set(sessions) <= SESSIONS, f"there is no such session: {', '.join(sessions)}"


def read_pip(words):
    """See that the packages of ours that are installed are there."""
    names = {re.match(r"(?:\./)?([\w-]+)", word)[1] for word in words[1:] if not word.startswith("-")}
    strange = {name for name in names if name.startswith("hygge-")} - OUR_PACKAGES
    assert not strange, f"there is no such package: {', '.join(strange)}"


def read_script(words):
    """See that a script of ours is there, and that `start.py` has the task."""
    assert (ROOT / words[0]).is_file(), f"there is no {words[0]}"
    if words[0] == "start.py":
        assert words[1] in TASKS, f"start.py has no task {words[1]}"


def read_pytest(words):
    """See that the folders of tests are there."""
    missing = [word for word in words if not word.startswith("-") and not (ROOT / word).exists()]
    assert not missing, f"there are no such tests: {', '.join(missing)}"


def read_anything(_):
    """Take what is the shell's own."""


PROGRAMS = {
    "hygge": read_hygge,
    "nox": read_nox,
    "pip": read_pip,
    "python": read_script,
    "python3": read_script,
    ".nox/bench/bin/python": read_script,
    "pytest": read_pytest,
    "export": read_anything,
    ".": read_anything,
}


def read_python(text, _):
    """Compile it, and see that what it imports of ours is there."""
    tree = ast.parse(textwrap.dedent(text))
    compile(tree, "page", "exec")
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module.partition(".")[0].replace("_", "-") in OUR_PACKAGES:
            module = import_module(node.module)
            missing = [each.name for each in node.names if not hasattr(module, each.name)]
            assert not missing, f"{node.module} has no {', '.join(missing)}"


def read_json(text, _):
    """Read one document, or one on each line."""
    try:
        json.loads(text)
    except json.JSONDecodeError:
        assert [json.loads(line) for line in text.splitlines()]


def read_csv(text, _):
    """See that all rows have as many fields as the first."""
    assert len({len(row) for row in csv.reader(text.splitlines())}) == 1, "rows differ in the number of fields"


def read_sql(text, _):
    """Parse it in one of the dialects that are shown."""
    for dialect in ("tsql", "duckdb"):
        with suppress(sqlglot.errors.SqlglotError):
            assert sqlglot.parse(text, dialect=dialect)
            return
    raise AssertionError("this is SQL of neither SQL Server nor DuckDB")


def read_pycon(text, _):
    """See that there are examples in it."""
    assert doctest.DocTestParser().get_examples(text), "there is no example"


READERS = {
    "console": read_console,
    "csv": read_csv,
    "json": read_json,
    "pycon": read_pycon,
    "python": read_python,
    "sql": read_sql,
    "toml": read_toml,
}
"""How blocks of each language are read; one of another language needs a mark."""
