"""A plugin leans on what stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from hygge_core import __version__
from hygge_core.testing.deprecations import overdue
from hygge_core.testing.imports import private_imports


if TYPE_CHECKING:
    from hygge_core.testing.installed import Installed


_PROMISE = "it uses only public names of hygge-core, and drops what it deprecated when it said"


class StabilityCases:
    """Only public names of hygge-core stay from release to release."""

    promise: ClassVar[str] = _PROMISE

    def test_it_imports_only_public_names(self, installed: Installed) -> None:
        private = [text for place in installed.sources for text in private_imports(place)]
        assert not private, (
            f"broken promise: {_PROMISE}. These may change with any release: {private}; what is public is "
            "listed in hygge_core.public, and asking for more is an issue away"
        )

    def test_no_deprecation_is_overdue(self, installed: Installed) -> None:
        versions = {"hygge-core": __version__, installed.name: installed.metadata("Version")}
        late = [text for place in installed.sources for text in overdue(place, versions)]
        assert not late, (
            f"broken promise: {_PROMISE}. These should be gone: {late}; take them out, or say a later version"
        )
