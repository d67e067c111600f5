"""The homes keep the contract of homes, by the very module that anybody can run."""

from __future__ import annotations

from hygge_home_files.conformance import TestCsvHome, TestNdjsonHome, TestParquetHome


__all__ = ["TestCsvHome", "TestNdjsonHome", "TestParquetHome"]
