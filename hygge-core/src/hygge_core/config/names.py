"""Which names of flows and entities are safe.

They become names of folders, files and tables, so they must stay where they are put, on
every operating system.
"""

from __future__ import annotations

import re
import unicodedata


LONGEST = 200
"""In bytes of UTF-8; file systems take 255, and stores add endings."""

_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])(\..*)?", re.IGNORECASE)
_STAGING = "_hygge"


def fault_in_name(name: str) -> str:
    """Say why a name cannot be used; empty if it can.

    Spaces, dots and quotes inside, other scripts and emoji are fine.
    """
    checks = (
        ("is empty", not name),
        ("starts or ends with a space or a dot", name != name.strip() or name != name.strip(".")),
        ("holds a slash, a backslash or a colon", any(sign in name for sign in "/\\:")),
        ("holds a control character", any(unicodedata.category(sign) in ("Cc", "Zl", "Zp") for sign in name)),
        ("is reserved on Windows", bool(_RESERVED.fullmatch(name))),
        ("is where stores keep what is not committed yet", name.lower() == _STAGING),
        (f"is longer than {LONGEST} bytes", len(name.encode()) > LONGEST),
    )
    return next((what for what, applies in checks if applies), "")


def folded(name: str) -> str:
    """Return what a file system that ignores case and Unicode forms would take the name for."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
