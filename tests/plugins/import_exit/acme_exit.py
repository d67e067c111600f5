"""Leaves while being imported."""

from __future__ import annotations

import sys


sys.exit("no licence key")
