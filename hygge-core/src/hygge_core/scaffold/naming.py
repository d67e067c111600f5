"""The names of a new package, all made from one word that its author chooses."""

from __future__ import annotations

import re
from typing import Literal

from attrs import frozen

from hygge_core.errors import UsageError


Kind = Literal["store", "home", "lake"]
"""What a package may bring."""

_WORDS = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
_LONGEST = 24
_EXAMPLE = "use lower case words, such as 'acme' or 'acme-cloud'"


@frozen(kw_only=True)
class Naming:
    """The names of one package: ``word`` is the type that flows write, such as ``acme_cloud``."""

    kind: Kind
    word: str

    @property
    def distribution(self) -> str:
        """What people install: ``hygge-store-acme-cloud``."""
        return f"hygge-{self.kind}-{self.word.replace('_', '-')}"

    @property
    def module(self) -> str:
        """What Python imports: ``hygge_store_acme_cloud``."""
        return f"hygge_{self.kind}_{self.word}"

    @property
    def classes(self) -> str:
        """What the names of its classes begin with: ``AcmeCloud``."""
        return "".join(part.capitalize() for part in self.word.split("_"))


def named(kind: Kind, name: str) -> Naming:
    """Make the names of a package from what its author typed, with or without ``hygge-store-`` in front.

    Raises `UsageError` for a name that cannot be a type in a flow, a module and a class at once.
    """
    short = name.removeprefix(f"hygge-{kind}-").removeprefix(f"hygge_{kind}_")
    if not _WORDS.fullmatch(short):
        raise _refused(name, f"cannot name a {kind}", _EXAMPLE)
    if len(short) > _LONGEST:
        raise _refused(name, f"is longer than {_LONGEST} characters", "choose a shorter name")
    if short.startswith("hygge"):
        raise _refused(name, f"would name a package 'hygge-{kind}-{short}'", f"leave out 'hygge'; {_EXAMPLE}")
    return Naming(kind=kind, word=short.replace("-", "_"))


def _refused(name: str, what: str, fix: str) -> UsageError:
    return UsageError(f"{name!r} {what}", where="hygge new", fix=fix)
