from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygge_core.cli.streams import Steady, printable


def _file(tmp_path, encoding):
    return (tmp_path / "out").open("w", encoding=encoding, newline="")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8", "utf-16"])
def test_no_text_is_too_strange_for_a_console(tmp_path, encoding):
    with _file(tmp_path, encoding) as file:
        stream = Steady(file)
        stream.line("häuslich 🏡 \udc80 →")
    assert "h" in (tmp_path / "out").read_text(encoding=encoding)


@pytest.mark.parametrize(("encoding", "arrow"), [("ascii", "->"), ("cp1252", "->"), ("utf-8", "→"), ("nonsense", "->")])
def test_pretty_characters_are_used_where_they_can_be_shown(encoding, arrow):
    class Console(io.StringIO):
        pass

    Console.encoding = encoding
    assert Steady(Console()).glyph("→", "->") == arrow


@given(st.text())
def test_no_text_can_steer_the_terminal(text):
    assert not {char for char in printable(text) if (ord(char) < 32 or 127 <= ord(char) < 160) and char not in "\n\t"}


def test_a_reader_who_leaves_is_no_error():
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", encoding="utf-8") as file:
        stream = Steady(file)
        for _ in range(3):
            assert stream.write("x" * 100_000) == 100_000
            stream.flush()
        assert isinstance(stream.lost, BrokenPipeError)
        assert stream.full is None
        stream.line("still quiet")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_remembered():
    with Path("/dev/full").open("w", encoding="utf-8") as file:
        stream = Steady(file)
        stream.line("hello")
        assert stream.full is not None
        assert stream.full.strerror == "No space left on device"


def test_a_process_without_streams_is_quiet():
    stream = Steady(None)
    stream.line("hello")
    stream.flush()
    assert not stream.isatty()
    assert stream.encoding == "ascii"
    assert stream.lost is None


def test_a_file_is_not_colourful(tmp_path):
    with _file(tmp_path, "utf-8") as file:
        assert not Steady(file).colourful


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo terminals are a thing of Unix")
@pytest.mark.parametrize(("key", "value"), [("NO_COLOR", "1"), ("TERM", "dumb"), ("X", "x")])
def test_a_terminal_is_colourful_unless_told_otherwise(monkeypatch, key, value):
    import pty

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv(key, value)
    leader, follower = pty.openpty()
    with os.fdopen(leader, "rb", buffering=0), os.fdopen(follower, "w", encoding="utf-8") as terminal:
        assert Steady(terminal).colourful is (key == "X")
