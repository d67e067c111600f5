"""The flows that stories are told of: every option, two homes, two kinds of watermark, two layouts."""

from __future__ import annotations

from hypothesis import strategies as st

from model.documented import Options
from model.world import Settings


def flows() -> st.SearchStrategy[Settings]:
    source = {
        "home": st.sampled_from(["sqlite", "sqlite", "parquet"]),
        "dated": st.booleans(),
        "renamed": st.booleans(),
    }
    append, upsert = _options()
    layouts = st.sampled_from(["folder", "folder", "runs"])
    return st.builds(Settings, options=append, layout=layouts, **source) | st.builds(Settings, options=upsert, **source)


def _options() -> tuple[st.SearchStrategy[Options], st.SearchStrategy[Options]]:
    shared = {
        "nulls": st.sampled_from(["error", "include", "include", "once"]),
        "lag": st.sampled_from([0, 0, 3]),
        "initial": st.sampled_from([None, None, None, 2]),
    }
    append = st.builds(Options, write=st.just("append"), **shared)
    upsert = st.builds(Options, write=st.just("upsert"), deletes=st.sampled_from([None, "key_diff", "soft"]), **shared)
    return append, upsert
