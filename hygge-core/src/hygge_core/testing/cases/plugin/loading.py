"""Every command that needs names loads every plugin, so loading one costs and does next to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar


if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygge_core.testing.installed import Installed
    from hygge_core.testing.loading import Loading


MOST_MODULES = 50
"""How many modules a plugin may add to those that hygge has loaded anyway: its own, and of the standard library."""


_PROMISE = "loading it is light and silent, and needs no network"


class LoadingCases:
    """The plugins are loaded in a process of its own, which starts as ``hygge --help`` does."""

    promise: ClassVar[str] = _PROMISE
    loads: ClassVar[Mapping[str, str]] = {}

    def test_loading_it_imports_nothing_heavy(self, installed: Installed, loading: Loading) -> None:
        foreign = [name for name in loading.foreign(installed.tops) if name not in self.loads]
        chains = [loading.chain(name) for name in foreign]
        assert not foreign, (
            f"broken promise: {_PROMISE}. Loading it imports {', '.join(foreign)}: {'; '.join(chains)}. Import "
            "it inside the function that needs it; see it with python -X importtime -c 'import ...'"
        )

    def test_loading_it_adds_few_modules(self, installed: Installed, loading: Loading) -> None:
        foreign = {*loading.foreign(installed.tops), "hygge_core"}
        ours = sorted(name for name in loading.loaded if not foreign & loading.tops_on_the_way(name))
        assert len(ours) <= MOST_MODULES, (
            f"broken promise: {_PROMISE}. {installed.name} adds {len(ours)} modules to `hygge --help`, and "
            f"{MOST_MODULES} are enough for names and settings: {ours}"
        )

    def test_loading_it_says_nothing(self, loading: Loading) -> None:
        assert not loading.said, (
            f"broken promise: {_PROMISE}. Loading it writes to standard output or error:\n{loading.said}"
        )

    def test_loading_it_warns_of_nothing(self, loading: Loading) -> None:
        assert not loading.warnings, f"broken promise: {_PROMISE}. Loading it warns: {list(loading.warnings)}"

    def test_loading_it_reaches_for_no_server(self, loading: Loading) -> None:
        assert not loading.reached, (
            f"broken promise: {_PROMISE}. Loading it and reading its settings uses the network: "
            f"{list(loading.reached)}; wait until the home, store or connection is opened"
        )
