"""Standing between a caller and any object: every call may be seen, failed, delayed or cut short.

The faults of `hygge_core.testing.faulty` and the crash matrix are both built on this.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import frozen


if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from types import TracebackType

T = TypeVar("T")


@frozen(kw_only=True)
class Operation:
    """One call that passes: ``verb`` is the method's name, ``subject`` its texts among the arguments.

    Beginning and end of a context are operations of their own, ``create:begin`` and
    ``create:end``; so is every item of an iterator, ``list:next``, and each half of what
    is written to a stream, ``create:write``.
    """

    verb: str
    subject: str = ""

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}".rstrip()

    def step(self, name: str) -> Operation:
        """Name a later step of the same call."""
        return Operation(verb=f"{self.verb}:{name}", subject=self.subject)


if TYPE_CHECKING:
    Around = Callable[[Operation, Callable[[], Any]], Any]
    """Takes an operation and the function that does it, and returns what the caller gets."""


def proxied(target: T, around: Around, *, follow: Collection[str] = ()) -> T:
    """Return an object that behaves as ``target`` and sends each call of a public method through ``around``.

    What the methods named in ``follow`` return is proxied too.  The result passes the same
    ``isinstance`` checks against runtime protocols as the target.
    """
    return cast("T", _Proxy(target, around, follow))


class _Proxy:
    def __init__(self, target: object, around: Around, follow: Collection[str]) -> None:
        self._target = target
        self._around = around
        self._follow = follow
        # Instance attributes, since `isinstance` looks for a protocol's methods without `__getattr__` from 3.12 on.
        vars(self).update({name: self._through(name) for name in _methods(target)})

    def __getattr__(self, name: str) -> object:
        return getattr(self._target, name)

    def _through(self, name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            subject = " ".join(arg for arg in args if isinstance(arg, str))
            operation = Operation(verb=name, subject=subject)
            result = self._around(operation, lambda: getattr(self._target, name)(*args, **kwargs))
            return self._wrapped(result, operation)

        return call

    def _wrapped(self, result: Any, operation: Operation) -> Any:
        if operation.verb in self._follow:
            return _Proxy(result, self._around, self._follow)
        if hasattr(type(result), "__enter__"):
            return _Context(result, operation, self._around)
        if isinstance(result, Iterator):
            return _items(result, operation.step("next"), self._around)
        return result


class _Context:
    """A context manager whose beginning and end pass through."""

    def __init__(self, target: Any, operation: Operation, around: Around) -> None:
        self._target = target
        self._operation = operation
        self._around = around

    def __enter__(self) -> Any:
        entered = self._around(self._operation.step("begin"), self._target.__enter__)
        if hasattr(entered, "write"):
            return _Stream(entered, self._operation.step("write"), self._around)
        return entered

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> Any:
        ended = False

        def end() -> Any:
            nonlocal ended
            ended = True
            return self._target.__exit__(kind, error, trace)

        try:
            return self._around(self._operation.step("end"), end)
        except BaseException as fault:
            if not ended:  # the target must hear of a fault that kept its end from happening
                self._target.__exit__(type(fault), fault, fault.__traceback__)
            raise


class _Stream:
    """A binary stream whose writes pass through in two halves, so that one can be torn."""

    def __init__(self, target: Any, operation: Operation, around: Around) -> None:
        self._target = target
        self._operation = operation
        self._around = around

    def __getattr__(self, name: str) -> Any:
        return getattr(self._target, name)

    def write(self, data: bytes) -> int:
        view = memoryview(data).cast("B")
        middle = len(view) // 2
        for half in (view[:middle], view[middle:]):
            self._around(self._operation, lambda half=half: self._target.write(half))  # type: ignore[misc]
        return len(view)


def _items(iterator: Iterator[Any], operation: Operation, around: Around) -> Iterator[Any]:
    while True:
        try:
            item = around(operation, lambda: next(iterator))
        except StopIteration:
            return
        yield item


def _methods(target: object) -> Iterator[str]:
    for name in dir(type(target)):
        if not name.startswith("_") and callable(getattr(type(target), name)):
            yield name
