"""What steers a batch: variables, SET, transactions, IF, WHILE, PRINT, THROW, USE, EXEC."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import define, field

from tds.contract import TICKS_PER_SECOND, Done, Info, SqlError
from tds.engine.context import Context, memory_of
from tds.engine.expressions.compiling import compiled, condition
from tds.engine.expressions.scope import Scope
from tds.engine.storage.transactions import READ_COMMITTED, READ_UNCOMMITTED, SNAPSHOT, Transaction
from tds.engine.syntax import statements as made
from tds.engine.values import times
from tds.engine.values.casting import casting


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tds.contract import Result, Session, SqlType
    from tds.engine.context import Memory

    Run = Callable[[Any, "Surroundings"], Iterator[Result]]

_ABORTING = {1205, 3960}
"""Errors after which a transaction is over, whatever XACT_ABORT says."""


@define
class Surroundings:
    """A batch on its way: its session, and the variables that its statements share."""

    server: Any
    session: Session
    variables: dict[str, tuple[SqlType, Any]] = field(factory=dict)
    describing: bool = False

    @property
    def memory(self) -> Memory:
        """What the session remembers."""
        return memory_of(self.session)

    def context(self, transaction: Transaction) -> Context:
        """Return what a statement runs in."""
        database = self.server.demand_database(self.session.database)
        return Context(self.server, self.session, self.memory, database, transaction, self.variables)

    def begin(self, isolation: str | None = None) -> Transaction:
        """Make a transaction of the session, with its isolation and patience."""
        memory = self.memory
        level = isolation or memory.isolation
        if level not in {READ_COMMITTED, READ_UNCOMMITTED, SNAPSHOT}:
            raise SqlError(40000, f"this server does not know the isolation level {level}")
        if level == SNAPSHOT and "snapshot" in self.server.lacks:
            raise SqlError(
                40517, "Keyword or statement option 'SNAPSHOT' is not supported in this version of SQL Server."
            )
        timeout = None if memory.lock_timeout_ms < 0 else memory.lock_timeout_ms / 1000
        database = self.server.demand_database(self.session.database)
        return Transaction(database, level, timeout, self.session.cancelled)

    def read(self, what: Callable[[Context], Any]) -> Any:
        """Run what only reads: in the session's transaction, or at this moment."""
        self._begin_if_implicit()
        return self._guarded(what, self.memory.transaction or self.begin())

    def written(self, what: Callable[[Context], Any]) -> Any:
        """Run what writes: in the session's transaction, or in one of its own that is committed at once."""
        self._begin_if_implicit()
        memory = self.memory
        if memory.transaction is not None:
            found = self._guarded(what, memory.transaction)
        else:
            transaction = self.begin()
            try:
                found = what(self.context(transaction))
            except BaseException:
                transaction.database.rollback(transaction)
                raise
            transaction.database.commit(transaction)
        return self._quietly(found)

    def _quietly(self, found: Any) -> Any:
        if self.memory.options.get("NOCOUNT") != "ON" or not isinstance(found, list):
            return found
        return [Done() if isinstance(one, Done) else one for one in found]

    def _guarded(self, what: Callable[[Context], Any], transaction: Transaction) -> Any:
        try:
            return what(self.context(transaction))
        except SqlError as error:
            if error.number in _ABORTING or self.memory.options.get("XACT_ABORT") == "ON":
                end(self.session, commit=False)
            raise

    def _begin_if_implicit(self) -> None:
        if self.memory.options.get("IMPLICIT_TRANSACTIONS") == "ON" and self.memory.depth == 0 and not self.describing:
            start(self.server, self.session, None)

    def value(self, node: Any) -> tuple[SqlType, Any]:
        """Compute an expression that names no columns."""

        def computed(context: Context) -> tuple[SqlType, Any]:
            found = compiled(node, Scope(context=context))
            return found.type, found.run(())

        return self._guarded(computed, self.memory.transaction or self.begin(READ_COMMITTED))  # type: ignore[no-any-return]

    def holds(self, node: Any) -> bool:
        """Test a condition that names no columns."""
        return bool(self.read(lambda context: condition(node, Scope(context=context))(())))


def start(server: Any, session: Session, isolation: str | None) -> None:
    """Begin a transaction, or count one more inside of it."""
    memory = memory_of(session)
    if isolation is not None:
        memory.isolation = isolation
    if memory.depth == 0:
        memory.transaction = Surroundings(server, session).begin()
    memory.depth += 1
    session.in_transaction = True


def end(session: Session, *, commit: bool) -> None:
    """Commit once, which ends the transaction when it was begun once, or roll all of it back."""
    memory = memory_of(session)
    transaction = memory.transaction
    if transaction is None:
        verb = "COMMIT" if commit else "ROLLBACK"
        raise SqlError(
            3902 if commit else 3903, f"The {verb} TRANSACTION request has no corresponding BEGIN TRANSACTION."
        )
    memory.depth -= 1
    if commit and memory.depth:
        return
    memory.transaction, memory.depth = None, 0
    session.in_transaction = False
    (transaction.database.commit if commit else transaction.database.rollback)(transaction)


