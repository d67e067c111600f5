from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import pytest


ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


@pytest.fixture(scope="session")
def program():
    """Import one of the programs in docs/, which find each other as scripts do."""
    sys.path.insert(0, str(DOCS))
    yield import_module
    sys.path.remove(str(DOCS))
