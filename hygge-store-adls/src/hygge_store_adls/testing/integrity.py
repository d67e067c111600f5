"""The checksums that a request brings for its body, checked as the service does."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from hygge_store_adls.testing.content import Discarded
from hygge_store_adls.testing.wire import Refused


if TYPE_CHECKING:
    from hygge_store_adls.testing.operations import Operation
    from hygge_store_adls.testing.wire import Request

UNKNOWN = ("x-ms-content-crc64", "x-ms-structured-body")
LEASING_ON_THE_WAY = {"append", "flush"}
"""Operations that could take or give back a lease as well, which the test server refuses rather than ignores."""


def checked_headers(request: Request, operation: Operation) -> dict[str, str]:
    """Raise `Refused` (400) where the body is not what its checksum says; return what the answer repeats of it."""
    unknown = (*UNKNOWN, "x-ms-lease-action") if operation.name in LEASING_ON_THE_WAY else UNKNOWN
    for name in unknown:
        if request.header(name):
            raise Refused(400, "UnsupportedHeader", f"The test server does not know {name}.")
    said = request.header("content-md5")
    if said is None or isinstance(request.body, Discarded):
        return {}
    if base64.b64encode(hashlib.md5(request.body, usedforsecurity=False).digest()).decode() != said:
        raise Refused(400, "Md5Mismatch", "The MD5 value specified in the request did not match with the server's.")
    return {"Content-MD5": said}
