"""A driver is found by itself, or one line says how to install one."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from hygge_core import HomeError
from hygge_home_mssql.drivers import available, find_driver


def test_microsofts_newest_driver_comes_first_and_freetds_last():
    found = list(available(["FreeTDS", "SQLite3", "ODBC Driver 17 for SQL Server", "ODBC Driver 18 for SQL Server"]))
    assert [driver.name for driver in found[:2]] == ["ODBC Driver 18 for SQL Server", "ODBC Driver 17 for SQL Server"]
    assert (found[-1].name, found[-1].family) == ("FreeTDS", "freetds")
    assert {driver.family for driver in found[:-1]} == {"microsoft"}
    assert "SQLite3" not in [driver.name for driver in found]


def test_a_driver_may_be_named_in_any_case_or_by_its_file(tmp_path):
    best = find_driver()
    assert find_driver(best.name.upper()) == best
    file = tmp_path / "libtdsodbc.so"
    file.touch()
    assert find_driver(str(file)).family == "freetds"


@pytest.mark.parametrize("wanted", ["No Such Driver", os.path.abspath("no-such-driver.so")])  # noqa: PTH100 - a text
def test_a_driver_that_is_not_there_is_named(wanted):
    with pytest.raises(HomeError, match=r"No Such Driver|is not a file") as error:
        find_driver(wanted)
    assert "mend the key driver" in error.value.fix


def test_without_any_driver_one_line_says_how_to_install_one(tmp_path):
    script = (
        "import sys\nfrom importlib.machinery import PathFinder\n"
        "find = PathFinder.find_spec\n"
        "PathFinder.find_spec = staticmethod(\n"
        "    lambda name, *more: None if name == 'mssql_python_odbc' else find(name, *more))\n"
        "from hygge_home_mssql.drivers import find_driver\n"
        "try:\n    find_driver()\nexcept Exception as error:\n    print(error)\n"
    )
    bare = {**os.environ, "ODBCSYSINI": str(tmp_path), "ODBCINI": str(tmp_path / "none")}
    done = subprocess.run([sys.executable, "-c", script], env=bare, capture_output=True, encoding="utf-8", check=True)
    text = done.stdout.strip()
    assert text.startswith("there is no ODBC driver for SQL Server; install one: ")
    assert "\n" not in text
