"""A project's configuration: found, read, checked, and described for editors.

What plugin authors import from here, `ByteSize` and `Duration`, loads nothing heavy.
"""

from __future__ import annotations

from hygge_core.config.discover import disabled_plugins, find_project
from hygge_core.config.durations import Duration
from hygge_core.config.load import load_project
from hygge_core.config.schema import json_schema
from hygge_core.config.sizes import ByteSize


__all__ = ["ByteSize", "Duration", "disabled_plugins", "find_project", "json_schema", "load_project"]
