"""The pages hang together: links and anchors lead somewhere, and every page can be reached and says what it is."""

from __future__ import annotations

import re

import pytest

from pages import PAGES, ROOT, anchors, links, named, prose


INDEX = ROOT / "docs" / "index.md"


def texts():
    return {page: page.read_text("utf-8") for page in PAGES}


def broken(page, text):
    """Yield every link of a page that leads nowhere."""
    for target, anchor in links(text):
        there = (page.parent / target).resolve() if target else page
        if not there.is_file():
            yield target
        elif anchor and anchor not in set(anchors(there.read_text("utf-8") if target else text)):
            yield f"{target}#{anchor}"


def fault_in_opening(text):
    """What is wrong with the first lines of a page: a title, and a paragraph whose first sentence ends."""
    lines = [part.strip() for part in prose(text).split("\n\n") if part.strip()]
    if not lines or not lines[0].startswith("# "):
        return "has no title"
    if len(re.findall(r"(?m)^# ", prose(text))) > 1:
        return "has two titles"
    paragraph = lines[0].partition("\n")[2] or (lines[1] if len(lines) > 1 else "")
    if not re.match(r"[^|#>\-*\s][^|]*?[.:!](\s|$)", paragraph.removeprefix("**")):
        return "does not say in a sentence what it is about"
    return ""


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_and_anchor_leads_somewhere(page):
    assert list(broken(page, page.read_text("utf-8"))) == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_page_has_a_title_and_a_sentence_of_summary(page):
    assert fault_in_opening(page.read_text("utf-8")) == ""


def test_every_page_is_listed_in_the_index():
    listed = {(INDEX.parent / target).resolve() for target, _ in links(INDEX.read_text("utf-8"))}
    assert {named(page) for page in PAGES} - {named(page) for page in listed} == {"docs/index.md"}


def test_no_page_is_listed_twice():
    listed = re.findall(r"(?m)^- \[[^\]]+\]\(([^)]+)\)", INDEX.read_text("utf-8"))
    assert sorted(listed) == sorted(set(listed))


def test_the_index_says_of_each_page_what_it_is_about():
    lines = [line for line in INDEX.read_text("utf-8").splitlines() if line.startswith("- ")]
    assert [line for line in lines if not re.fullmatch(r"- \[[^\]]+\]\([^)]+\.md\): [^.]+", line)] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[a](nowhere.md)", ["nowhere.md"]),
        ("[a](index.md#nowhere)", ["index.md#nowhere"]),
        ("# A\n\n[a](#b)", ["#b"]),
        ("# A, `b` & c_d\n\n[a](#a-b--c_d)", []),
        ("# A\n\n## A\n\n[a](#a-1) [a](#a-2)", ["#a-2"]),
        ("[a](../README.md) [b](https://nowhere.invalid)", []),
        ("[a](homes)", ["homes"]),
        ("`[a](nowhere.md)`\n\n```text\n[a](nowhere.md)\n```\n", []),
        ("# A [b](index.md)\n\n[a](#a-b)", []),
    ],
)
def test_a_link_that_leads_nowhere_is_found(text, found):
    assert list(broken(INDEX, text)) == found


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Only a paragraph.", "has no title"),
        ("# A\n\n# B\n\nText.", "has two titles"),
        ("# A\n\n## B\n", "does not say in a sentence what it is about"),
        ("# A\n\n| a | b |\n|---|---|\n", "does not say in a sentence what it is about"),
        ("# A\n\n```toml\na = 1\n```\n\nText.", ""),
        ("# A\n\n- a list.\n", "does not say in a sentence what it is about"),
        ("# A\n\nA text that stops\n", "does not say in a sentence what it is about"),
        ("# A\n\nA text.\n", ""),
    ],
)
def test_a_page_that_opens_badly_is_found(text, fault):
    assert fault_in_opening(text) == fault


WORDS = [
    "home",
    "store",
    "flow",
    "entity",
    "run",
    "stage",
    "commit",
    "lease",
    "watermark",
    "mark",
    "journal",
    "gate",
    "drift",
    "lake",
    "part",
    "plugin",
]


@pytest.mark.parametrize("word", [*WORDS, "commit record"])
def test_the_page_of_concepts_explains_every_word(word):
    text = (ROOT / "docs" / "concepts.md").read_text("utf-8")
    assert re.search(rf"(?i)\*\*{word}s?\*\*", text)
