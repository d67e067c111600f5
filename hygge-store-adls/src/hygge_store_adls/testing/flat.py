"""What an account without hierarchical namespace refuses in the dfs dialect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_store_adls.testing.wire import Refused


if TYPE_CHECKING:
    from hygge_store_adls.testing.operations import Operation
    from hygge_store_adls.testing.wire import Request

HIERARCHICAL = {"rename", "create_directory", "get_access", "set_access"}


def demand_flat(request: Request, operation: Operation) -> None:
    """Raise `Refused` (400) for what needs folders: making, renaming and deleting them, and their permissions."""
    recursive = operation.name == "delete" and request.query.get("recursive") == "true"
    if recursive or operation.name in HIERARCHICAL:
        message = "This operation is only supported on a hierarchical namespace account."
        raise Refused(400, "HierarchicalNamespaceNotEnabled", message)
