"""What the crash matrix needs to know of the stores over Azure; child processes import this by name."""

from __future__ import annotations

from hygge_store_adls.testing.subject import ITEM, container, credential, subject


__all__ = ["ITEM", "container", "credential", "subject"]
