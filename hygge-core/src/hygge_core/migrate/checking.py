"""Whether the new project can be loaded: hygge's own loader says, in a folder that is thrown away."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli
from attrs import frozen

from hygge_core.config import load_project
from hygge_core.config.discover import FILE
from hygge_core.config.sources import FLOWS
from hygge_core.errors import ConfigError


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hygge_core.errors import Problem
    from hygge_core.migrate.ledger import Decision
    from hygge_core.migrate.migration import Migration
    from hygge_core.plugins import Plugins


_REFERENCE = re.compile(r"(?<!\$)\$\{([A-Za-z_][A-Za-z0-9_]*)(:-[^{}]*)?\}")
_FROM_MISSING = "no plugin brings"


@frozen(kw_only=True)
class Verdict:
    """What the loader says: variables that are to be set first, and what it refuses besides."""

    unset: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def check(migration: Migration, plugins: Plugins, environ: Mapping[str, str]) -> Verdict:
    """Load the files of a migration as a project.

    Variables that are not set are no problem of the project, nor are plugins where packages are missing, nor what is
    open as a decision already.
    """
    files = migration.files
    unset = tuple(sorted({name for text in files.values() for name in _needed(tomli.loads(text))} - environ.keys()))
    said = {f"the environment variable {name} is not set" for name in unset}
    problems = [problem for problem in _problems(files, plugins, environ) if problem.what not in said]
    if migration.packages:
        problems = [problem for problem in problems if not problem.what.startswith(_FROM_MISSING)]
    return Verdict(unset=unset, problems=unexplained(problems, migration.decisions))


def unexplained(problems: Iterable[Problem], decisions: Iterable[Decision]) -> tuple[Problem, ...]:
    """Return the problems that are not those of a decision that is open."""
    open_ = [(about.partition(".")[0], one.to) for one in decisions for about in one.about]
    return tuple(problem for problem in problems if not any(_is_of(problem, *one) for one in open_))


def _is_of(problem: Problem, about: str, to: str) -> bool:
    """Tell whether a problem lies in the same key of the same flow, or in the same connection."""
    steps = re.split(r"[.\[]", problem.key)
    if to.startswith("connections."):
        return problem.key.startswith(to.rpartition(".")[0])
    of_flow = problem.file == f"{FLOWS}/{about}.toml" or steps[:2] == [FLOWS, about]
    return of_flow and to.partition(".")[0] in steps


def _problems(files: Mapping[str, str], plugins: Plugins, environ: Mapping[str, str]) -> Iterable[Problem]:
    with tempfile.TemporaryDirectory() as folder:
        write(files, Path(folder))
        try:
            load_project(Path(folder) / FILE, plugins=plugins, environ=environ)
        except ConfigError as error:
            return error.problems
    return ()


def write(files: Mapping[str, str], into: Path) -> None:
    """Write the files of a project, hygge.toml last, so that a project is there when it is complete."""
    for name, text in reversed(list(files.items())):
        place = into / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8", newline="\n")


def _needed(value: Any) -> set[str]:
    """Name the variables that the texts within a value cannot do without."""
    if isinstance(value, str):
        return {name for name, default in _REFERENCE.findall(value) if not default}
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {name for one in inner for name in _needed(one)}
