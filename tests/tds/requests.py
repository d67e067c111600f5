"""The requests of a logged-in client: batches of SQL, calls of procedures, transactions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from tds.buffer import Reader
from tds.contract import Parameter
from tds.decoding import read_value


if TYPE_CHECKING:
    from collections.abc import Iterator

PROCEDURES = {
    1: "sp_cursor",
    2: "sp_cursoropen",
    3: "sp_cursorprepare",
    4: "sp_cursorexecute",
    5: "sp_cursorprepexec",
    6: "sp_cursorunprepare",
    7: "sp_cursorfetch",
    8: "sp_cursoroption",
    9: "sp_cursorclose",
    10: "sp_executesql",
    11: "sp_prepare",
    12: "sp_execute",
    13: "sp_prepexec",
    14: "sp_prepexecrpc",
    15: "sp_unprepare",
}
BY_NUMBER = 0xFFFF
SEPARATORS = {0xFF, 0x80}  # between calls of one message, since TDS 7.2 and before it
OUTPUT = 0x01
ISOLATIONS = {1: "READ UNCOMMITTED", 2: "READ COMMITTED", 3: "REPEATABLE READ", 4: "SERIALIZABLE", 5: "SNAPSHOT"}
BEGIN, COMMIT, ROLLBACK, SAVE = 5, 7, 8, 9


@frozen
class Call:
    """One call of a procedure, by its name in lower case and without its schema."""

    procedure: str
    parameters: tuple[Parameter, ...]


@frozen
class TransactionRequest:
    """What a transaction manager request asks for: `BEGIN`, `COMMIT`, `ROLLBACK` or something else.

    `begins_next`: FreeTDS ends a transaction and begins the next one in a single request.
    """

    action: int
    isolation: str | None = None
    begins_next: bool = False


def read_batch(data: bytes) -> str:
    """Return the SQL of a batch."""
    return _after_headers(data).decode("utf-16-le")


def read_calls(data: bytes) -> Iterator[Call]:
    """Return the calls of a message; there are many when a client sends the rows of executemany."""
    reader = Reader(_after_headers(data))
    while reader:
        procedure = _procedure(reader)
        reader.number("H")  # options: with recompile, without metadata
        parameters = []
        while reader and reader.peek() not in SEPARATORS:
            parameters.append(_parameter(reader))
        if reader:
            reader.take(1)
        yield Call(procedure, tuple(parameters))


def read_transaction(data: bytes) -> TransactionRequest:
    """Return what is asked for a transaction."""
    reader = Reader(_after_headers(data))
    action = reader.number("H")
    if action == BEGIN:
        return TransactionRequest(action, ISOLATIONS.get(reader.number("B")))
    reader.text("B")  # the transaction's name
    if action in {COMMIT, ROLLBACK} and reader.number("B"):
        return TransactionRequest(action, ISOLATIONS.get(reader.number("B")), begins_next=True)
    return TransactionRequest(action)


def _after_headers(data: bytes) -> bytes:
    return data[Reader(data).number("I") :]


def _procedure(reader: Reader) -> str:
    length = reader.number("H")
    if length == BY_NUMBER:
        return PROCEDURES[reader.number("H")]
    name = reader.take(2 * length).decode("utf-16-le")
    return name.rsplit(".", 1)[-1].strip('[]"').lower()


def _parameter(reader: Reader) -> Parameter:
    name, status = reader.text("B"), reader.number("B")
    kind, value = read_value(reader)
    return Parameter(name, kind, value, output=bool(status & OUTPUT))
