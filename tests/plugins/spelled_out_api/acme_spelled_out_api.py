"""Was made for another plugin API."""

from __future__ import annotations


raise AssertionError("this must never be imported")
