"""Lakes in Azure keep the contract of lakes, on accounts of both kinds."""

from __future__ import annotations

import pytest

from hygge_store_adls.lake_conformance import TestFlat, TestTree


__all__ = ["TestFlat", "TestTree"]

pytestmark = pytest.mark.slow
