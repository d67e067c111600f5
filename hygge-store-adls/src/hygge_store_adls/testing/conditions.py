"""The conditions of a request: ``If-Match`` and its like, on what it writes to and on what it renames."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from hygge_store_adls.testing.wire import Refused


if TYPE_CHECKING:
    from datetime import datetime

    from hygge_store_adls.testing.tree import Node
    from hygge_store_adls.testing.wire import Request


ANY = "*"


def demand_conditions(
    request: Request, node: Node | None, *, taken: Refused | None = None, source: bool = False
) -> None:
    """Raise `Refused` unless the request's conditions hold for the node, None for nothing there.

    ``taken`` is the refusal for ``If-None-Match: *`` on something that is there; without it the answer is 304.
    ``source`` looks at the conditions on the source of a rename or copy.
    """
    prefix = "x-ms-source-" if source else ""
    code = "SourceConditionNotMet" if source else "ConditionNotMet"
    reading = request.method in {"GET", "HEAD"}
    unchanged = Refused(
        304 if reading else 412, code, "The condition specified using HTTP conditional header(s) is not met."
    )
    changed = Refused(412, code, unchanged.message)
    wanted, unwanted = request.header(f"{prefix}if-match"), request.header(f"{prefix}if-none-match")
    if wanted and not matches(wanted, node):
        raise changed
    if unwanted == ANY and node is not None:
        raise taken or Refused(304, code)
    if unwanted and unwanted != ANY and matches(unwanted, node):
        raise unchanged
    since, before = date(request, f"{prefix}if-modified-since"), date(request, f"{prefix}if-unmodified-since")
    if node and since and node.modified.replace(microsecond=0) <= since:
        raise unchanged
    if node and before and node.modified.replace(microsecond=0) > before:
        raise changed


def matches(wanted: str, node: Node | None) -> bool:
    """Tell whether an ETag, quoted or not, or ``*`` is the node's."""
    return node is not None and (wanted == ANY or wanted.strip('"') == node.etag)


def date(request: Request, name: str) -> datetime | None:
    """Return a header as a moment."""
    said = request.header(name)
    return parsedate_to_datetime(said) if said else None
