"""What came of trying a package's promises, case by case, and what that says of each promise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from attrs import Factory, frozen


if TYPE_CHECKING:
    from collections.abc import Iterator


Outcome = Literal["passed", "skipped", "xfailed", "failed"]
"""How one case ended; an error in its fixtures is a failure too."""

State = Literal["kept", "not offered", "broken, known", "broken", ""]
"""What the cases of one promise say together; empty where a contract does not ask for it."""

_TELLING: tuple[tuple[Outcome, State], ...] = (
    ("failed", "broken"),
    ("xfailed", "broken, known"),
    ("passed", "kept"),
    ("skipped", "not offered"),
)


@frozen(kw_only=True)
class Contract:
    """One test class of a package: its promises in the order of the kit, and the first line of its docstring."""

    name: str
    about: str = ""
    promises: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The name without the ``Test`` that pytest asks for."""
        return self.name.removeprefix("Test") or self.name


@frozen(kw_only=True)
class CaseResult:
    """How one case ended: ``case`` is the test's name, ``name`` has its parameters too.

    ``reason`` says why it was skipped or is expected to fail, or is the message of its failure.  ``properties`` are
    what the case recorded by pytest's ``record_property``.
    """

    contract: str
    case: str
    name: str
    promise: str
    outcome: Outcome
    reason: str = ""
    properties: tuple[tuple[str, Any], ...] = ()


@frozen(kw_only=True)
class Results:
    """Everything that came of one trial; ``faults`` are what kept cases from being run at all."""

    package: str
    version: str
    thorough: bool
    contracts: tuple[Contract, ...]
    cases: tuple[CaseResult, ...]
    faults: tuple[str, ...] = Factory(tuple)

    @property
    def broken(self) -> bool:
        """Tell whether any promise is broken that nobody had said to be."""
        return bool(self.faults) or any(case.outcome == "failed" for case in self.cases)

    @property
    def promises(self) -> tuple[str, ...]:
        """Every promise that was tried, in the order of the contracts; last the empty one, of cases that have none."""
        found = dict.fromkeys(promise for contract in self.contracts for promise in contract.promises)
        return tuple(sorted(found, key=lambda promise: not promise))

    def of(self, contract: Contract, promise: str) -> tuple[CaseResult, ...]:
        """Return the cases of one promise in one contract."""
        return tuple(case for case in self.cases if case.contract == contract.name and case.promise == promise)

    def recorded(self, contract: Contract, name: str) -> Iterator[Any]:
        """Yield what the cases of a contract recorded under a name."""
        for case in self.cases:
            if case.contract == contract.name:
                yield from (value for key, value in case.properties if key == name)


def state_of(cases: tuple[CaseResult, ...]) -> State:
    """Judge a promise by its cases: one that fails breaks it, one that passes keeps what the others do not offer."""
    outcomes = {case.outcome for case in cases}
    return next((state for outcome, state in _TELLING if outcome in outcomes), "")
