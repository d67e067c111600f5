"""What is public and will go: said with the version it came with, the version it goes with, and what to use instead.

Python hears of it by a `HyggeDeprecationWarning`; the command line prints each at the end, on one line.
"""

from __future__ import annotations

import re
import warnings
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import field, frozen


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from attrs import Attribute

_F = TypeVar("_F", bound="Callable[..., Any]")

_VERSION = re.compile(r"[0-9]+(\.[0-9]+)*")


class HyggeDeprecationWarning(DeprecationWarning):
    """Something that is used here will go; the text says when, and what to use instead."""


def _version(_: object, attribute: Attribute[str], value: str) -> None:
    if not isinstance(value, str) or not _VERSION.fullmatch(value):
        raise ValueError(f"{attribute.name} must be a version like '0.4', not {value!r}")


@frozen(kw_only=True)
class Deprecation:
    """Something public that will go.

    ``what`` is its name as users write it, ``since`` the version that deprecates it, ``until`` the first version
    without it, both of the distribution ``of``; ``instead`` tells what to do, such as ``use stat``.  Write all of
    them as plain texts where it is made: they are read from the source to see what is overdue.
    """

    what: str
    since: str = field(validator=_version)
    until: str = field(validator=_version)
    instead: str
    of: str = "hygge-core"

    def __str__(self) -> str:
        return f"{self.what} is deprecated since {self.of} {self.since} and goes with {self.until}: {self.instead}"

    @property
    def warning(self) -> HyggeDeprecationWarning:
        """The warning, for those who raise it themselves: pluggy takes it as ``warn_on_impl_args`` of a hook."""
        return HyggeDeprecationWarning(str(self))

    def warn(self, *, above: int = 0) -> None:
        """Warn whoever called the function that calls this, or somebody so many frames above."""
        warnings.warn(self.warning, stacklevel=3 + above)

    def warn_at(self, file: str, line: int) -> None:
        """Warn of a line of a file that somebody wrote, such as a key of a configuration."""
        warnings.warn_explicit(self.warning, HyggeDeprecationWarning, file, line)


def deprecated(deprecation: Deprecation) -> Callable[[_F], _F]:
    """Let a function or method warn its callers each time it is called."""

    def decorate(function: _F) -> _F:
        @wraps(function)
        def warning(*args: Any, **kwargs: Any) -> Any:
            deprecation.warn()
            return function(*args, **kwargs)

        return warning  # type: ignore[return-value] # it takes and returns what the function does

    return decorate


def departing(module: str, names: Mapping[str, tuple[Deprecation, Callable[[], object]]]) -> Callable[[str], object]:
    """Make the ``__getattr__`` of a module that names leave: each still answers, and warns who asks.

    >>> __getattr__ = departing(__name__, {
    ...     "Roof": (Deprecation(what="Roof", since="0.2", until="0.3", instead="use Attic"), lambda: Attic),
    ... })
    """

    def find(name: str) -> object:
        if name not in names:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        deprecation, value = names[name]
        deprecation.warn()
        return value()

    return find
