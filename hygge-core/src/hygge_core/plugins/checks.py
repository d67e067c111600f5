"""Mistakes in a plugin's hooks that would otherwise go unnoticed, found before any hook is called.

pluggy ignores a function without the marker, a marked object that is no function and a
misspelt name; and it never fills a keyword-only parameter or one with a default.
"""

from __future__ import annotations

import difflib
import inspect
from types import MethodType, ModuleType
from typing import TYPE_CHECKING, Any

from hygge_core.hookspecs import PROJECT
from hygge_core.plugins.hooks import HOOKS
from hygge_core.plugins.status import BrokenPlugin, Fault


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


_PREFIX = f"{PROJECT}_"
_MARK = f"{PROJECT}_impl"
_WRAPPED = (staticmethod, classmethod, MethodType)
_ORDER_OPTIONS = ("wrapper", "hookwrapper", "tryfirst", "trylast")


def check_hooks(plugin: object) -> None:
    """Raise `BrokenPlugin` with every mistake in the plugin's hooks, or for a plugin without any."""
    if isinstance(plugin, type):
        fault = Fault(what=f"its entry point names the class {plugin.__name__}", fix="name a module with hooks instead")
        raise BrokenPlugin(fault)
    attributes = {name: inspect.getattr_static(plugin, name, None) for name in dir(plugin)}
    faults = tuple(fault for name, value in attributes.items() for fault in _check(plugin, name, value))
    if not faults and not any(_options(value) for value in attributes.values()):
        faults = (Fault(what="it implements no hook of hygge", fix="mark functions named like hooks with `hookimpl`"),)
    if faults:
        raise BrokenPlugin(*faults)


def _options(value: object) -> Mapping[str, Any] | None:
    """Return what `hookimpl` noted on the object, without waking lazy modules and the like."""
    function = value.__func__ if isinstance(value, _WRAPPED) else value
    options = inspect.getattr_static(function, _MARK, None)
    return options if isinstance(options, dict) else None


def _check(plugin: object, name: str, value: object) -> Iterator[Fault]:
    options = _options(value)
    if options is None:
        yield from _check_unmarked(name, value)
        return
    hook = options.get("specname") or name
    if not (inspect.isroutine(value) or isinstance(value, _WRAPPED)):
        yield Fault(what=f"{name} is marked with hookimpl, but is {_a(value)}", fix="make it a plain function")
    elif hook in HOOKS:
        yield from _check_function(hook, getattr(plugin, name), options)
    elif not options.get("optionalhook"):
        yield Fault(what=f"implements unknown hook {hook!r}", fix=_suggestion(hook))


def _check_unmarked(name: str, value: object) -> Iterator[Fault]:
    if isinstance(value, ModuleType):
        return
    if name in HOOKS and not callable(value):
        yield Fault(what=f"{name} is {_a(value)}", fix="make it a function marked with `hookimpl`")
    elif name in HOOKS:
        yield Fault(what=f"{name} is not marked, so it would never be called", fix="put `@hookimpl` above it")
    elif name.startswith(_PREFIX) and callable(value):
        what = f"{name} is named like a hook, but no such hook exists"
        yield Fault(what=what, fix=_suggestion(name))


def _check_function(hook: str, function: Callable[..., object], options: Mapping[str, Any]) -> Iterator[Fault]:
    plain = inspect.unwrap(function)
    for option in _ORDER_OPTIONS:
        if options.get(option):
            yield Fault(
                what=f"{hook} asks for {option}=True", fix="hooks neither wrap nor overtake each other; drop it"
            )
            return
    if inspect.iscoroutinefunction(plain) or inspect.isasyncgenfunction(plain):
        yield Fault(
            what=f"{hook} is async, and hooks are not", fix="write `def`; async work belongs inside a home or store"
        )
        return
    if HOOKS[hook] and inspect.isgeneratorfunction(plain):
        yield Fault(what=f"{hook} is a generator, so its body would never run", fix="take the `yield` out")
    yield from _check_parameters(hook, plain)


def _check_parameters(hook: str, function: Callable[..., object]) -> Iterator[Fault]:
    expected = f"write `def {hook}({', '.join(HOOKS[hook])})`; what is not needed may be left out"
    for parameter in inspect.signature(function).parameters.values():
        if peculiarity := _never_filled(parameter):
            yield Fault(what=f"{hook} declares {peculiarity}, which is never filled in", fix=expected)
        elif parameter.name not in HOOKS[hook]:
            yield Fault(what=f"{hook} asks for {parameter.name!r}, which the hook does not have", fix=expected)


def _never_filled(parameter: inspect.Parameter) -> str:
    if parameter.kind in {parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD}:
        return f"{str(parameter)!r}"
    if parameter.kind is parameter.KEYWORD_ONLY:
        return f"{parameter.name!r} as keyword-only"
    if parameter.kind is parameter.POSITIONAL_ONLY:
        return f"{parameter.name!r} as positional-only"
    return "" if parameter.default is parameter.empty else f"{parameter.name!r} with a default"


def _a(value: object) -> str:
    return f"an object of type {type(value).__name__}"


def _suggestion(name: str) -> str:
    words = [hook.removeprefix(_PREFIX) for hook in HOOKS]  # the prefix alone would make all of them alike
    close = difflib.get_close_matches(name.removeprefix(_PREFIX), words, n=1)
    return f"did you mean '{_PREFIX}{close[0]}'?" if close else f"hooks are {', '.join(HOOKS)}"
