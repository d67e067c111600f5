"""What the server's own catalogue says of tables: columns with their types, keys, rows, and how values are spread."""

from __future__ import annotations
