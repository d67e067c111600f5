"""The keys that connections and stores share: who asks, and how the account is talked to."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from attrs import asdict, field, fields, frozen
from attrs.validators import and_, ge, le

from hygge_core.secret import Secret  # noqa: TC001 - cattrs resolves the annotations at run time
from hygge_store_adls.credentials.kinds import (
    KEYS,
    CredentialKind,  # noqa: TC001 - the same
    faults_in_keys,
)
from hygge_store_adls.credentials.texts import (
    check_account_key,
    check_authority,
    check_client,
    check_not_empty,
    check_sas,
    check_tenant,
)
from hygge_store_adls.endpoint import check_endpoint


if TYPE_CHECKING:
    from pathlib import Path

    from attrs import Attribute

    from hygge_store_adls.lake import Access


_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}")


def described(text: str) -> dict[str, str]:
    """Explain a key in the schema for editors."""
    return {"doc": text}


def _has_its_keys(settings: AccountSettings, _: Attribute[Any], kind: CredentialKind) -> None:
    faults = list(faults_in_keys(kind, settings.given & KEYS))
    if faults:
        raise ValueError("; ".join(faults))


def _version(_: object, attribute: Attribute[Any], value: str | None) -> None:
    if value is not None and not _VERSION.fullmatch(value):
        message = f"{attribute.name} must be a version of the service, such as 2023-11-03, not {value!r}"
        raise ValueError(message)


@frozen(kw_only=True)
class AccountSettings:
    """Who asks, and how the account is talked to."""

    credential: CredentialKind = field(
        default="default",
        validator=_has_its_keys,
        metadata=described("How to sign in; each way has keys of its own."),
    )
    tenant_id: str | None = field(
        default=None, validator=check_tenant, metadata=described("The tenant's id or domain, for `service_principal`.")
    )
    client_id: str | None = field(
        default=None,
        validator=check_client,
        metadata=described("The application's id, for `service_principal`, or one of several managed identities."),
    )
    client_secret: Secret | None = field(
        default=None,
        validator=check_not_empty,
        metadata=described("The application's secret, for `service_principal`."),
    )
    certificate: str | None = field(
        default=None,
        validator=check_not_empty,
        metadata=described("A PEM or PKCS12 file with certificate and private key, for `service_principal`."),
    )
    certificate_password: Secret | None = field(default=None, metadata=described("What opens the certificate's key."))
    account_key: Secret | None = field(
        default=None, validator=check_account_key, metadata=described("One of the account's two access keys.")
    )
    sas: Secret | None = field(
        default=None, validator=check_sas, metadata=described("A shared access signature: what stands after the `?`.")
    )
    authority: str | None = field(
        default=None,
        validator=check_authority,
        metadata=described("The sign-in service of a sovereign cloud, such as `login.chinacloudapi.cn`."),
    )
    endpoint: str | None = field(
        default=None,
        validator=check_endpoint,
        metadata=described(
            "The address of the dfs service, where it is not the public cloud's usual one: other "
            "clouds, regions, private names."
        ),
    )
    api_version: str | None = field(
        default=None,
        validator=_version,
        metadata=described("The service version to speak, where the newest is not understood."),
    )
    timeout: timedelta = field(
        default=timedelta(seconds=60),
        validator=and_(ge(timedelta(seconds=1)), le(timedelta(minutes=10))),
        metadata=described("How long one answer may take, 1 s to 10 min."),
    )
    ca_file: str | None = field(
        default=None,
        validator=check_not_empty,
        metadata=described("A PEM file of the authorities that TLS is checked against, instead of the usual ones."),
    )

    @property
    def given(self) -> frozenset[str]:
        """The keys that say something else than they do by default."""
        usual = {attribute.name: attribute.default for attribute in fields(type(self))}
        return frozenset(key for key, value in asdict(self, recurse=False).items() if value != usual[key])

    @property
    def seconds(self) -> float:
        """How long one answer may take, in seconds."""
        return self.timeout.total_seconds()

    def access(self, project: Path, memory: int) -> Access:
        """Return how a lake talks to the account; relative paths start from ``project``, ``memory`` is in bytes.

        Raises `StoreError` when ``ca_file`` cannot be used.
        """
        from hygge_store_adls.lake import Access
        from hygge_store_adls.trust import trusted

        ca_file = trusted(self.ca_file, project)
        return Access(api_version=self.api_version, ca_file=ca_file, timeout=self.seconds, memory=memory)
