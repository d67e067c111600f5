"""YAML as the original read it, with the line of each key, and refusals that say where."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from hygge_core.errors import UsageError
from hygge_core.migrate.reading import leaves, read_yaml


@pytest.fixture
def read(tmp_path):
    def call(text):
        file = tmp_path / "some.yml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_yaml(file, name="some.yml")

    return call


@pytest.fixture
def refused(read):
    def call(text):
        with pytest.raises(UsageError) as error:
            read(text)
        return str(error.value)

    return call


def test_values_are_those_of_yaml_1_1_as_the_original_had_them(read):
    document = read("a: yes\nb: 010\nc: 2024-02-29\nd: ~\ne: '7'\nf: [1, 2.5]\ng: !!binary aGk=\n")
    assert document.node.plain() == {
        "a": True,
        "b": 8,
        "c": date(2024, 2, 29),
        "d": None,
        "e": "7",
        "f": [1, 2.5],
        "g": b"hi",
    }


def test_every_key_knows_its_line_and_its_name(read):
    document = read("a:\n  b: 1\nc:\n- d: 2\n- 3\n")
    assert [(leaf.place.line, leaf.place.key) for leaf in leaves(document.node)] == [
        (2, "a.b"),
        (4, "c[0].d"),
        (5, "c[1]"),
    ]


def test_a_key_that_is_written_twice_is_noticed_and_the_last_one_counts(read):
    document = read("a: 1\nb: 2\na: 3\n")
    assert document.node.plain() == {"a": 3, "b": 2}
    assert [node.place.line for node in document.shadowed] == [1]


def test_aliases_and_merged_tables_are_written_out_where_they_are_used(read):
    text = "one: &one {a: 1, b: 2}\ntwo: {<<: *one, b: 3}\nthree: {<<: [{a: 4}, *one]}\nfour: *one\n"
    assert read(text).node.plain() == {
        "one": {"a": 1, "b": 2},
        "two": {"a": 1, "b": 3},
        "three": {"a": 4, "b": 2},
        "four": {"a": 1, "b": 2},
    }


def test_an_empty_file_says_nothing(read):
    assert read("# nothing\n").node.plain() == {}
    assert read(b"\xef\xbb\xbfa: 1\n").node.plain() == {"a": 1}


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("a: 1\n---\nb: 2\n", "some.yml:2", "holds several documents"),
        ("a:\n\t b: 1\n", "some.yml:2", "not valid YAML"),
        ("a: [1\n", "some.yml:2", "not valid YAML"),
        ("a: *nowhere\n", "some.yml:1", "undefined alias"),
        ("- a\n- b\n", "some.yml:1", "holds no table of keys"),
        ("just text\n", "some.yml:1", "holds no table of keys"),
        ("{a: 1}: b\n", "some.yml:1", "key that is no text"),
        ("a: &a [*a]\n", "some.yml:1", "grows without end"),
        ("a: &a {b: *a}\n", "some.yml:1", "grows without end"),
        ("a: &a {<<: *a}\n", "some.yml:1", "grows without end"),
        ("a: {<<: 1}\n", "some.yml:1", "merged with something that is no table"),
        ("a: !python/object/apply:os.system [echo]\nb: !odd 1\n", "some.yml:2", "could not determine a constructor"),
        ("a: 2024-13-45\n", "some.yml:1", "is no timestamp"),
        (b"a: \xff\n", "some.yml", "not valid UTF-8"),
        ("a: \x00\n", "some.yml", "not valid YAML"),
        ("a: " + "[" * 1100 + "]" * 1100, "some.yml", "nested too deeply"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(refused, text, where, what):
    said = refused(text)
    assert said.startswith(where + ":")
    assert what in said


def test_aliases_that_multiply_are_refused_before_they_fill_the_memory(refused):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "grows without end" in refused("\n".join(lines))


def test_a_refusal_shows_nothing_of_the_file(refused):
    assert "hunter2" not in refused("password: hunter2 hunter2: [\n")
    assert "hunter2" not in refused("a: !odd hunter2\n")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"some\.yml: cannot be read"):
        read_yaml(tmp_path / "none.yml", name="some.yml")


def test_without_the_package_for_yaml_the_error_says_how_to_install_it(tmp_path):
    (tmp_path / "yaml.py").write_text("raise ImportError('not here')\n", encoding="utf-8")
    (tmp_path / "hygge.yml").write_text("name: x\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", "from hygge_core.cli import main; main(['migrate', '.'])"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 2
    assert 'pip install "hygge-core[migrate]"' in done.stderr
    assert len(done.stderr.splitlines()) == 1
