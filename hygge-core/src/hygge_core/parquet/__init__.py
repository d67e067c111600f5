"""What hygge reads of Parquet files by itself: footers, statistics and page headers; values are left to Polars."""

from __future__ import annotations
