"""A package is written into nothing, or not at all."""

from __future__ import annotations

import os
import sys

import pytest

from hygge_core import HyggeError, UsageError
from hygge_core.scaffold.writing import write


TEXTS = {"README.md": "blåbær\n", "src/hygge_store_acme/plugin.py": '"""Registers."""\n'}


def there(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("place", ["new", "new/below/it", "."])
def test_it_writes_into_a_new_or_empty_folder(tmp_path, place):
    write(tmp_path / place, TEXTS)
    assert there(tmp_path / place) == TEXTS.keys()
    assert (tmp_path / place / "README.md").read_bytes() == "blåbær\n".encode()


@pytest.mark.parametrize("name", ["notes.txt", ".hidden", "README.md"])
def test_a_folder_with_anything_in_it_is_refused_and_stays_as_it_is(tmp_path, name):
    (tmp_path / name).write_text("mine")
    with pytest.raises(UsageError, match=r"the folder is not empty; nothing was written; .* --into"):
        write(tmp_path, TEXTS)
    assert there(tmp_path) == {name}
    assert (tmp_path / name).read_text() == "mine"


def test_a_file_in_the_way_is_refused(tmp_path):
    (tmp_path / "acme").write_text("mine")
    with pytest.raises(UsageError, match="there is a file of that name"):
        write(tmp_path / "acme", TEXTS)
    assert (tmp_path / "acme").read_text() == "mine"


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right of their own there")
def test_a_link_that_leads_nowhere_is_not_followed(tmp_path):
    (tmp_path / "acme").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="there is a file of that name"):
        write(tmp_path / "acme", TEXTS)
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_among_the_parents_is_told_as_an_error_of_the_place(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(HyggeError, match=r"file.*; choose a folder that can be written, with --into"):
        write(tmp_path / "file" / "acme", TEXTS)


@pytest.mark.skipif(sys.platform == "win32" or not getattr(os, "getuid", int)(), reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(HyggeError, match="Permission denied"):
        write(tmp_path / "acme", TEXTS)
