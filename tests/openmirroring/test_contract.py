"""The store keeps the contract of all stores, as seen through the eyes of the service."""

from __future__ import annotations

from hygge_store_openmirroring import conformance


class TestLandingZone(conformance.TestLandingZone):
    crash = None  # test_crash stops it with the service looking on; `nox -s conformance` runs the contract's matrix
