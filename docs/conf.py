"""How the site is built out of these pages: `nox -s docs`.

The source is the whole repository, so that a link from a page to a README or back is the same on the
site and on a forge.  The navigation is the list in docs/index.md.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from sphinx.application import Sphinx


project = "hygge"
copyright = "the authors of hygge"  # noqa: A001 - Sphinx reads this name
root_doc = "docs/index"
include_patterns = ["docs/**.md", "*.md", "hygge-*/README.md", "examples/*/README.md"]
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
myst_heading_anchors = 4
html_theme = "furo"
html_title = "hygge"
html_extra_path = ["site"]
suppress_warnings = ["misc.highlighting_failure"]  # a lexer that does not know a word: colours promise nothing

INDEX = Path(__file__).with_name("index.md")
GROUP = re.compile(r"(?m)^## (.+)\n((?:\n?[^#\n].*)*)")
PAGE = re.compile(r"(?m)^- \[[^\]]+\]\(([^)#]+)\.md\)")


def setup(app: Sphinx) -> None:
    """Let the list of pages in the index be the navigation."""
    app.connect("source-read", add_navigation)


def add_navigation(_: Sphinx, page: str, content: list[str]) -> None:
    """Put a hidden table of contents under the index, group by group."""
    if page == root_doc:
        content[0] += "".join(map(toctree, GROUP.finditer(content[0])))


def toctree(group: re.Match[str]) -> str:
    """Write the directive for one group of pages."""
    return "\n".join(["", "```{toctree}", ":hidden:", f":caption: {group[1]}", "", *PAGE.findall(group[2]), "```", ""])
