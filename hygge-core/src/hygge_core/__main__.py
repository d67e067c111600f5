"""``python -m hygge_core`` is ``hygge``."""

from __future__ import annotations

from hygge_core.cli import main


if __name__ == "__main__":
    main()
