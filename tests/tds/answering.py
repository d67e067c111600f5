"""Results of the engine as tokens of a reply, with the faults that are armed for the statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tds import tokens
from tds.blocks import repeated
from tds.channel import Disconnected
from tds.contract import Done, Encoded, Info, Rows, SqlError
from tds.faults import Drop, Fail, Repeat, Slow
from tds.rows import metadata, row_encoder


if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tds.contract import Result
    from tds.faults import Fault
    from tds.reply import Reply
    from tds.state import ConnectionState

SELECT = 0xC1
LOOK_EVERY_ROWS = 64
FATAL = 20


class Stopped(Exception):
    """The client has cancelled the statement."""


class Answer:
    """The answer to one statement. `token` ends each of its results: DONE in a batch, DONEINPROC in a procedure."""

    def __init__(self, reply: Reply, state: ConnectionState, faults: Sequence[Fault], token: int) -> None:
        self._reply = reply
        self._state = state
        self._faults = faults
        self._token = token
        self._ending: tuple[int, int | None, int] | None = None
        self.failed = False
        self.fatal = False

    def send(self, results: Iterable[Result]) -> None:
        """Write the results, up to the first error; the end of the last one waits for `close` or `end_previous`."""
        try:
            self._check_rows(0)
            for result in results:
                self.end_previous()
                self._send_one(result)
                self._reply.write(self._state.changes())
        except SqlError as error:
            self.fail(error)
        finally:
            _close(results)

    def close(self) -> None:
        """Write the DONE that ends a batch."""
        status, count, command = self._ending or (0, None, 0)
        self._reply.write(tokens.done(self._token, status, count, command))

    def fail(self, error: SqlError) -> None:
        """Write an error, which ends the statement."""
        self.end_previous()
        self.failed = True
        self.fatal = error.severity >= FATAL
        self._state.failed(error)
        self._reply.write(tokens.error(error) + self._state.changes())
        self._ending = (tokens.FAILED, None, 0)

    def end_previous(self) -> None:
        """Write the end of the last result, after which something follows."""
        if self._ending is not None:
            status, count, command = self._ending
            self._reply.write(tokens.done(self._token, status | tokens.MORE, count, command))
            self._ending = None

    def _send_one(self, result: Result) -> None:
        if isinstance(result, Rows):
            self._reply.write(metadata(result.columns))
            self._ending = (0, self._send_rows(result), SELECT)
        elif isinstance(result, Done):
            self._ending = (0, result.count, 0)
        elif isinstance(result, Info):
            self._reply.write(tokens.info(result.number, result.text, state=result.state, severity=result.severity))

    def _send_rows(self, result: Rows) -> int:
        encode = row_encoder(result.columns)
        count = 0
        write = self._reply.write
        rows = iter(self._repeated(result))
        try:
            for row in rows:
                if isinstance(row, Encoded):
                    write(row.data)
                    count += row.rows
                else:
                    write(encode(row))
                    count += 1
                if self._faults or count % LOOK_EVERY_ROWS == 0 or isinstance(row, Encoded):
                    self._check_rows(count)
        finally:
            _close(rows)
        return count

    def _repeated(self, result: Rows) -> Iterable[tuple[Any, ...] | Encoded]:
        times = next((fault.times for fault in self._faults if isinstance(fault, Repeat)), None)
        return result.rows if times is None else repeated(result.columns, [*result.rows], times)

    def _check_rows(self, count: int) -> None:
        """Let faults happen at this row, and see whether the client has cancelled."""
        for fault in self._faults:
            if isinstance(fault, Slow) and count and count % fault.every_rows == 0:
                self._reply.push()
                self._state.session.cancelled.wait(fault.seconds)
            elif isinstance(fault, Fail) and count >= fault.after_rows:
                raise fault.error
            elif isinstance(fault, Drop) and fault.after_rows is not None and count >= fault.after_rows:
                self._reply.push()
                raise Disconnected("dropped by a fault")
        if self._state.session.cancelled.is_set():
            raise Stopped


def _close(iterator: object) -> None:
    if close := getattr(iterator, "close", None):
        close()
