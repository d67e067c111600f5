"""The contract tells an author what is missing, and does not take a declaration for the truth."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from core.testing import untrue_homes
from core.testing.untrue_homes import UNTRUE


CHOSEN = "comes_once or overridden or something or [date] or [time] or [datetime_us]"


@pytest.fixture(scope="module")
def told():
    """What pytest says of each class."""
    quiet = ["-q", "--tb=short", "-p", "no:randomly", "-p", "no:cacheprovider", "-o", "addopts=--import-mode=importlib"]
    command = [sys.executable, "-m", "pytest", untrue_homes.__file__, "-k", CHOSEN, *quiet]
    output = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False).stdout
    failures = re.split(r"^_+ (?:ERROR at setup of )?(Test\w+)\.\w+.* _+$", output, flags=re.MULTILINE)
    found = {}
    for name, text in zip(failures[1::2], failures[2::2], strict=True):
        found[name] = found.get(name, "") + text
    assert found, output
    return found


@pytest.mark.parametrize("name", UNTRUE)
def test_what_is_missing_or_untrue_is_told(told, name):
    assert UNTRUE[name].told in told.get(name, ""), told.get(name, "nothing failed")
