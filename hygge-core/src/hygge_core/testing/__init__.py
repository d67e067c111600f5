"""The conformance kit: what stores and homes promise, as tests for anyone's.

Install it as ``hygge-core[testing]``.  `StoreContract`, `HomeContract` and `PluginContract` are classes of tests to
subclass, `MemoryStore` and `MemoryHome` are honest stand-ins that need no disk, `faulty` makes
any store or home fail on demand, and `hygge_core.testing.crash` kills real processes
at each operation of a commit.
"""

from __future__ import annotations

import pytest


# Without this, asserts of an installed wheel fail with a bare AssertionError.
pytest.register_assert_rewrite(
    *(
        f"hygge_core.testing.{module}"
        for module in ("cases", "home", "judge", "lake", "lake_looks", "plugin", "readings", "store")
    ),
)

from hygge_core.testing.context import context  # noqa: E402 - asserts are rewritten at import
from hygge_core.testing.faulty import faulty  # noqa: E402
from hygge_core.testing.home import HomeContract  # noqa: E402
from hygge_core.testing.lake import LakeContract  # noqa: E402
from hygge_core.testing.memory import MemoryPlace, MemoryStore  # noqa: E402
from hygge_core.testing.memory_home import MemoryHome  # noqa: E402
from hygge_core.testing.plugin import PluginContract  # noqa: E402
from hygge_core.testing.publish import publish  # noqa: E402
from hygge_core.testing.readings import Sample  # noqa: E402
from hygge_core.testing.store import StoreContract  # noqa: E402


__all__ = [
    "HomeContract",
    "LakeContract",
    "MemoryHome",
    "MemoryPlace",
    "MemoryStore",
    "PluginContract",
    "Sample",
    "StoreContract",
    "context",
    "faulty",
    "publish",
]
