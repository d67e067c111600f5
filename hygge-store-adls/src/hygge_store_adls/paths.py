"""Which paths a container can hold without changing or losing them."""

from __future__ import annotations

import unicodedata


LONGEST = 400
"""In characters, of a table's path before names are filled in; the service takes 1,024, with what is staged below."""

_STAGING = "_hygge"


def fault_in_path(path: str) -> str:
    """Say why a path cannot be a table's in a container; empty if it can.

    The service would store a name without the dots it ends with, and take a backslash for a slash.
    """
    names = path.split("/")
    checks = (
        ("is an address; write the path within the container", "://" in path),
        ("begins or ends with a slash, or has two in a row", "" in names),
        ("leads out of its folder", any(name in {".", ".."} for name in names)),
        ("holds a folder whose name ends with a dot or a space", any(name.rstrip(". ") != name for name in names)),
        ("holds a backslash; folders are divided by /", "\\" in path),
        ("holds a control character", any(unicodedata.category(sign) in {"Cc", "Zl", "Zp"} for sign in path)),
        (f"holds {_STAGING}, where what is not committed waits", any(name.lower() == _STAGING for name in names)),
        (f"is longer than {LONGEST} characters", len(path) > LONGEST),
    )
    return next((what for what, applies in checks if applies), "")


def split_at_places(path: str) -> tuple[str, str]:
    """Cut a table's path into the folder that is the same for all tables, and what differs or comes last."""
    names = path.split("/")
    fixed = next((index for index, name in enumerate(names) if "{" in name), len(names) - 1)
    fixed = min(fixed, len(names) - 1)
    return "/".join(names[:fixed]), "/".join(names[fixed:])
