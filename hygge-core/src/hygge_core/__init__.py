"""hygge moves tables from homes to stores, whole or not at all.

This module is what plugin authors import; it loads nothing heavy.
"""

from __future__ import annotations

from hygge_core.commit import CommitRecord, Part, Receipt, Recovery, Staged, Table, TableRun
from hygge_core.errors import (
    CommitConflict,
    CommitRefused,
    ConfigError,
    DriftRefused,
    HomeError,
    HomeUnavailable,
    HyggeError,
    Locked,
    PluginError,
    Retryable,
    StoreError,
    StoreUnavailable,
    UsageError,
    VerifyMismatch,
)
from hygge_core.hookspecs import hookimpl
from hygge_core.plugin import Command, ConnectionType, Context, HomeType, StoreType
from hygge_core.secret import Secret


__version__ = "0.1.0"

__all__ = [
    "Command",
    "CommitConflict",
    "CommitRecord",
    "CommitRefused",
    "ConfigError",
    "ConnectionType",
    "Context",
    "DriftRefused",
    "HomeError",
    "HomeType",
    "HomeUnavailable",
    "HyggeError",
    "Locked",
    "Part",
    "PluginError",
    "Receipt",
    "Recovery",
    "Retryable",
    "Secret",
    "Staged",
    "StoreError",
    "StoreType",
    "StoreUnavailable",
    "Table",
    "TableRun",
    "UsageError",
    "VerifyMismatch",
    "__version__",
    "hookimpl",
]
