"""A package that `hygge new` made, installed as pip would but in an instant."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib

from hygge_core.scaffold.naming import named
from hygge_core.scaffold.rendering import render
from hygge_core.scaffold.writing import write


def made(folder, kind, name="acme"):
    """Write a new package and return its folder."""
    naming = named(kind, name)
    write(folder / naming.distribution, render(naming, "Ada Lovelace"))
    return folder / naming.distribution


def installed(package, site):
    """Put what a wheel would hold into a folder, and return it; the build itself has a test of its own."""
    project = tomllib.loads((package / "pyproject.toml").read_text("utf-8"))["project"]
    (module,) = (package / "src").iterdir()
    (site / module.name).parent.mkdir(parents=True, exist_ok=True)
    (site / module.name).symlink_to(module) if sys.platform != "win32" else module.rename(site / module.name)
    info = site / f"{module.name}-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(metadata(package, project), "utf-8")
    (info / "entry_points.txt").write_text(entry_points(project["entry-points"]), "utf-8")
    (info / "licenses").mkdir()
    (info / "licenses" / "LICENSE").write_text((package / "LICENSE").read_text("utf-8"), "utf-8")
    files = [path.relative_to(site).as_posix() for path in (*site.rglob("*"), *(site / module.name).rglob("*"))]
    (info / "RECORD").write_text("".join(f"{file},,\n" for file in files if (site / file).is_file()), "utf-8")
    return site


def metadata(package, project):
    """Write the metadata that a build would make of a project."""
    lines = [f"Name: {project['name']}", f"Version: {project['version']}", f"Summary: {project['description']}"]
    lines += [f"License-Expression: {project['license']}", "License-File: LICENSE"]
    lines += [f"Requires-Python: {project['requires-python']}", "Description-Content-Type: text/markdown"]
    lines += [f"Requires-Dist: {each}" for each in project["dependencies"]]
    for extra, wanted in project["optional-dependencies"].items():
        lines += [f"Provides-Extra: {extra}", *(f"Requires-Dist: {each}; extra == '{extra}'" for each in wanted)]
    readme = (package / "README.md").read_text("utf-8")
    return "\n".join(["Metadata-Version: 2.4", *lines, "", readme])


def entry_points(groups):
    return "".join(
        f"[{group}]\n" + "".join(f"{name} = {target}\n" for name, target in points.items())
        for group, points in groups.items()
    )


def started(package, site, *words):
    """Run a module of Python in the package's folder, with the package installed."""
    path = os.pathsep.join([str(site), *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=package,
        env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=900,
    )
