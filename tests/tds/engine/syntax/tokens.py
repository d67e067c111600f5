"""T-SQL text taken apart into tokens, and the stream that a parser reads them from."""

from __future__ import annotations

import re
from typing import NoReturn

from attrs import define, frozen

from tds.contract import SqlError


_SPACE = r"(?:\s|--[^\n]*)+"
_PATTERN = re.compile(
    rf"""(?P<space>{_SPACE})
    |(?P<text>[Nn]?'(?:[^']|'')*')
    |(?P<quoted>\[(?:[^\]]|\]\])*\]|"(?:[^"]|"")*")
    |(?P<binary>0[xX][0-9a-fA-F]*)
    |(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<variable>@{{1,2}}[\w@$#]+)
    |(?P<name>[^\W\d][\w@$\#]*|\#{{1,2}}[\w@$\#]+)
    |(?P<sign><>|!=|<=|>=|!<|!>|\|\||\+=|-=|::|[-+*/%&|^~=<>(),.;:?])""",
    re.VERBOSE,
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")


@frozen
class Token:
    """One token: its kind, what it says (names without quotes, texts without theirs), and where it begins."""

    kind: str
    text: str
    start: int
    end: int

    def says(self, *words: str) -> bool:
        """Say whether this is one of these words or signs; a name in quotes is never a word of the language."""
        return self.kind in {"name", "sign"} and self.text.upper() in words


def tokens_of(sql: str) -> list[Token]:
    """Take a text apart; the last token has the kind ``end``. Raises `SqlError` as a server does."""
    found, at = [], 0
    while at < len(sql):
        if sql.startswith("/*", at):
            at = _after_comment(sql, at)
            continue
        match = _PATTERN.match(sql, at)
        if match is None:
            _refuse_character(sql, at)
        at = match.end()
        if match.lastgroup != "space":
            found.append(_token(match))
    return [*found, Token("end", "", len(sql), len(sql))]


def _after_comment(sql: str, at: int) -> int:
    depth = 0
    for edge in _COMMENT_EDGE.finditer(sql, at):
        depth += 1 if edge[0] == "/*" else -1
        if not depth:
            return edge.end()
    raise SqlError(113, "Missing end comment mark '*/'.", severity=15)


def _refuse_character(sql: str, at: int) -> NoReturn:
    rest = sql[at : at + 40]
    if rest[0] in "'\"[" or rest[:2].upper() == "N'":
        raise SqlError(105, f"Unclosed quotation mark after the character string '{rest[1:]}'.", severity=15)
    raise SqlError(102, f"Incorrect syntax near '{rest[0]}'.", severity=15)


def _token(match: re.Match[str]) -> Token:
    kind, text = str(match.lastgroup), match[0]
    if kind == "quoted":
        closing = text[-1]
        text = text[1:-1].replace(closing * 2, closing)
    elif kind == "text":
        kind = "national" if text[0] in "Nn" else "text"
        text = text[text.index("'") + 1 : -1].replace("''", "'")
    return Token(kind, text, match.start(), match.end())


@define
class Tokens:
    """The tokens of a text, read from the left, and the text itself for what is kept as it was written."""

    sql: str
    tokens: list[Token]
    at: int = 0

    @classmethod
    def of(cls, sql: str) -> Tokens:
        """Take a text apart."""
        return cls(sql, tokens_of(sql))

    @property
    def next(self) -> Token:
        """The token that comes, without taking it."""
        return self.tokens[self.at]

    def ahead(self, places: int = 1) -> Token:
        """Look further ahead."""
        return self.tokens[min(self.at + places, len(self.tokens) - 1)]

    def take(self) -> Token:
        """Take whatever comes."""
        token = self.next
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def sees(self, *words: str) -> bool:
        """Say whether these words come, one after the other."""
        return all(self.ahead(place).says(word) for place, word in enumerate(words))

    def accept(self, *words: str) -> bool:
        """Take these words if they come, all of them or none."""
        found = self.sees(*words)
        self.at += len(words) if found else 0
        return found

    def one_of(self, *words: str) -> str | None:
        """Take one of these words if it comes, and return it in capitals."""
        return self.take().text.upper() if self.next.says(*words) else None

    def expect(self, *words: str) -> None:
        """Take these words, or refuse what comes instead."""
        for word in words:
            if not self.accept(word):
                self.refuse()

    def name(self) -> str:
        """Take a name, in quotes or not."""
        if self.next.kind not in {"name", "quoted"}:
            self.refuse()
        return self.take().text

    def integer(self) -> int:
        """Take a number without a point, with a sign before it or not."""
        sign = -1 if self.accept("-") else 1
        if self.next.kind != "number" or not self.next.text.isdigit():
            self.refuse()
        return sign * int(self.take().text)

    def refuse(self) -> NoReturn:
        """Refuse the token that comes, as a server does."""
        near = self.next.text or "end of statement"
        raise SqlError(102, f"Incorrect syntax near '{near}'.", severity=15)
