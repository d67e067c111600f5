"""Needs what is not there."""

from __future__ import annotations

import nonexistent_lib


nonexistent_lib.wake()
