"""The ways of signing in, and which keys each of them needs, may have, and must not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import frozen


if TYPE_CHECKING:
    from collections.abc import Iterator


CredentialKind = Literal["default", "managed_identity", "service_principal", "account_key", "sas", "azure_cli"]


@frozen
class Wants:
    """The keys of one way of signing in: those it needs, of which exactly one, and those it may have besides."""

    needs: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    may: tuple[str, ...] = ()

    @property
    def all(self) -> frozenset[str]:
        """Every key that means something here."""
        return frozenset((*self.needs, *self.one_of, *self.may))


WANTS: dict[CredentialKind, Wants] = {
    "default": Wants(may=("client_id", "tenant_id", "authority")),
    "managed_identity": Wants(may=("client_id",)),
    "service_principal": Wants(
        needs=("tenant_id", "client_id"),
        one_of=("client_secret", "certificate"),
        may=("certificate_password", "authority"),
    ),
    "account_key": Wants(needs=("account_key",)),
    "sas": Wants(needs=("sas",)),
    "azure_cli": Wants(may=("tenant_id",)),
}

KEYS = frozenset(key for wants in WANTS.values() for key in wants.all)
"""Every key that belongs to one way of signing in or another."""


def faults_in_keys(kind: CredentialKind, given: frozenset[str]) -> Iterator[str]:
    """Say what is missing or too much among the keys that are given, a sentence each."""
    wants = WANTS[kind]
    for key in wants.needs:
        if key not in given:
            yield f'credential = "{kind}" needs {key}'
    if wants.one_of and not given.intersection(wants.one_of):
        yield f'credential = "{kind}" needs {" or ".join(wants.one_of)}'
    if len(given.intersection(wants.one_of)) > 1:
        yield f"{' and '.join(wants.one_of)} do not go together; keep one"
    for key in sorted(given - wants.all):
        yield f'{key} does not go with credential = "{kind}"{_where_it_goes(key)}'
    if "certificate_password" in given and "certificate" not in given and "certificate_password" in wants.all:
        yield "certificate_password needs certificate, the file that it opens"


def _where_it_goes(key: str) -> str:
    """Name the way of signing in that a key alone tells, if there is one."""
    kinds = [kind for kind, wants in WANTS.items() if key in wants.all]
    return f'; remove it, or set credential = "{kinds[0]}"' if len(kinds) == 1 else "; remove it"
