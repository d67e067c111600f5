"""A folder of an Azure storage account or of OneLake, as a `hygge_core.lake.Lake`.

Everything in here speaks to the service through Microsoft's own client; the packages that
build on it need `open_lake`, `LakePlace` and `Access`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core.plugin import ignore_retry
from hygge_store_adls.lake.place import Access, Credential, LakePlace


if TYPE_CHECKING:
    from hygge_core.plugin import Retried
    from hygge_store_adls.lake.adls import AdlsLake


__all__ = ["Access", "Credential", "LakePlace", "open_lake"]


def open_lake(
    place: LakePlace, credential: Credential, access: Access | None = None, *, retried: Retried = ignore_retry
) -> AdlsLake:
    """Open the folder; says nothing to the service before it is used, and is to be closed.

    ``credential`` is what the Azure client takes, ``retried`` what a `hygge_core.plugin.Context`
    has for requests that are made again.  One lake serves many threads.
    """
    from hygge_store_adls.lake.adls import AdlsLake

    return AdlsLake(place, credential, access or Access(), retried)
