"""One request of a logged-in client, and its reply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tds import problems, procedures, tokens
from tds.answering import FATAL, Answer, Stopped
from tds.channel import ATTENTION, RPC, SQL_BATCH, TRANSACTION, Disconnected
from tds.contract import Done, SqlError
from tds.faults import Deaf, Drop, Torn
from tds.requests import BEGIN, COMMIT, ROLLBACK, read_batch, read_calls, read_transaction
from tds.seen import Statement


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tds.channel import Message
    from tds.contract import Parameter, Result
    from tds.faults import Fault
    from tds.reply import Reply
    from tds.requests import Call, TransactionRequest
    from tds.server import SqlServer
    from tds.state import ConnectionState

    Results = Callable[[], Iterator[Result]]

TRANSACTIONS = {BEGIN: "BEGIN TRANSACTION", COMMIT: "COMMIT TRANSACTION", ROLLBACK: "ROLLBACK TRANSACTION"}


class Turn:
    """Answers one message. `fatal` says afterwards that an error ends the connection."""

    def __init__(self, reply: Reply, state: ConnectionState, server: SqlServer) -> None:
        self.fatal = False
        self._reply = reply
        self._state = state
        self._server = server

    def answer(self, message: Message) -> None:
        """Write the reply to the message."""
        known: dict[int, Callable[[bytes], None]] = {
            SQL_BATCH: self._batch,
            RPC: self._calls,
            TRANSACTION: self._transaction,
            ATTENTION: self._late_attention,
        }
        try:
            known.get(message.kind, self._refuse)(message.data)
        except Stopped:
            self._stopped()
        except SqlError as error:
            self._fail(error)
        except (ValueError, LookupError) as error:
            self._fail(SqlError(4002, f"The incoming TDS protocol stream is incorrect: {error}", severity=20))

    def _batch(self, data: bytes) -> None:
        sql = read_batch(data)
        self._run(sql, (), lambda: self._state.engine.execute(self._state.session, sql, ()), tokens.DONE).close()

    def _transaction(self, data: bytes) -> None:
        request = read_transaction(data)
        sql = TRANSACTIONS.get(request.action, "TRANSACTION")
        self._run(sql, (), lambda: self._transact(request), tokens.DONE).close()

    def _transact(self, request: TransactionRequest) -> Iterator[Result]:
        if request.action == BEGIN:
            self._state.begin(request.isolation)
        elif request.action in {COMMIT, ROLLBACK}:
            self._state.end(commit=request.action == COMMIT)
            if request.begins_next:
                yield Done()
                self._state.begin(request.isolation)
        else:
            raise SqlError(50000, f"The test server has no transaction request {request.action}.")
        yield Done()

    def _calls(self, data: bytes) -> None:
        status = None
        for call in read_calls(data):
            if status is not None:
                self._reply.write(tokens.done(tokens.DONE_PROCEDURE, status | tokens.MORE))
            status = self._call(call)
        self._reply.write(tokens.done(tokens.DONE_PROCEDURE, status or 0))

    def _call(self, call: Call) -> int:
        """Run one call and return the status of its end."""
        try:
            running = procedures.start(call, self._state)
        except SqlError as error:
            self._reply.write(tokens.error(error) + tokens.return_status(error.number))
            return tokens.FAILED
        answer = self._run(running.sql, running.parameters, running.results, tokens.DONE_IN_PROCEDURE)
        answer.end_previous()
        self._reply.write(tokens.return_status(int(answer.failed)))
        for position, parameter in running.outputs:
            self._reply.write(procedures.return_value(position, parameter))
        return tokens.FAILED if answer.failed else 0

    def _run(self, sql: str, parameters: tuple[Parameter, ...], results: Results, token: int) -> Answer:
        if sql:
            self._server.seen.note(Statement(self._state.session.id, sql, parameters))
        faults = self._server.faults.of_statement(sql)
        self._arm(faults)
        answer = Answer(self._reply, self._state, faults, token)
        try:
            answer.send(self._checked(results))
        except (Disconnected, Stopped):
            raise
        except Exception as error:  # noqa: BLE001 - the test that caused it is told when the server ends
            self._server.seen.crashed(error)
            answer.fail(SqlError(50000, f"The test server failed: {error!r}"))
        if Drop() in faults:
            raise Disconnected("the reply is lost by a fault")
        self.fatal = self.fatal or answer.fatal
        return answer

    def _checked(self, results: Results) -> Iterator[Result]:
        if not self._server.accounts.is_good(self._state.token):
            raise problems.token_expired_in_session()
        yield from results()

    def _arm(self, faults: list[Fault]) -> None:
        self._state.attention.deaf = Deaf() in faults
        for fault in faults:
            if isinstance(fault, Drop) and fault.after_bytes is not None:
                self._reply.cut_after = fault.after_bytes
            elif isinstance(fault, Torn):
                self._reply.channel.piece = fault.size

    def _stopped(self) -> None:
        """Read the client's wish to stop, which has been seen, and say that it was heard."""
        self._reply.channel.read_message()
        self._server.seen.count(cancelled=1)
        self._reply.write(tokens.done(tokens.DONE, tokens.ATTENTION))

    def _late_attention(self, _: bytes) -> None:
        """Say that a wish to stop was heard, which came when there was nothing more to stop."""
        self._server.seen.count(cancelled=1)
        self._reply.write(tokens.done(tokens.DONE, tokens.ATTENTION))

    def _refuse(self, _: bytes) -> None:
        raise SqlError(4022, "The test server has no bulk load and none of the requests of older clients.")

    def _fail(self, error: SqlError) -> None:
        """End the reply to a request that could not be read; when nobody can tell what it was, the connection too."""
        self.fatal = error.severity >= FATAL
        self._reply.write(tokens.error(error) + tokens.done(tokens.DONE, tokens.FAILED))
