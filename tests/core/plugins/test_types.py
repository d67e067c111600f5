"""What a plugin yields is checked when it is made, so that the fault is its author's to see."""

from __future__ import annotations

import pytest
from attrs import frozen

from hygge_core import Command, ConnectionType, HomeType, StoreType


@frozen(kw_only=True)
class Config:
    path: str = ""


SOUND = {"name": "open_mirroring", "config": Config, "open": print, "summary": "A mirror"}


@pytest.mark.parametrize("kind", [HomeType, StoreType, ConnectionType])
@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("name", "Parquet", "name must be lower case words joined by '_'"),
        ("name", "open-mirroring", "name must be lower case words joined by '_'"),
        ("name", "", "name must be lower case words joined by '_'"),
        ("name", None, "name must be lower case words joined by '_'"),
        ("config", dict, "config must be a class made with attrs"),
        ("config", Config(), "config must be a class made with attrs"),
        ("open", "acme.open", "open must be a function"),
        ("summary", "two\nlines", "summary must be one line of text"),
        ("summary", None, "summary must be one line of text"),
    ],
)
def test_a_type_with_a_fault_cannot_be_made(kind, key, value, message):
    assert kind(**SOUND).name == "open_mirroring"
    with pytest.raises((TypeError, ValueError), match=message):
        kind(**{**SOUND, key: value})


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("name", "Dust", "name must be lower case words joined by '-'"),
        ("name", "dust_off", "name must be lower case words joined by '-'"),
        ("name", "--dust", "name must be lower case words joined by '-'"),
        ("load", None, "load must be a function"),
        ("summary", "two\r\nlines", "summary must be one line of text"),
    ],
)
def test_a_command_with_a_fault_cannot_be_made(key, value, message):
    sound = {"name": "dust-off", "load": print, "summary": "Dust the attic"}
    assert Command(**sound).name == "dust-off"
    with pytest.raises((TypeError, ValueError), match=message):
        Command(**{**sound, key: value})
