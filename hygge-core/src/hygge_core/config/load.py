"""A whole project from its files: every problem of every file at once, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from hygge_core.config.environment import SHORTEST_SENSITIVE, Expansion
from hygge_core.config.flow import read_flow
from hygge_core.config.mask import mask_problem
from hygge_core.config.model import Project, ProjectTable
from hygge_core.config.node import Problems
from hygge_core.config.overrides import override
from hygge_core.config.rules import unknown_connections
from hygge_core.config.sources import read_sources
from hygge_core.errors import ConfigError


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from hygge_core.config.model import FlowConfig
    from hygge_core.config.sources import Sources
    from hygge_core.config.structure import Structure
    from hygge_core.plugins import Plugins


def load_project(file: Path, *, plugins: Plugins, environ: Mapping[str, str], variables: Sequence[str] = ()) -> Project:
    """Read ``hygge.toml``, the flow files beside it and the overrides of the command line.

    ``variables`` are texts such as ``flow.erp.run_type=append``.  Raises `ConfigError` with
    all problems of all files, none of which shows what came from ``environ`` or is a `Secret`.
    """
    from hygge_core.config.typed import project_structure

    problems, expansion, structure = Problems(), Expansion(environ), project_structure(plugins)
    sources = read_sources(file, problems)
    override(sources, variables, problems)
    _expand(sources, expansion)
    problems.add(*expansion.problems.found)
    project = _project(file.resolve().parent, sources, structure, problems)
    sensitive = frozenset(expansion.sensitive | _long_enough(structure.secrets))
    if problems.failed:
        raise ConfigError(mask_problem(problem, sensitive) for problem in problems.found)
    return evolve(project, environment=frozenset(expansion.used), sensitive=sensitive)


def _expand(sources: Sources, expansion: Expansion) -> None:
    sources.project = expansion.expand(sources.project)
    sources.flows = {name: expansion.expand(flow) for name, flow in sources.flows.items()}


def _project(root: Path, sources: Sources, structure: Structure, problems: Problems) -> Project:
    """Put together what can be read; incomplete wherever a problem was added."""
    table = ProjectTable()
    with problems:
        table = structure.read(sources.project, ProjectTable)
        problems.add(*unknown_connections(table, sources.project))
    flows: list[FlowConfig] = []
    for name, node in sources.flows.items():
        with problems:
            flows.append(read_flow(name, node, structure))
    return Project(
        name=table.name or root.name,
        root=root,
        options=table.options,
        connections=tuple(evolve(connection, name=name) for name, connection in table.connections.items()),
        flows=tuple(flows),
    )


def _long_enough(texts: Iterable[str]) -> set[str]:
    return {text for text in texts if len(text) >= SHORTEST_SENSITIVE}
