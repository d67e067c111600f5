"""Finding an ODBC driver for SQL Server on this machine."""

from __future__ import annotations

import platform
import re
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from hygge_core import HomeError


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


Family = Literal["microsoft", "freetds"]
"""Whose words a driver's connection string is written in."""

_MICROSOFT = re.compile(r"ODBC Driver (\d+) for SQL Server")
_BUNDLE = "mssql_python_odbc"
_LINES = {
    "linux": "pip install mssql-python (brings Microsoft's driver; unixODBC comes with the system: "
    "apt-get install unixodbc)",
    "darwin": "brew install unixodbc and pip install mssql-python, which brings Microsoft's driver",
    "win32": "winget install Microsoft.msodbcsql.18",
}


@frozen(kw_only=True)
class Driver:
    """A driver that is there: its name for people, and what ``Driver=`` takes, a registered name or a file."""

    name: str
    reference: str
    family: Family


def find_driver(wanted: str = "") -> Driver:
    """Return the wanted driver, by name or file, or the best that is there.

    Raises `HomeError`: for a name that nothing has, and when there is no driver at all, with
    the line that installs one on this platform.
    """
    found = list(available(_registered()))
    if wanted:
        return _wanted(wanted, found)
    if not found:
        raise HomeError("there is no ODBC driver for SQL Server", fix=f"install one: {_line()}")
    return found[0]


def available(registered: Iterable[str]) -> Iterator[Driver]:
    """Yield the drivers, best first: Microsoft's newest, the one that comes with mssql-python, FreeTDS."""
    names = list(registered)
    microsoft = sorted(filter(_MICROSOFT.fullmatch, names), key=_version, reverse=True)
    for name in microsoft:
        yield Driver(name=name, reference=name, family="microsoft")
    yield from _bundled()
    for name in names:
        if "freetds" in name.lower():
            yield Driver(name=name, reference=name, family="freetds")


def _registered() -> list[str]:
    try:
        import pyodbc
    except ImportError as error:  # the wheel of pyodbc needs the system's libodbc
        raise HomeError(f"pyodbc cannot be loaded: {error}", fix=f"install what it needs: {_line()}") from error
    return list(pyodbc.drivers())


def _wanted(wanted: str, found: list[Driver]) -> Driver:
    if Path(wanted).is_absolute():
        if not Path(wanted).is_file():
            raise HomeError(f"the driver {wanted} is not a file", fix="mend the key driver, or leave it out")
        return Driver(name=Path(wanted).name, reference=wanted, family=_family(wanted))
    for driver in found:
        if driver.name.lower() == wanted.lower():
            return driver
    if wanted in _registered():
        return Driver(name=wanted, reference=wanted, family=_family(wanted))
    there = ", ".join(driver.name for driver in found) or "none"
    raise HomeError(f"there is no ODBC driver {wanted!r} (found: {there})", fix="mend the key driver, or leave it out")


def _family(name: str) -> Family:
    lower = name.lower()
    return "freetds" if "freetds" in lower or "tdsodbc" in lower else "microsoft"


def _version(name: str) -> int:
    found = _MICROSOFT.fullmatch(name)
    return int(found[1]) if found else 0


def _bundled() -> Iterator[Driver]:
    """Find the driver inside of the package mssql-python-odbc, without importing it."""
    spec = find_spec(_BUNDLE)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        for path in sorted((Path(place) / "libs").glob(_pattern())):
            yield Driver(name=f"{path.name} of mssql-python", reference=str(path), family="microsoft")
            return


def _pattern() -> str:
    machine = "arm64" if platform.machine().lower() in {"arm64", "aarch64"} else "x86_64"
    if sys.platform == "darwin":
        return f"macos/{machine}/lib/libmsodbcsql*.dylib"
    return f"linux/{_distribution()}/{machine}/lib/libmsodbcsql*.so*" if sys.platform == "linux" else "none"


def _distribution() -> str:
    """Name the family of this Linux in the words of the package's folders."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return "debian_ubuntu"
    said = f"{release.get('ID', '')} {release.get('ID_LIKE', '')}".split()
    families = {"rhel": "rhel", "fedora": "rhel", "centos": "rhel", "suse": "suse", "sles": "suse", "alpine": "alpine"}
    return next((families[name] for name in said if name in families), "debian_ubuntu")


def _line() -> str:
    return _LINES.get(sys.platform, _LINES["linux"])
