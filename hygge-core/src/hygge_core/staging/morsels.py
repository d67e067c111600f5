"""Keeping small what Polars holds in flight: how many rows its streaming engine works on at a time.

Polars hands about a hundred thousand rows from step to step, and the steps hold dozens of such morsels
between them.  With rows of 200 bytes that is a gigabyte, with two thousand columns more than most
machines have.
"""

from __future__ import annotations

import os

import polars as pl


_SETTING = "POLARS_IDEAL_MORSEL_SIZE"
_CHOSEN_BY_USER = _SETTING in os.environ
_BYTES = 4 << 20
_LEAST_ROWS, _MOST_ROWS = 1 << 8, 1 << 16


def morsel_rows(sample: pl.DataFrame) -> int:
    """Return the power of two of rows like these that come closest to 4 MiB from below, between 256 and 65,536."""
    bytes_of_a_row = sample.estimated_size() / max(sample.height, 1)
    rows = int(_BYTES / max(bytes_of_a_row, 1))
    return min(max(1 << max(rows.bit_length() - 1, 0), _LEAST_ROWS), _MOST_ROWS)


def fit_morsels(sample: pl.DataFrame) -> None:
    """Let streams that begin from now on work on morsels that fit these rows.

    Polars has one such setting for a process: among tables that move at once the latest wins, which costs a little
    time or memory and nothing else.  A user's own ``POLARS_IDEAL_MORSEL_SIZE`` stays.
    """
    rows = morsel_rows(sample)
    if not _CHOSEN_BY_USER and os.environ.get(_SETTING) != str(rows):  # changed seldom: all threads see the environment
        pl.Config.set_streaming_chunk_size(rows)
