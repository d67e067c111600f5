"""The folders here are installations of plugins, most of them faulty; pytest must not import them."""

from __future__ import annotations


collect_ignore_glob = ["*/*"]
