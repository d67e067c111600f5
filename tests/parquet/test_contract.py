"""The Parquet store keeps the contract in each of its layouts, wherever a publish is stopped."""

from __future__ import annotations

from hygge_store_parquet.conformance import TestFile, TestFolder, TestRuns


__all__ = ["TestFile", "TestFolder", "TestRuns"]
