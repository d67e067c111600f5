"""The flows that stories are told of: every option, both homes, both kinds of watermark."""

from __future__ import annotations

from hypothesis import strategies as st

from model.documented import Options
from model.world import Settings


def flows() -> st.SearchStrategy[Settings]:
    return st.builds(
        Settings,
        options=_options(),
        home=st.sampled_from(["sqlite", "sqlite", "parquet"]),
        dated=st.booleans(),
        renamed=st.booleans(),
    )


def _options() -> st.SearchStrategy[Options]:
    shared = {
        "nulls": st.sampled_from(["error", "include", "include", "once"]),
        "lag": st.sampled_from([0, 0, 3]),
        "initial": st.sampled_from([None, None, None, 2]),
    }
    append = st.builds(Options, write=st.just("append"), **shared)
    upsert = st.builds(Options, write=st.just("upsert"), deletes=st.sampled_from([None, "key_diff", "soft"]), **shared)
    return append | upsert
