"""A plugin that is installed is found and used, and `hygge plugins` has nothing to remark."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar


if TYPE_CHECKING:
    from hygge_core.plugins import Plugins
    from hygge_core.testing.installed import Installed


_PROMISE = "hygge finds it, loads it and has nothing to remark"


class RegistrationCases:
    """An entry point with a fault in it fails at its users, long after its author looked."""

    promise: ClassVar[str] = _PROMISE

    def test_it_is_registered_under_hygge(self, installed: Installed) -> None:
        assert installed.entry_points, (
            f"broken promise: {_PROMISE}. {installed.name} has no entry point in the group 'hygge'; "
            "add [project.entry-points.hygge] to its pyproject.toml and install it again"
        )

    def test_hygge_plugins_finds_nothing_wrong(self, plugins: Plugins) -> None:
        faulty = [f"{each.source}: {each.problem}; {each.fix}" for each in plugins.statuses if each.problem]
        assert not faulty, f"broken promise: {_PROMISE}. `hygge plugins` says: {faulty}"

    def test_all_that_it_brings_has_a_summary(self, plugins: Plugins) -> None:
        brought = [each for status in plugins.statuses for each in status.brings if each.kind != "hook"]
        silent = [f"{each.kind} {each.name}" for each in brought if not each.summary.strip()]
        assert not silent, (
            f"broken promise: {_PROMISE}. `hygge plugins` has no word for {silent}; "
            'give each a line: summary="Boxes under the roof"'
        )
