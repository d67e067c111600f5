"""The column that says what becomes of a row, and its values.

There is no 3.  Inserting never looks for the key; updating and upserting do the same to the
table: the row of that key is the new one, whether it was there or not.
"""

from __future__ import annotations

from typing import Final


ROW_MARKER: Final = "__rowMarker__"
INSERT: Final = 0
UPDATE: Final = 1
DELETE: Final = 2
UPSERT: Final = 4
MARKERS: Final = frozenset({INSERT, UPDATE, DELETE, UPSERT})