def _transaction(node: made.Transaction, surroundings: Surroundings, _run: Run) -> Iterator[Result]:
    if node.verb == "BEGIN":
        start(surroundings.server, surroundings.session, None)
    else:
        end(surroundings.session, commit=node.verb == "COMMIT")
    yield Done()


def _isolation(node: made.SetIsolation, surroundings: Surroundings, _run: Run) -> Iterator[Result]:
    memory = surroundings.memory
    memory.isolation = node.level
    if memory.transaction is not None:
        memory.transaction.isolation = node.level
    yield Done()


def _option(node: made.SetOption, surroundings: Surroundings, _run: Run) -> Iterator[Result]:
    memory = surroundings.memory
    if node.name == "LOCK_TIMEOUT":
        memory.lock_timeout_ms = int(node.value)
    elif node.name == "ROWCOUNT" and node.value != "0":
        raise SqlError(40000, "this server does not know SET ROWCOUNT")
    elif node.name in {"FMTONLY", "NOEXEC", "PARSEONLY"} and node.value == "ON":
        raise SqlError(40000, f"this server does not know SET {node.name} ON")
    else:
        memory.options.update(dict.fromkeys(node.name.split(","), node.value))
    yield Done()


def _set(node: made.SetVariable, surroundings: Surroundings, _run: Run) -> Iterator[Result]:
    name = node.name.lower()
    if name not in surroundings.variables:
        raise SqlError(137, f'Must declare the scalar variable "{node.name}".', severity=15)
    _store(surroundings, name, surroundings.variables[name][0], node.value)
    yield Done()


def _declare(node: made.Declare, surroundings: Surroundings, _run: Run) -> Iterator[Result]:
    for name, type_, value in node.items:
        surroundings.variables[name.lower()] = (type_, None)
        if value is not None:
            _store(surroundings, name.lower(), type_, value)
    yield Done()


def _store(surroundings: Surroundings, name: str, type_: SqlType, node: Any) -> None:
    source, value = surroundings.value(node)
    surroundings.variables[name] = (type_, None if value is None else casting(source, type_)(value))


def _if(node: made.If, surroundings: Surroundings, run: Run) -> Iterator[Result]:
    if surroundings.holds(node.condition):
        yield from run((node.then,), surroundings)
    elif node.otherwise is not None:
        yield from run((node.otherwise,), surroundings)


def _while(node: made.While, surroundings: Surroundings, run: Run) -> Iterator[Result]:
    while surroundings.holds(node.condition) and not surroundings.session.cancelled.is_set():
        yield from run((node.body,), surroundings)


def _block(node: made.Block, surroundings: Surroundings, run: Run) -> Iterator[Result]:
    yield from run(node.statements, surroundings)


def _print(node: made.Print, surroundings: Surroundings, _run: Run) -> Iterator[Result]:
    yield Info(str(surroundings.value(node.text)[1]))


def _throw(node: made.Throw, surroundings: Surroundings, _run: Run) -> Iterator[Result]:
    number, message, severity, state = (
        surroundings.value(one)[1] for one in (node.number, node.message, node.severity, node.state)
    )
    if severity <= 10:
        yield Info(str(message), number, state, severity)
        return
    raise SqlError(int(number), str(message), state=int(state), severity=int(severity))


def _use(node: made.Use, surroundings: Surroundings, _run: Run) -> Iterator[Result]:
    found = surroundings.server.database(node.database)
    if found is None:
        raise SqlError(911, f"Database '{node.database}' does not exist. Make sure that the name is entered correctly.")
    surroundings.session.database = found.name
    yield Done()


def _wait(node: made.Wait, surroundings: Surroundings, _run: Run) -> Iterator[Result]:
    _, ticks, _ = times.read(str(surroundings.value(node.delay)[1]))
    surroundings.session.cancelled.wait(ticks / TICKS_PER_SECOND)
    yield Done()


def _execute(node: made.Execute, surroundings: Surroundings, _run: Run) -> Iterator[Result]:
    from tds.engine.procedures import called  # procedures run batches

    arguments = [(name, *surroundings.value(value)) for name, value in node.arguments]
    yield from called(surroundings, node.procedure[-1].lower(), arguments)


STEERS: dict[type, Callable[[Any, Surroundings, Any], Iterator[Result]]] = {
    made.Transaction: _transaction, made.SetIsolation: _isolation, made.SetOption: _option, made.SetVariable: _set,
    made.Declare: _declare, made.If: _if, made.While: _while, made.Block: _block, made.Print: _print,
    made.Throw: _throw, made.Use: _use, made.Wait: _wait, made.Execute: _execute,
}  # fmt: skip
