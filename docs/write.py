"""Write the parts of the documentation that are made from the code, between the marks that name them.

python docs/write.py            # a test fails when this would change something

A mark is a comment such as ``<!-- written: keys home csv -->``; what follows it up to ``<!-- end -->`` belongs to
this program.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from interfaces import abilities, hooks, yielded
from keys import Keys
from moving import defects, moved


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Writers = Mapping[str, Callable[[str], str]]


MOVING = {"moved": moved, "defects": defects}
ROOT = Path(__file__).resolve().parent.parent
MARKED = re.compile(r"(<!-- written: (\w+) ?([^\n]*?) -->\n).*?(<!-- end -->)", re.DOTALL)


def main() -> None:
    """Write every page anew that has such parts."""
    for page, text in pages(writers()).items():
        page.write_text(text, "utf-8", newline="\n")


def writers() -> Writers:
    """Name what can be written: the first word of a mark chooses, the others are handed over."""
    from hygge_core.plugins import Plugins

    keys = Keys.of(Plugins.load(environ={}))
    return {"keys": keys.table, "hooks": hooks, "yielded": yielded, "abilities": abilities} | MOVING


def pages(known: Writers) -> dict[Path, str]:
    """Return every page that has such parts, as it should be."""
    texts = {page: page.read_text("utf-8") for page in sorted((ROOT / "docs").rglob("*.md"))}
    return {page: written(text, known) for page, text in texts.items() if MARKED.search(text)}


def written(text: str, known: Writers) -> str:
    """Fill in the marked parts of one page. Raises `KeyError` for what nobody can write."""
    return MARKED.sub(lambda mark: f"{mark[1]}\n{known[mark[2]](mark[3])}\n\n{mark[4]}", text)


if __name__ == "__main__":
    main()
