"""What opens doors is a `Secret`, and shows nowhere."""

from __future__ import annotations

from types import UnionType
from typing import TYPE_CHECKING, Any, ClassVar, Union, get_args, get_origin

import attrs

from hygge_core.config.fields import key_of
from hygge_core.secret import Secret
from hygge_core.testing.configs import classes_within, fields_of, readable
from hygge_core.testing.judge import needs


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hygge_core.plugins import Plugins
    from hygge_core.testing.configs import Kind


_SECRETIVE = {"password", "passwd", "pwd", "passphrase", "secret", "token", "key", "sas", "credential", "credentials"}


_PROMISE = "its secrets do not show"


class SecretCases:
    """A text is shown wherever a value may be: in plans, errors, logs and tracebacks. A `Secret` is not."""

    promise: ClassVar[str] = _PROMISE
    settings: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    not_secret: ClassVar[Mapping[str, str]] = {}

    def test_what_sounds_secret_is_one(self, kinds: Mapping[str, Kind]) -> None:
        plain = [
            f"{title}: {key_of(attribute)}"
            for title, kind in kinds.items()
            for config in classes_within(kind.config)
            for attribute in fields_of(config)
            if _sounds_secret(attribute.name) and _is_text(attribute.type) and key_of(attribute) not in self.not_secret
        ]
        assert not plain, (
            f"broken promise: {_PROMISE}. These are plain texts: {plain}; give them the type hygge_core.Secret, "
            "or say why they are none: not_secret = {'key': 'it names a column'}"
        )

    def test_secrets_are_not_in_the_text_of_settings(self, plugins: Plugins, kinds: Mapping[str, Kind]) -> None:
        read = readable(plugins, {title: self.settings[title] for title in kinds if title in self.settings})
        hidden = {title: {secret.reveal() for secret in _secrets_in(value)} - {""} for title, value in read.items()}
        needs(any(hidden.values()), "the example settings hold no secret")
        shown = [title for title, value in read.items() if any(text in f"{value!r}{value!s}" for text in hidden[title])]
        assert not shown, (
            f"broken promise: {_PROMISE}. The text of the settings of {shown} shows a secret; "
            "keep it as a Secret, and reveal it only where it is used"
        )


def _sounds_secret(name: str) -> bool:
    return name.rsplit("_", maxsplit=1)[-1] in _SECRETIVE or name.endswith("connection_string")


def _is_text(wanted: Any) -> bool:
    union = get_origin(wanted) in (Union, UnionType)
    return any(map(_is_text, get_args(wanted))) if union else wanted is str


def _secrets_in(value: Any) -> Iterator[Secret]:
    if isinstance(value, Secret):
        yield value
    elif attrs.has(type(value)):
        for each in attrs.fields(type(value)):
            yield from _secrets_in(getattr(value, each.name, None))
    elif isinstance(value, dict):
        yield from (secret for each in value.values() for secret in _secrets_in(each))
    elif isinstance(value, list | tuple | set | frozenset):
        yield from (secret for each in value for secret in _secrets_in(each))
