"""Lakes in Azure keep the contract of lakes, on accounts of both kinds."""

from __future__ import annotations

import pytest

from hygge_store_adls.conformance_of_lakes import TestFlatLake, TestTreeLake


__all__ = ["TestFlatLake", "TestTreeLake"]

pytestmark = pytest.mark.slow
