"""Examining the way to an account, step by step.

What may be done in the place of each table is examined by the store, in a folder of its own.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from hygge_core.errors import HyggeError
from hygge_core.home import Finding
from hygge_store_adls.probing.credential import credential_findings
from hygge_store_adls.probing.network import network_findings


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_store_adls.lake import Access, Credential
    from hygge_store_adls.lake.adls import AdlsLake


_REAL = "hierarchical: a folder is renamed in one step"
_FLAT = "flat (no hierarchical namespace): folders are only names, so tables are switched file by file"


def account_findings(endpoint: str, credential: Credential, access: Access, lake: AdlsLake | None) -> Iterator[Finding]:
    """Yield findings from the network to the folder that the lake is; the first failure is the last finding.

    ``lake`` is None for a connection that names no container.
    """
    steps = [partial(network_findings, endpoint, access), partial(credential_findings, credential, endpoint)]
    if lake is not None:
        steps.append(partial(_reached, lake))
    for step in steps:
        for finding in step():
            yield finding
            if not finding.ok:
                return


def _reached(lake: AdlsLake) -> Iterator[Finding]:
    """Look into the place, and ask what kind of account it is in."""
    try:
        found = next(iter(lake.list("")), None)
        real = lake.abilities.atomic_directory_rename
    except HyggeError as error:
        yield Finding(probe="reach", ok=False, what=f"{error.where}: {error.what}", fix=error.fix)
    except OSError as error:
        fix = "see that the endpoint is that of a storage account"
        yield Finding(probe="reach", ok=False, what=f"{lake.url('')}: {error.strerror or error}", fix=fix)
    else:
        seen = "can be listed" if found else "is empty or not there yet"
        yield Finding(probe="reach", ok=True, what=f"{lake.url('')} {seen}")
        yield Finding(probe="hierarchical", ok=True, what=_REAL if real else _FLAT)
