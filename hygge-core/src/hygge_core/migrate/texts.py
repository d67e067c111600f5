"""Texts on their way from YAML to TOML: references to the environment, and secrets that must not stay written out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import Factory, define

from hygge_core.migrate.rules.rule import Asked


if TYPE_CHECKING:
    from hygge_core.config.node import Place
    from hygge_core.migrate.ledger import Ledger


_THEIRS = re.compile(r"\$\{([^:}]+)(?::-([^}]*))?\}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BEARING = re.compile(r"(?:password|pwd|accountkey|sharedaccesskey|sig)=\S|://[^/\s:@]*:[^\s@]+@", re.IGNORECASE)
_WHOLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-[^{}]*)?\}")
_SECRET = re.compile(r"secret|passw|pwd|token|(account|access|api|storage)_?key|^sas$|signature", re.IGNORECASE)


def rewritten(text: str) -> str:
    """Write a text so that the same environment variables are filled in, and nothing else.

    Raises `Asked` for references that the original took and this hygge does not.
    """
    pieces, end = [], 0
    for found in _THEIRS.finditer(text):
        before = text[end : found.start()]
        if not _NAME.fullmatch(found[1]) or "{" in (found[2] or "") or before.endswith("$"):
            raise Asked(
                "it refers to the environment in a way that is not taken here",
                "write ${NAME} or ${NAME:-default}; a name has letters, digits and underscores, a default no braces",
            )
        pieces += [_literal(before), found[0]]
        end = found.end()
    return "".join([*pieces, _literal(text[end:])])


def _literal(text: str) -> str:
    return text.replace("${", "$${")


def bears_secret(text: str) -> bool:
    """Tell whether a text is an address or a connection string with a secret in it."""
    return bool(_BEARING.search(text))


def sounds_secret(key: str) -> bool:
    """Tell whether the name of a key is one that secrets have."""
    return bool(_SECRET.search(key))


@define
class Vault:
    """Gives each secret that is written out the environment variable that it belongs into."""

    ledger: Ledger
    _names: dict[Place, str] = Factory(dict)

    def reference(self, text: str, place: Place, about: str, key: str) -> str:
        """Return ``${NAME}`` for a secret and the place of it: its own variable, without a default, or a new one."""
        if found := _WHOLE.fullmatch(text):
            return f"${{{found[1]}}}"
        if place not in self._names:
            wanted = re.sub(r"[^A-Za-z0-9]+", "_", f"{about}_{key}").strip("_").upper()
            wanted = wanted if _NAME.fullmatch(wanted) else f"HYGGE_{wanted}"
            number, name = 1, wanted
            while name in self.ledger.variables:
                number += 1
                name = f"{wanted}_{number}"
            self._names[place] = name
            self.ledger.variables[name] = place
        return f"${{{self._names[place]}}}"
