"""The results of a trial as plain data, for programs and for tables that are made later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hygge_core.conformance.results import CaseResult, Contract, Results, state_of


if TYPE_CHECKING:
    from collections.abc import Iterator


def document_of(results: Results) -> dict[str, Any]:
    """Return everything as what JSON can hold, the cases of each promise together under its contract."""
    return {
        "package": results.package,
        "version": results.version,
        "thorough": results.thorough,
        "broken": results.broken,
        "faults": list(results.faults),
        "contracts": [
            {
                "name": contract.name,
                "about": contract.about,
                "promises": [_promise(results, contract, promise) for promise in contract.promises],
            }
            for contract in results.contracts
        ],
    }


def _promise(results: Results, contract: Contract, promise: str) -> dict[str, Any]:
    cases = results.of(contract, promise)
    return {"promise": promise, "state": state_of(cases), "cases": [_case(case) for case in cases]}


def _case(case: CaseResult) -> dict[str, Any]:
    found: dict[str, Any] = {"case": case.case, "name": case.name, "outcome": case.outcome}
    if case.reason:
        found["reason"] = case.reason
    if case.properties:
        found["properties"] = [list(pair) for pair in case.properties]
    return found


def results_of(document: dict[str, Any]) -> Results:
    """Return the results that a document was made of."""
    return Results(
        package=document["package"],
        version=document["version"],
        thorough=document["thorough"],
        faults=tuple(document["faults"]),
        contracts=tuple(
            Contract(
                name=contract["name"],
                about=contract["about"],
                promises=tuple(each["promise"] for each in contract["promises"]),
            )
            for contract in document["contracts"]
        ),
        cases=tuple(_cases(document)),
    )


def _cases(document: dict[str, Any]) -> Iterator[CaseResult]:
    for contract in document["contracts"]:
        for promise in contract["promises"]:
            for case in promise["cases"]:
                yield CaseResult(
                    contract=contract["name"],
                    case=case["case"],
                    name=case["name"],
                    promise=promise["promise"],
                    outcome=case["outcome"],
                    reason=case.get("reason", ""),
                    properties=tuple((name, value) for name, value in case.get("properties", [])),
                )
