"""A plugin of pytest that writes what comes of each case as a line of JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from hygge_core.testing.contract import promise_of


if TYPE_CHECKING:
    from collections.abc import Collection, Generator
    from typing import TextIO


class Recorder:
    """Lets pytest run the cases whose class or name contains one of the texts, all without any, and takes notes.

    Each line is an object with one key: ``contract``, ``count``, ``begun``, ``ended`` or ``fault``.
    """

    def __init__(self, lines: TextIO, only: Collection[str] = ()) -> None:
        self._lines = lines
        self._only = only
        self._reports: list[pytest.TestReport] = []
        self._names: dict[type | None, str] = {}

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leave out what was not asked for, and say what is left."""
        chosen = [item for item in items if self._wanted(item)]
        config.hook.pytest_deselected(items=[item for item in items if not self._wanted(item)])
        items[:] = chosen
        for contract in dict.fromkeys(_class_of(item) for item in items):
            self._names[contract] = self._free_name(contract)
            tried = {_promise(item) for item in items if _class_of(item) is contract}
            self._write(contract={"name": self._names[contract], **_described(contract, tried)})
        self._write(count=len(items))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Say what could not even be imported."""
        if report.failed:
            self._write(fault=str(report.longrepr).strip().splitlines()[-1].removeprefix("E").strip())

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Say which case begins."""
        self._reports = []
        self._write(begun=nodeid.partition("::")[2].replace("::", ": "))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Say how a case ended, when its fixtures have been taken down too."""
        report = yield
        self._reports.append(report)
        if call.when == "teardown":
            self._write(ended={"contract": self._names[_class_of(item)], **_result(item, self._reports)})
        return report

    def _free_name(self, contract: type | None) -> str:
        """Return the name of a test class, with its module where another class has the same."""
        name = _name(contract)
        if contract is None or name not in self._names.values():
            return name
        return f"{name} of {contract.__module__.rpartition('.')[2]}"

    def _wanted(self, item: pytest.Item) -> bool:
        named = f"{_name(_class_of(item))}::{item.name}"
        return not self._only or any(text in named for text in self._only)

    def _write(self, **line: object) -> None:
        self._lines.write(json.dumps(line, default=str) + "\n")
        self._lines.flush()


def _result(item: pytest.Item, reports: list[pytest.TestReport]) -> dict[str, Any]:
    telling = next((each for each in reports if each.failed), None) or next(
        (each for each in reports if each.skipped), reports[-1]
    )
    return {
        "case": getattr(item, "originalname", item.name),
        "name": item.name,
        "promise": _promise(item),
        "outcome": _outcome(telling),
        "reason": _reason(telling),
        "properties": item.user_properties,
    }


def _outcome(report: pytest.TestReport) -> str:
    return "xfailed" if report.skipped and hasattr(report, "wasxfail") else report.outcome


def _reason(report: pytest.TestReport) -> str:
    """Return why a case was skipped or is expected to fail, or the message of what it raised."""
    if hasattr(report, "wasxfail"):
        return str(report.wasxfail).removeprefix("reason: ")
    if report.skipped and isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    crash = getattr(report.longrepr, "reprcrash", None)
    return (crash.message if crash else str(report.longrepr or "")).removeprefix("AssertionError: ")


def _described(contract: type | None, tried: Collection[str]) -> dict[str, Any]:
    """Describe a test class, with the promises that are tried in the order of its bases."""
    ordered = [vars(each)["promise"] for each in contract.__mro__ if "promise" in vars(each)] if contract else []
    promises = [promise for promise in dict.fromkeys([*ordered, ""]) if promise in tried]
    about = (contract.__doc__ or "").strip().splitlines() if contract else []
    return {"about": about[0] if about else "", "promises": promises}


def _promise(item: pytest.Item) -> str:
    contract = _class_of(item)
    return promise_of(contract, getattr(item, "originalname", item.name)) if contract else ""


def _class_of(item: pytest.Item) -> type | None:
    return getattr(item, "cls", None)


def _name(contract: type | None) -> str:
    return contract.__name__ if contract else "functions"
