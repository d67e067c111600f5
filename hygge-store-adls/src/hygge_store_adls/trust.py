"""Whom TLS is checked against, where it is not the usual authorities."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from hygge_core.errors import StoreError


if TYPE_CHECKING:
    from pathlib import Path


def trusted(ca_file: str | None, project: Path) -> str | None:
    """Return the path of the authorities' file, None for the usual ones.

    A relative path starts from ``project``.  Raises `StoreError` for a file that is not there or holds no certificates.
    """
    if ca_file is None:
        return None
    path = project / ca_file
    try:
        ssl.create_default_context(cafile=str(path))
    except ssl.SSLError as error:
        what, fix = "holds no certificates of authorities", "give a PEM file as ca_file"
        raise StoreError(what, where=str(path), fix=fix) from error
    except OSError as error:
        what, fix = f"cannot be read: {error.strerror}", "correct ca_file, the path of the file"
        raise StoreError(what, where=str(path), fix=fix) from error
    return str(path)
