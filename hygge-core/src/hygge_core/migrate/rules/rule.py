"""What a rule is: an old key, what becomes of it, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hygge_core.migrate.ledger import Kind

    Convert = Callable[[Any, Mapping[str, Any]], Any]


ANY = "*"
"""The last part of a key that stands for all keys of a table."""


class Dropped(Exception):
    """This value needs no key here; the text says why."""


class Asked(Exception):
    """This value cannot be carried over without a decision: what is open, and what to do.

    It is written as it was, which loading the project refuses, unless it is ``withheld`` because it may be a secret.
    """

    def __init__(self, what: str, fix: str, *, withheld: bool = False) -> None:
        self.what = what
        self.fix = fix
        self.withheld = withheld
        super().__init__(what)


@frozen
class Moved:
    """What `Convert` returns for a value that becomes other keys than the rule's, by dotted name."""

    values: Mapping[str, Any]


@frozen(kw_only=True)
class Rule:
    """What becomes of one key of a table.

    ``key`` and ``to`` are dotted, ``[]`` stands for each item of a list; without ``to`` the key is dropped.
    ``convert`` gets the value and what else the table says, by dotted keys; it may return `Moved` and raise `Dropped`
    or `Asked`.  A ``to`` that begins with a slash lies beside the table, not in it.  A ``secret`` that is written out
    moves into the environment, and a null that says something says ``nothing``.
    """

    key: str
    to: str = ""
    why: str = ""
    convert: Convert | None = None
    secret: bool = False
    nothing: Any = None

    @property
    def kind(self) -> Kind:
        """What becomes of the key, in a word."""
        return "dropped" if not self.to else "kept" if self.to.lstrip("/") == self.key else "renamed"


@frozen(kw_only=True)
class Area:
    """A table of the original: how it is called, the rules of its keys, and what it becomes.

    ``type`` is the type of home, store or connection here.  ``added`` are values that were the original's defaults and
    are not those of this hygge.  ``needs`` are keys that have no counterpart there: each with what to say of it.
    ``upserts`` is True for a store that takes incremental rows only by key, ``local`` where ``path`` is a place of this
    machine, ``connects`` for a home that may say itself how its server is reached; ``note`` is for whoever uses it.
    """

    name: str
    rules: tuple[Rule, ...]
    type: str = ""
    added: tuple[tuple[str, Any], ...] = ()
    needs: tuple[tuple[str, str, str], ...] = ()
    upserts: bool = False
    local: bool = False
    connects: bool = False
    note: str = ""


def kept(key: str, why: str = "", *, convert: Convert | None = None, secret: bool = False) -> Rule:
    """Carry a key over under its name."""
    return Rule(key=key, to=key, why=why, convert=convert, secret=secret)


def renamed(key: str, to: str, why: str = "", *, convert: Convert | None = None, secret: bool = False) -> Rule:
    """Carry a key over under another name."""
    return Rule(key=key, to=to, why=why, convert=convert, secret=secret)


def dropped(key: str, why: str) -> Rule:
    """Leave a key out."""
    return Rule(key=key, why=why)
