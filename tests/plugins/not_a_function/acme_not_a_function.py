"""Thinks that a hook is a list."""

from __future__ import annotations


hygge_stores = []
