"""Reading one table or query: what is asked of the server, over which connection, and how its rows become batches."""

from __future__ import annotations
