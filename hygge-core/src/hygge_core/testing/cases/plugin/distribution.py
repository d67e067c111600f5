"""A package comes with what people and type checkers look for."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar


if TYPE_CHECKING:
    from hygge_core.testing.installed import Installed


_PROMISE = "its package comes with its types, a licence and a description"


class DistributionCases:
    """Seen at what is installed, for that is what others get."""

    promise: ClassVar[str] = _PROMISE

    def test_its_types_can_be_used(self, installed: Installed) -> None:
        untyped = [place.name for place in installed.sources if not (place / "py.typed").is_file()]
        assert not untyped, (
            f"broken promise: {_PROMISE}. {untyped} has no file py.typed, so type checkers pass over it; "
            "put an empty one beside its __init__.py"
        )

    def test_it_has_a_licence(self, installed: Installed) -> None:
        assert installed.metadata("License-Expression") or installed.metadata("License"), (
            f"broken promise: {_PROMISE}. {installed.name} names no licence; "
            'write license = "Apache-2.0" or another under [project]'
        )

    def test_it_describes_itself(self, installed: Installed) -> None:
        missing = [key for key in ("Summary", "Description") if not installed.metadata(key)]
        assert not missing, (
            f"broken promise: {_PROMISE}. {installed.name} has no {' and no '.join(missing)}; "
            'write description = "..." and readme = "README.md" under [project]'
        )
