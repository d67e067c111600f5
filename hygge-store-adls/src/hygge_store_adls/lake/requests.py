"""Making requests: again where that may help, after a look where nobody knows whether it was done.

This is the only layer that tries again; the Azure client is told not to, since it would
repeat what may have been carried out.
"""

from __future__ import annotations

import itertools
import random
import time
from typing import TYPE_CHECKING, TypeVar

from attrs import Factory, define
from azure.core.exceptions import AzureError

from hygge_store_adls.lake.errors import ServiceFault, error_for


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hygge_core.plugin import Retried
    from hygge_store_adls.lake.place import LakePlace


T = TypeVar("T")

_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 0.1, 10.0
_LONGEST_ASKED_SECONDS = 60.0


@define(kw_only=True)
class Requests:
    """Requests to one place, each made at most ``attempts`` times.

    ``retried`` is told of each repetition: where, why, and after how many seconds.
    """

    place: LakePlace
    attempts: int
    retried: Retried
    sleep: Callable[[float], None] = time.sleep
    _random: random.Random = Factory(random.Random)

    def make(self, request: Callable[[], T], path: str, *, done: Callable[[], T | None] | None = None) -> T:
        """Make a request and return its answer.

        Without ``done`` it must be one that may be carried out twice.  With it, whenever the
        request may have been carried out without an answer, ``done`` looks: it returns what
        counts as the answer, or None for what is still to be done.  Raises `OSError`; see `error_for`.
        """
        doubt = False
        for turn in itertools.count(1):
            try:
                return request()
            except AzureError as error:  # ends here, so that no traceback shows what it holds
                fault = ServiceFault(error)
            doubt = doubt or fault.unknown
            found = done() if doubt and done is not None else None
            if found is not None:
                return found
            if turn >= self.attempts or not (fault.passes or (fault.expired and turn == 1)):
                raise error_for(fault, self.place.url(path), onelake=self.place.onelake) from fault
            self._wait(fault, turn, path)
        raise AssertionError  # pragma: no cover - the last turn returns or raises

    def pages(self, pages: Iterator[Iterable[T]], path: str) -> Iterator[T]:
        """Yield what is on the pages of a listing; a page that fails is asked for again, the others are not."""
        while (page := self.make(lambda: next(pages, None), path)) is not None:
            yield from page

    def _wait(self, fault: ServiceFault, turn: int, path: str) -> None:
        """Wait as long as the service asks, else twice as long as before, within half of that either way."""
        grown = min(_FIRST_WAIT_SECONDS * 2 ** (turn - 1), _LONGEST_WAIT_SECONDS) * self._random.uniform(0.5, 1.5)
        seconds = 0.0 if fault.expired else min(max(fault.after or 0.0, grown), _LONGEST_ASKED_SECONDS)
        self.retried(self.place.url(path), fault.what, round(seconds, 3))
        self.sleep(seconds)
