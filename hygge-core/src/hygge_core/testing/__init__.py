"""The conformance kit: what a store promises, as tests for anyone's store.

Install it as ``hygge-core[testing]``.  `StoreContract` is a class of tests to subclass,
`MemoryStore` and `MemoryHome` are honest stand-ins that need no disk, `faulty` makes
any store or home fail on demand, and `hygge_core.testing.crash` kills real processes
at each operation of a commit.
"""

from __future__ import annotations

import pytest


# Without this, asserts of an installed wheel fail with a bare AssertionError.
pytest.register_assert_rewrite("hygge_core.testing.cases", "hygge_core.testing.judge", "hygge_core.testing.store")

from hygge_core.testing.faulty import faulty  # noqa: E402 - asserts are rewritten at import
from hygge_core.testing.memory import MemoryPlace, MemoryStore  # noqa: E402
from hygge_core.testing.memory_home import MemoryHome  # noqa: E402
from hygge_core.testing.publish import publish  # noqa: E402
from hygge_core.testing.store import StoreContract  # noqa: E402


__all__ = ["MemoryHome", "MemoryPlace", "MemoryStore", "StoreContract", "faulty", "publish"]
