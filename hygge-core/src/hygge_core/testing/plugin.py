"""The contract of a plugin, as a class of tests that its author subclasses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from hygge_core.plugins import Plugins
from hygge_core.testing.cases.plugin.commands import CommandCases
from hygge_core.testing.cases.plugin.distribution import DistributionCases
from hygge_core.testing.cases.plugin.loading import LoadingCases
from hygge_core.testing.cases.plugin.registration import RegistrationCases
from hygge_core.testing.cases.plugin.requirements import RequirementCases
from hygge_core.testing.cases.plugin.secrets import SecretCases
from hygge_core.testing.cases.plugin.settings import SettingsCases
from hygge_core.testing.cases.plugin.stability import StabilityCases
from hygge_core.testing.configs import kinds_of
from hygge_core.testing.contract import replaced
from hygge_core.testing.installed import find_installed
from hygge_core.testing.loading import watch_loading


if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygge_core.testing.configs import Kind
    from hygge_core.testing.installed import Installed
    from hygge_core.testing.loading import Loading


class PluginContract(
    RegistrationCases,
    LoadingCases,
    RequirementCases,
    DistributionCases,
    SettingsCases,
    SecretCases,
    CommandCases,
    StabilityCases,
):
    """Everything that a package with plugins promises, whatever they bring, tried on what is installed.

    Its author names the distribution, and gives settings for each home, store and connection that it brings;
    secrets among them make the cases about secrets apply:

    .. code-block:: python

        class TestAcmePlugin(PluginContract):
            distribution = "hygge-store-acme"
            settings = {"store acme": {"path": "tables"}, "connection acme": {"server": "acme", "password": "xyzzy"}}
    """

    distribution: ClassVar[str] = ""
    """The name that ``pip install`` takes."""

    settings: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    """Example settings for everything that has some, as in TOML but for ``type``: ``{"store acme": {...}}``."""

    loads: ClassVar[Mapping[str, str]] = {}
    """Top-level modules of others that loading the plugin may import, each with the reason."""

    not_secret: ClassVar[Mapping[str, str]] = {}
    """Keys that sound secret and are none, each with the reason."""

    @pytest.fixture
    def installed(self) -> Installed:
        """Find the distribution."""
        if not self.distribution:
            pytest.fail('say which distribution to try: distribution = "hygge-store-acme"')
        return find_installed(self.distribution)

    @pytest.fixture
    def plugins(self, installed: Installed) -> Plugins:
        """Load its plugins, and no others."""
        return Plugins.load(entry_points=installed.entry_points, environ={})

    @pytest.fixture
    def kinds(self, plugins: Plugins) -> Mapping[str, Kind]:
        """Name what it brings that has settings."""
        return kinds_of(plugins)

    @pytest.fixture
    def loading(self, installed: Installed) -> Loading:
        """Load it in a process of its own, once for all cases."""
        return watch_loading(installed.name, self.settings)

    def test_no_case_was_overridden(self) -> None:
        """A case may be expected to fail, with a reason; it may not be replaced or removed."""
        silent = replaced(PluginContract, type(self))
        assert not silent, f"mark these with pytest.mark.xfail(reason=...) instead of overriding them: {silent}"
