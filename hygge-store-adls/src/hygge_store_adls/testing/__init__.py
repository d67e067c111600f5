"""A test server that speaks Azure Data Lake Storage Gen2, for our own tests and for authors of stores over it."""

from __future__ import annotations

from hygge_store_adls.testing.control import Control
from hygge_store_adls.testing.faults import Fault
from hygge_store_adls.testing.limits import Limits
from hygge_store_adls.testing.process import Address, start_server
from hygge_store_adls.testing.record import Seen
from hygge_store_adls.testing.server import DfsServer


__all__ = ["Address", "Control", "DfsServer", "Fault", "Limits", "Seen", "start_server"]
