"""Verifying tables whose source marks rows as deleted."""

from __future__ import annotations

import polars as pl
import pytest

from hygge_core.config.model import SoftDeletes

from .tampering import FULL, UPSERT, rows


SOURCE = rows(*((n, n) for n in range(100)))


@pytest.mark.parametrize("keys", [False, True])
@pytest.mark.parametrize("settings", [{}, FULL, UPSERT])
def test_rows_marked_as_deleted_must_not_be_there(shop, settings, keys):
    marked = SOURCE.with_columns(gone=pl.Series([True] * 3 + [None] * 3 + [False] * 94))
    table = shop(marked, **settings, deletes=SoftDeletes(soft="gone")).go()
    verdict = table.verify("id", keys=keys)
    assert (verdict.state, verdict.rows.source, verdict.rows.visible) == ("equal", 97, 97)
    table.source = marked.with_columns(gone=pl.col("id") < 4)
    verdict = table.verify("id", keys=True)
    assert verdict.keys.differing == {"deleted": 1}
    assert verdict.faults == ("1 key differs: 1 deleted in the source and still in the store",)
