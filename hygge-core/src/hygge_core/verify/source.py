"""The source of one table as a lazy frame, for as many queries as there are to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import attrs
import polars as pl
from attrs import define, field
from polars.io.plugins import register_io_source

from hygge_core.errors import HomeError, HyggeError
from hygge_core.home import Explains, Scans


if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from hygge_core.home import Home, Reading, ReadRequest


@define
class Source:
    """One table of a home, opened; a context manager that closes it.

    A home that scans is opened once.  Any other is read anew for each query, and asked for
    no more columns than the query needs.
    """

    home: Home
    request: ReadRequest
    _reading: Reading = field(init=False)
    _schema: pl.Schema = field(init=False)

    def __enter__(self) -> Self:
        self._reading = self.home.read(self.request)
        self._schema = self._reading.schema
        if not isinstance(self._reading, Scans):
            self._reading.close()  # its columns are known; what it holds of the source would keep writers waiting
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._reading.close()

    @property
    def schema(self) -> pl.Schema:
        """The columns under their names in the source."""
        return self._schema

    def frame(self) -> pl.LazyFrame:
        """Return the rows, lazily."""
        if isinstance(self._reading, Scans):
            return self._reading.scan()
        return register_io_source(self._read, schema=self.schema)

    def collect(self, query: pl.LazyFrame) -> pl.DataFrame:
        """Stream a query of `frame`. Raises `HomeError` for whatever is wrong with the source."""
        try:
            found = query.collect(engine="streaming")
            if isinstance(self._reading, Scans):
                self._reading.check()
        except HyggeError:
            raise
        except (Exception, pl.exceptions.PanicException) as error:
            explained = self._reading.explain(error) if isinstance(self._reading, Explains) else None
            where = self.home.locate(self.request)
            raise explained or HomeError(f"could not be read: {type(error).__name__}: {error}", where=where) from error
        return found

    def _read(self, columns: list[str] | None, predicate: pl.Expr | None, *_: Any) -> Iterator[pl.DataFrame]:
        wanted = list(self.schema) if columns is None else columns
        reading = self.home.read(attrs.evolve(self.request, columns=tuple(wanted)))
        try:
            for batch in reading.batches():
                yield (batch if predicate is None else batch.filter(predicate)).select(wanted)
        finally:
            reading.close()
