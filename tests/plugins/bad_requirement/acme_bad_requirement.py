"""Was made for another hygge-core."""

from __future__ import annotations


raise AssertionError("this must never be imported")
