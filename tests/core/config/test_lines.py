from __future__ import annotations

import re
from pathlib import Path

import pytest
import tomli
from hypothesis import given, settings
from hypothesis import strategies as st

from hygge_core.config.lines import line_index


ROOT = Path(__file__).parents[3]


def paths_of(value, path=()):
    """Every path of a parsed document with its value, found without the index."""
    yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths_of(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from paths_of(inner, (*path, index))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = 1\nb = 2", {("a",): 1, ("b",): 2}),
        ("\n# note\n\n a . b = 1 # x\n", {("a",): 4, ("a", "b"): 4}),
        ("a.b = 1\na.c = 2\n[d]\ne.f = 3\ne.g = 4", {("a",): 1, ("a", "c"): 2, ("d", "e"): 4, ("d", "e", "g"): 5}),
        ("[a.b]\nc = 1\n[a]\nd = 2", {("a",): 3, ("a", "b"): 1, ("a", "b", "c"): 2, ("a", "d"): 4}),
        ("[[a]]\n[[a]]\nb = 1\n[a.c]\nd = 1", {("a",): 1, ("a", 0): 1, ("a", 1): 2, ("a", 1, "c", "d"): 5}),
        ("[[a]]\n[[a.b]]\n[[a.b]]\n[[a]]\n[[a.b]]\nc = 1", {("a", 0, "b", 1): 3, ("a", 1, "b", 0, "c"): 6}),
        ("a = [\n  1,\n  # no, 9 ]\n  [2, 3\n  ],\n]\nb = 1", {("a", 0): 2, ("a", 1): 4, ("a", 1, 1): 4, ("b",): 7}),
        ("a = {\n  b = 1,\n  c = { d.e = 2 },\n}\nf = 3", {("a", "b"): 2, ("a", "c", "d", "e"): 3, ("f",): 5}),
        ('a = """\nb = 1\n[c]\n\\""" """\nd = 1', {("a",): 1, ("d",): 5}),
        ('a = """"x"""""\nb = \'\'\'\n\\\'\'\'\'\'\nc = 1', {("a",): 1, ("b",): 2, ("c",): 4}),
        ('"a.b" = 1\n\'c\' . "\\u0064\\x65" = 2', {("a.b",): 1, ("c", "de"): 2}),
        ('"]" = 1\n[ " " ]\n"#" = "# ]"', {("]",): 1, (" ", "#"): 3}),
        ("a = 1979-05-27 07:32:00 # x\nb = 1e3\r\nc = [07:32, ]\r\nd = 1", {("a",): 1, ("c", 0): 3, ("d",): 4}),
        ("1979-05-27 = 1\n3.14 = 2", {("1979-05-27",): 1, ("3", "14"): 2}),
        ("a = []\nb = {}\nc = [ # x\n]\nd = {\n}\ne = 1", {("c",): 3, ("d",): 5, ("e",): 7}),
    ],
)
def test_each_shape_of_toml_has_its_lines(text, expected):
    index = line_index(text)
    assert {path: index[path] for path in expected} == expected
    assert set(index) == {path for path, _ in paths_of(tomli.loads(text))}


