"""What fails of plugins that are broken on purpose, found by pytest in a process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict


QUIET = (
    "-q",
    "--tb=no",
    "-rfE",
    "-p",
    "no:randomly",
    "-p",
    "no:cacheprovider",
    "-o",
    "addopts=--import-mode=importlib",
)


def failures(*chosen):
    """Return the names of the cases that failed, by test class; ``chosen`` is what pytest is told."""
    command = [sys.executable, "-m", "pytest", *chosen, *QUIET]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    found = defaultdict(set)
    for name, case in re.findall(r"^(?:FAILED|ERROR) .*::(Test\w+)::(\w+)", run.stdout, re.MULTILINE):
        found[name].add(case)
    assert found, f"pytest ended with {run.returncode}:\n{run.stdout}\n{run.stderr}"
    return found
