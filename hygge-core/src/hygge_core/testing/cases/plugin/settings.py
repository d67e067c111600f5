"""Settings are classes that cannot change, that editors know, and that let no slip pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import attrs
from attrs.exceptions import FrozenInstanceError

from hygge_core.config.example import read_example
from hygge_core.config.fields import key_of
from hygge_core.config.schema_types import describe_class
from hygge_core.errors import ConfigError, PluginError
from hygge_core.testing.configs import classes_within, fields_of, readable


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hygge_core.plugins import Plugins
    from hygge_core.testing.configs import Kind


_PROMISE = "its settings are typed and frozen, editors know them, and slips are told"


class SettingsCases:
    """A configuration class is all that hygge knows of the keys of a home, store or connection."""

    promise: ClassVar[str] = _PROMISE
    settings: ClassVar[Mapping[str, Mapping[str, Any]]] = {}

    def test_every_kind_has_example_settings(self, kinds: Mapping[str, Kind]) -> None:
        missing, strange = sorted(kinds.keys() - self.settings.keys()), sorted(self.settings.keys() - kinds.keys())
        assert not missing, f"give the contract settings to try: settings = {{{missing[0]!r}: {{...}}}}, also {missing}"
        assert not strange, f"settings names what the plugin does not bring: {strange}; it brings {sorted(kinds)}"

    def test_example_settings_are_read(self, plugins: Plugins, kinds: Mapping[str, Kind]) -> None:
        for title in self.settings.keys() & kinds.keys():
            try:
                read_example(plugins, title, self.settings[title])
            except ConfigError as error:
                raise AssertionError(f"the example settings of {title} cannot be read: {error}") from error

    def test_settings_are_frozen_and_keyword_only(self, kinds: Mapping[str, Kind]) -> None:
        loose = {_name(each) for kind in kinds.values() for each in classes_within(kind.config) if not _is_frozen(each)}
        assert not loose, (
            f"broken promise: {_PROMISE}. These can be changed after they were checked, or take their values by "
            f"position: {sorted(loose)}; declare them with @attrs.frozen(kw_only=True)"
        )

    def test_editors_know_every_key(self, kinds: Mapping[str, Kind]) -> None:
        unknown = [text for title, kind in kinds.items() for text in _undescribed(title, kind.config)]
        assert not unknown, (
            f"broken promise: {_PROMISE}. `hygge schema` cannot say what may stand in {unknown}; "
            "annotate each with a type that TOML can hold, imported outside of TYPE_CHECKING"
        )

    def test_a_misspelt_key_is_refused(self, plugins: Plugins, kinds: Mapping[str, Kind]) -> None:
        for title in readable(plugins, {title: self.settings[title] for title in kinds if title in self.settings}):
            for key in map(key_of, fields_of(kinds[title].config)):
                told = _told_of_slip(plugins, title, self.settings[title], key)
                assert key in told, (
                    f"broken promise: {_PROMISE}. Of {key + 'x'!r} in a {title}, hygge says {told!r}, and not that "
                    f"{key!r} is meant; no two keys may be that much alike"
                )


def _told_of_slip(plugins: Plugins, title: str, settings: Mapping[str, Any], key: str) -> str:
    """Return what is said of a key with a letter too many, or nothing."""
    kind = title.split(" ", maxsplit=1)[0]
    slip = {each: value for each, value in settings.items() if each != key} | {f"{key}x": settings.get(key, 1)}
    try:
        read_example(plugins, title, slip)
    except ConfigError as error:
        return next((each.fix for each in error.problems if each.key == f"{kind}.{key}x"), "")
    return ""


def _is_frozen(config: type[Any]) -> bool:
    made = object.__new__(config)
    fields = attrs.fields(config)
    try:
        for each in fields:
            setattr(made, each.name, None)
    except FrozenInstanceError:
        return all(each.kw_only for each in fields if each.init)
    return not fields


def _undescribed(title: str, config: type) -> Iterator[str]:
    try:
        described = describe_class(config, {})
    except PluginError as error:
        yield f"{title} ({error})"
        return
    silent = {"description", "default"}
    yield from (f"{title}: {key}" for key, schema in described["properties"].items() if not schema.keys() - silent)


def _name(config: type) -> str:
    return f"{config.__module__}.{config.__qualname__}"