class Author:
    """Writes random documents with an invisible mark wherever a key or an element is written.

    The marks are taken out at the end, when the line of each is counted.
    """

    def __init__(self, random):
        self.random = random
        self.paths = []
        self.used = 0

    def mark(self, path, *, mentioned=False):
        self.paths.append((path, mentioned))
        return f"\ue000{len(self.paths) - 1}\ue001"

    def finish(self, text):
        """Return the document, and the line of each path that was marked."""
        written, mentioned = {}, {(): 1}
        for match in re.finditer("\ue000([0-9]+)\ue001", text):
            path, only_mentioned = self.paths[int(match[1])]
            (mentioned if only_mentioned else written).setdefault(path, text.count("\n", 0, match.start()) + 1)
        return re.sub("\ue000[0-9]+\ue001", "", text), mentioned | written

    def key(self):
        """Make up a key: as it is written, and what it means."""
        self.used += 1
        word = f"k{self.used}"
        return self.random.choice(
            [
                (word, word),
                (str(self.used), str(self.used)),
                (f'"{word}"', word),
                (f"'{word}.]'", f"{word}.]"),
                (f'"\\"{word} # = é"', f'"{word} # = é'),
                (f'"\\u006B{word}\\\\"', f"k{word}\\"),
            ]
        )

    def leaf(self):
        return self.random.choice(
            [
                "17",
                "-2.5e1",
                "2026-01-31 07:30:00",
                "true",
                '"# [x] = \\" \\\\"',
                "'\" \\'",
                '"""\nx = 1\n[y]\n\\"\\"\\" "" \\\n  """',
                "'''\n[[z]] # \"\"\"\n''" + "'''",
                '"""a""' + '"""',
                '""',
                "''''''",
            ]
        )

    def noise(self):
        return self.random.choice(["", "", "", "\n", '  # [no] \'x = """ {\n', "\t\n\n"])

    def space(self):
        return self.random.choice(["", " ", "\t "])

    def end(self):
        return self.random.choice(["", " # x = [", "  "]) + "\n" + self.noise()

    def value(self, path, depth):
        kind = self.random.randint(0, 3) if depth else 0
        if kind <= 1:
            return self.leaf()
        return self.array(path, depth - 1) if kind == 2 else self.inline_table(path, depth - 1)

    def array(self, path, depth):
        paths = [(*path, index) for index in range(self.random.randint(0, 3))]
        return self.listed("[", [self.mark(inner) + self.value(inner, depth) for inner in paths], "]")

    def inline_table(self, path, depth):
        return self.listed("{", [self.pair(path, depth) for _ in range(self.random.randint(0, 3))], "}")

    def listed(self, opening, items, closing):
        text = opening + self.noise()
        for number, item in enumerate(items, 1):
            comma = "," if number < len(items) or self.random.random() < 0.3 else ""
            text += item + self.noise() + comma + self.noise()
        return text + closing

    def pair(self, path, depth):
        """Write one key with its value; dotted now and then."""
        marks, written = "", ""
        for _ in range(self.random.choice([0, 0, 0, 1, 2])):
            raw, name = self.key()
            path = (*path, name)
            marks += self.mark(path, mentioned=True)
            written += f"{raw}{self.space()}.{self.space()}"
        raw, name = self.key()
        path = (*path, name)
        value = self.value(path, depth)
        return f"{marks}{self.mark(path)}{written}{raw}{self.space()}={self.space()}{value}"

    def table(self, path, header, depth):
        """Write pairs, then the tables within that have headers of their own."""
        text = "".join(f"{self.space()}{self.pair(path, 2)}{self.end()}" for _ in range(self.random.randint(0, 3)))
        for _ in range(self.random.randint(0, 2) if depth else 0):
            text += self.headed(path, header, depth - 1)
        return text

    def headed(self, path, header, depth):
        marks = ""
        for _ in range(self.random.choice([0, 0, 0, 1])):  # a table in between that has no header
            raw, name = self.key()
            path, header = (*path, name), (*header, raw)
            marks += self.mark(path, mentioned=True)
        raw, name = self.key()
        path, header = (*path, name), (*header, raw)
        dot = f"{self.space()}.{self.space()}"
        if self.random.random() < 0.5:
            line = f"{marks}{self.mark(path)}[{self.space()}{dot.join(header)}{self.space()}]{self.end()}"
            return line + self.table(path, header, depth)
        text = marks
        for index in range(self.random.randint(1, 3)):
            element = (*path, index)
            text += f"{self.mark(path)}{self.mark(element)}[[{dot.join(header)}{self.space()}]]{self.end()}"
            text += self.table(element, header, depth)
        return text


@settings(max_examples=300, deadline=None)
@given(st.randoms(use_true_random=False), st.booleans())
def test_no_line_is_ever_wrong(random, windows):
    author = Author(random)
    text, expected = author.finish(author.noise() + author.table((), (), 3))
    text = text.replace("\n", "\r\n") if windows else text
    assert set(expected) == {path for path, _ in paths_of(tomli.loads(text))}, "the author itself is wrong"
    assert dict(line_index(text)) == expected


def test_real_documents_are_indexed_from_end_to_end():
    documents = sorted(ROOT.glob("*.toml")) + sorted(ROOT.glob("*/pyproject.toml"))
    assert documents
    for path in documents:
        text = path.read_text(encoding="utf-8")
        index = line_index(text)
        assert set(index) == {found for found, _ in paths_of(tomli.loads(text))}
        for key, line in index.items():
            if key and isinstance(key[-1], str):
                assert key[-1] in text.splitlines()[line - 1]
