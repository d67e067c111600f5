"""Implements nothing."""

from __future__ import annotations


hygge_version = 1
