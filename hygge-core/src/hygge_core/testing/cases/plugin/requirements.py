"""A package says what it needs, so that it is installed only beside that."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar


if TYPE_CHECKING:
    from packaging.requirements import Requirement

    from hygge_core.testing.installed import Installed


_LOWER = {">=", ">", "~=", "=="}
_UPPER = {"<=", "<", "~=", "=="}


_PROMISE = "its package declares what it needs, and is installed with nothing else"


class RequirementCases:
    """What the metadata leaves open, an installer fills in with anything."""

    promise: ClassVar[str] = _PROMISE

    def test_hygge_core_is_bounded_from_below_and_above(self, installed: Installed) -> None:
        required = ", ".join(map(str, installed.core)) or "no hygge-core"
        assert any(_operators(each) & _LOWER and _operators(each) & _UPPER for each in installed.core), (
            f"broken promise: {_PROMISE}. {installed.name} requires {required}; "
            'write "hygge-core>=0.1,<0.2" with the release it was tried with, and the next one that may differ'
        )

    def test_it_says_which_python_it_needs(self, installed: Installed) -> None:
        assert installed.metadata("Requires-Python"), (
            f"broken promise: {_PROMISE}. {installed.name} does not say which Python it needs; "
            'write requires-python = ">=3.11"'
        )

    def test_every_import_is_declared(self, installed: Installed) -> None:
        undeclared = installed.undeclared()
        assert not undeclared, (
            f"broken promise: {_PROMISE}. These imports come from no package that {installed.name} requires, "
            f"and work here by luck: {undeclared}; add them to its dependencies"
        )


def _operators(requirement: Requirement) -> set[str]:
    return {each.operator for each in requirement.specifier}
