"""The reference of hooks and abilities, from the signatures and docstrings of hygge-core."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Iterator


CORE = Path(__file__).resolve().parent.parent / "hygge-core" / "src" / "hygge_core"
WIDTH = 100
ROLE = {True: "An ability", False: "A protocol"}


def hooks(_: str = "") -> str:
    """Write every hook, in the order of `hygge_core.hookspecs`."""
    functions = [each for spec in classes("hookspecs") for each in methods(spec)]
    return "\n\n".join(described(each, "###") for each in functions)


def yielded(_: str = "") -> str:
    """Write what hooks yield and what they are given to open it."""
    return "\n\n".join(section(each, "plugin") for each in classes("plugin"))


def abilities(module: str) -> str:
    """Write every protocol of a module, and the plain data that it exchanges."""
    return "\n\n".join(section(each, module) for each in classes(module))


def classes(module: str) -> Iterator[ast.ClassDef]:
    """Yield the public classes of a module of hygge-core."""
    parsed = ast.parse((CORE / f"{module}.py").read_text("utf-8"))
    return (each for each in parsed.body if isinstance(each, ast.ClassDef) and not each.name.startswith("_"))


def methods(owner: ast.ClassDef) -> Iterator[ast.FunctionDef]:
    """Yield the public methods of a class, and `__call__`, which makes its objects functions."""
    functions = (each for each in owner.body if isinstance(each, ast.FunctionDef))
    return (each for each in functions if each.name == "__call__" or not each.name.startswith("_"))


def section(owner: ast.ClassDef, module: str) -> str:
    """Write one class: a protocol with its methods, or plain data with its fields."""
    decorators = [source(each) for each in owner.decorator_list]
    protocol = "Protocol" in map(source, owner.bases)
    role = ROLE["runtime_checkable" in decorators] if protocol else "Plain data"
    opening = f"### `{owner.name}`\n\n{role} of `hygge_core.{module}`. {prose(owner)}"
    inner = [described(each, "####") for each in methods(owner)]
    return "\n\n".join([opening, *([] if protocol else [fields(owner)]), *inner])


def fields(owner: ast.ClassDef) -> str:
    """Write the fields of plain data as its constructor takes them."""
    annotated = [each for each in owner.body if isinstance(each, ast.AnnAssign)]
    lines = [f"    {source(each.target)}: {source(each.annotation)}{default(each.value)}" for each in annotated]
    return "\n".join(["```python", f"class {owner.name}:", *lines, "```"])


def default(value: ast.expr | None) -> str:
    """Write a field's default, taken out of `attrs.field` where there is one."""
    if not isinstance(value, ast.Call) or source(value.func) not in {"field", "Factory"}:
        return "" if value is None else f" = {source(value)}"
    given = {each.arg: source(each.value) for each in value.keywords}
    factory = given.get("factory") or "".join(map(source, value.args))
    return f" = {factory}()" if factory else f" = {given['default']}" if "default" in given else ""


def described(function: ast.FunctionDef, level: str) -> str:
    """Write one function: its name, its exact signature, its docstring."""
    return f"{level} `{function.name}`\n\n```python\n{signature(function)}\n```\n\n{prose(function)}"


def signature(function: ast.FunctionDef) -> str:
    """Write what callers see of a function, or of a property."""
    returns = source(function.returns or ast.Constant(None))
    if "property" in map(source, function.decorator_list):
        return f"{function.name}: {returns}"
    parameters = [each for each in written(function.args) if each != "self"]
    line = f"def {function.name}({', '.join(parameters)}) -> {returns}: ..."
    if len(line) <= WIDTH:
        return line
    return "\n".join([f"def {function.name}(", *(f"    {each}," for each in parameters), f") -> {returns}: ..."])


def written(arguments: ast.arguments) -> Iterator[str]:
    """Yield the parameters of a function as they stand in its signature."""
    defaults = [None] * (len(arguments.args) - len(arguments.defaults)) + arguments.defaults
    yield from map(parameter, arguments.args, defaults)
    if arguments.kwonlyargs:
        yield "*"
    yield from map(parameter, arguments.kwonlyargs, arguments.kw_defaults)


def parameter(argument: ast.arg, default: ast.expr | None) -> str:
    """Write one parameter with its type and its default."""
    return source(argument) + (f" = {source(default)}" if default else "")


def prose(owner: ast.ClassDef | ast.FunctionDef) -> str:
    """Turn a docstring into Markdown."""
    return "\n\n".join(map(paragraph, re.split(r"\n{2,}", ast.get_docstring(owner) or "")))


def paragraph(text: str) -> str:
    """Put an example into a fence, and names into single backticks."""
    return f"```pycon\n{text}\n```" if text.startswith(">>>") else text.replace("``", "`")


def source(node: ast.AST) -> str:
    """Write a piece of code as the formatter would, with double quotes where there is a choice."""
    return re.sub(r"'([^'\"]*)'", r'"\1"', ast.unparse(node))
