"""A second installation of acme-attic."""

from __future__ import annotations


raise AssertionError("this must never be imported")
