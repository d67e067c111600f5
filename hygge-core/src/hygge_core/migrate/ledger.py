"""What became of each key of the old project: one remark for each, and the decisions that are left to its owner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import Factory, define, evolve, frozen

from hygge_core.migrate.reading import leaves


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hygge_core.config.node import Node, Place


Kind = Literal["kept", "renamed", "dropped", "asked", "unknown"]
"""``asked`` is a key whose meaning here only the owner can settle, ``unknown`` one that the original did not read."""


@frozen(kw_only=True)
class Remark:
    """What became of one key: ``to`` is the new key, empty where there is none."""

    file: str
    line: int
    key: str
    kind: Kind
    to: str = ""
    why: str = ""


@frozen(kw_only=True)
class Decision:
    """Something that only the owner knows: where it comes from, what is open, what to do.

    ``about`` names the tables or the connection that it is about, ``to`` the new key that is refused until then.
    """

    file: str
    line: int
    to: str
    what: str
    fix: str
    about: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.what}; {self.fix}"


@define
class Ledger:
    """Gathers remarks, decisions and notes; a key is remarked on once, and a decision outweighs the rest.

    ``variables`` are environment variables that a secret was moved into, with the place of the secret.
    """

    notes: dict[str, None] = Factory(dict)
    variables: dict[str, Place] = Factory(dict)
    _about: dict[Decision, dict[str, None]] = Factory(dict)
    _remarks: dict[Place, Remark] = Factory(dict)

    def remark(self, node: Node, kind: Kind, *, to: str = "", why: str = "") -> None:
        """Say what became of a value, and of all that is within it."""
        for leaf in leaves(node):
            place = leaf.place
            if not place.key:
                continue  # an empty file
            before = self._remarks.get(place)
            if before is None or _WEIGHT[kind] > _WEIGHT[before.kind]:
                self._remarks[place] = Remark(
                    file=place.file, line=place.line, key=place.key, kind=kind, to=to, why=why
                )

    def ask(self, node: Node, about: str, what: str, fix: str, *, to: str = "") -> Decision:
        """Leave a decision to the owner, at the key that it comes from."""
        place = node.place
        decision = Decision(file=place.file, line=place.line, to=to, what=what, fix=fix)
        self._about.setdefault(decision, {}).setdefault(about)
        self.remark(node, "asked", to=to, why=str(decision))
        return decision

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """All decisions, each with everything that it is about."""
        return tuple(evolve(one, about=tuple(about)) for one, about in self._about.items())

    def note(self, text: str) -> None:
        """Say something of the project that no single key says."""
        self.notes.setdefault(text)

    def remarks(self, nodes: Iterable[Node]) -> tuple[Remark, ...]:
        """Return all remarks, in the order in which the keys are written in the files."""
        written = {leaf.place: number for number, leaf in enumerate(leaf for node in nodes for leaf in leaves(node))}
        places = sorted(self._remarks, key=lambda at: (*at.file.rpartition("/"), at.line, written.get(at, 0)))
        return tuple(self._remarks[place] for place in places)

    def unsaid(self, nodes: Iterable[Node]) -> Iterator[Node]:
        """Yield the values that nothing was said of."""
        yield from (
            leaf for node in nodes for leaf in leaves(node) if leaf.place.key and leaf.place not in self._remarks
        )


_WEIGHT: dict[Kind, int] = {"dropped": 0, "unknown": 0, "kept": 1, "renamed": 1, "asked": 2}
