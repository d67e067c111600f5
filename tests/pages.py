"""The pages of the documentation, taken apart: their blocks of code, headings and links."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple


ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("hygge-*/README.md"), *(ROOT / "docs").rglob("*.md")])

FENCE = re.compile(r"(?ms)^(?P<indent> *)(?P<fence>`{3,})(?P<language>\w*)[^\n]*\n(?P<text>.*?)^(?P=indent)(?P=fence)$")
MARK = re.compile(r"<!-- (?P<kind>run|file|fails|shown|erp|tutorial)(?:: (?P<what>[^\n]+))? -->\s*\Z")
HEADING = re.compile(r"(?m)^(#{1,6}) (.+)$")
LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]*)\]\((?!https?:|mailto:)(?P<target>[^)\s]*)\)")


class Block(NamedTuple):
    """One block of code: ``mark`` is the kind of the comment above it, empty without one, ``what`` the rest of that."""

    line: int
    language: str
    text: str
    mark: str
    what: str


def named(page):
    return page.relative_to(ROOT).as_posix()


def blocks(text):
    for found in FENCE.finditer(text):
        before = text[: found.start()]
        mark = MARK.search(before)
        inner = re.sub(rf"(?m)^{found['indent']}", "", found["text"])
        kind, what = (mark["kind"], mark["what"] or "") if mark else ("", "")
        yield Block(before.count("\n") + 1, found["language"], inner, kind, what)


def prose(text):
    """A page without its code and its comments."""
    return re.sub(r"(?s)<!--.*?-->", "", FENCE.sub("", text))


def anchors(text):
    """What ``#...`` may lead to: the headings as forges and the site name them."""
    seen = {}
    for _, heading in HEADING.findall(prose(text)):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", plain.lower()).strip().replace(" ", "-")
        count = seen[slug] = seen.get(slug, -1) + 1
        yield f"{slug}-{count}" if count else slug


def links(text):
    """Yield page and anchor of every link within the repository; either may be empty."""
    for found in LINK.finditer(re.sub(r"`[^`\n]*`", "", prose(text))):
        page, _, anchor = found["target"].partition("#")
        yield page, anchor
