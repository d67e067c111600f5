"""Every hook and every ability stands in the reference with its exact signature."""

from __future__ import annotations

import doctest
import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest

from hygge_core import hookspecs, plugin


REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
MODULES = [import_module(f"hygge_core.{name}") for name in ("home", "store", "connection", "lake", "commit", "mark")]
SPECIFIED = [each for spec in hookspecs.SPECS for name, each in vars(spec).items() if name.startswith("hygge_")]


def public(module):
    return [each for each in vars(module).values() if inspect.isclass(each) and each.__module__ == module.__name__]


class Written(str):
    """An annotation that shows as it is written."""

    __slots__ = ()

    def __repr__(self):
        return str(self)


def signature(function):
    """A signature on one line, without ``self``."""
    signed = inspect.signature(function)
    named = [each for each in signed.parameters.values() if each.name != "self"]
    parameters = [each.replace(annotation=Written(each.annotation)) for each in named]
    signed = signed.replace(parameters=parameters, return_annotation=Written(signed.return_annotation))
    return str(signed).replace("'", '"')


def joined(lines):
    return ", ".join(line.strip().removesuffix(",") for line in lines.splitlines())


def on_one_line(page):
    """The same page with signatures that take several lines put on one."""
    return re.sub(
        r"(?m)^(def \w+)\(\n(.*?),\n\) ->", lambda long: f"{long[1]}({joined(long[2])}) ->", page, flags=re.DOTALL
    )


def section(page, heading):
    return page.partition(f" `{heading}`\n")[2].partition("\n###")[0]


HOOKS = on_one_line((REFERENCE / "hooks.md").read_text("utf-8"))
ABILITIES = on_one_line((REFERENCE / "abilities.md").read_text("utf-8"))


@pytest.mark.parametrize("hook", SPECIFIED, ids=lambda hook: hook.__name__)
def test_a_hook_is_documented_with_its_exact_signature_and_docstring(hook):
    told = section(HOOKS, hook.__name__)
    assert f"```python\ndef {hook.__name__}{signature(hook)}: ...\n```" in told
    assert inspect.getdoc(hook).partition("\n")[0].replace("``", "`") in told


@pytest.mark.parametrize("hook", SPECIFIED, ids=lambda hook: hook.__name__)
def test_a_hook_says_when_it_is_called_and_what_a_failure_means(hook):
    told = section(HOOKS, hook.__name__)
    assert "\nCalled " in told
    assert re.search(r"failure|error|raises", told)


def test_the_reference_has_no_hook_that_is_not_there():
    assert set(re.findall(r"(?m)^### `(hygge_\w+)`", HOOKS)) == {hook.__name__ for hook in SPECIFIED}


@pytest.mark.parametrize(
    "each", [each for module in MODULES for each in public(module)], ids=lambda each: each.__name__
)
def test_a_protocol_is_documented_with_every_method(each):
    told = ABILITIES.partition(f"\n### `{each.__name__}`\n")[2].partition("\n### ")[0]
    assert inspect.getdoc(each).partition("\n")[0].replace("``", "`") in told
    for name, method in vars(each).items():
        if inspect.isfunction(method) and not name.startswith("_") and method.__module__ == each.__module__:
            assert f"def {name}{signature(method)}: ..." in told


@pytest.mark.parametrize("each", public(plugin), ids=lambda each: each.__name__)
def test_what_hooks_yield_is_documented_with_its_fields(each):
    told = section(HOOKS, each.__name__)
    for field in getattr(each, "__attrs_attrs__", ()):
        assert re.search(rf"(?m)^    {field.name}: ", told), field.name


def test_examples_of_the_reference_are_those_that_run():
    shown = re.findall(r"(?s)```pycon\n(.*?)```", HOOKS)
    run = {
        example.source for hook in SPECIFIED for example in doctest.DocTestParser().get_examples(inspect.getdoc(hook))
    }
    assert {example.source for text in shown for example in doctest.DocTestParser().get_examples(text)} == run
    assert len(shown) >= len(SPECIFIED)


def test_code_of_the_reference_is_python():
    for page in (HOOKS, ABILITIES):
        for text in re.findall(r"(?s)```python\n(.*?)```", page):
            compile(text, "reference", "exec")


def test_wrapped_docstrings_and_defaults_become_markdown(program, tmp_path, monkeypatch):
    interfaces = program("interfaces")
    source = '''
class Jar:
    """A jar, ``sealed`` or not.

    >>> 1 + 1
    2
    """

    label: str
    lid: Lid | None = None
    tags: tuple[str, ...] = field(factory=tuple)
    sizes: dict[str, int] = Factory(dict)
    holds: int = field(default=3, validator=ge(1))

    @property
    def full(self) -> bool:
        """Whether it is."""

    def open(self, *, by: str = "hand") -> None:
        """Open it."""

    def _hide(self): ...


class _Hid: ...
'''
    (tmp_path / "jar.py").write_text(source, "utf-8")
    monkeypatch.setattr(interfaces, "CORE", tmp_path)
    told = interfaces.abilities("jar")
    assert "Plain data of `hygge_core.jar`. A jar, `sealed` or not.\n\n```pycon\n>>> 1 + 1\n2\n```" in told
    assert "    label: str\n    lid: Lid | None = None\n" in told
    assert "    tags: tuple[str, ...] = tuple()\n    sizes: dict[str, int] = dict()\n    holds: int = 3\n" in told
    assert "#### `full`\n\n```python\nfull: bool\n```" in told
    assert 'def open(*, by: str = "hand") -> None: ...' in told
    assert "_hid" not in told.lower()
