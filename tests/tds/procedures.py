"""The procedures by which drivers run parameterized statements; every other call goes to the engine."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from attrs import frozen

from tds import datatypes
from tds.buffer import short_text
from tds.contract import Parameter, Rows, SqlError, SqlType
from tds.declarations import bind, declared
from tds.encoding import encoder, type_info


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tds.contract import Result
    from tds.requests import Call
    from tds.state import ConnectionState

INT = SqlType("int")
WITH_METADATA = 1


@frozen
class Running:
    """A call on its way: its statement with what is bound, its results, and the output parameters that follow.

    Calls that run no statement have none.
    """

    sql: str
    parameters: tuple[Parameter, ...]
    results: Callable[[], Iterator[Result]]
    outputs: tuple[tuple[int, Parameter], ...] = ()


def start(call: Call, state: ConnectionState) -> Running:
    """Return what a call runs; nothing runs before its results are asked for."""
    known = PROCEDURES.get(call.procedure)
    if known is not None:
        return known(call, state)
    if call.procedure.startswith("sp_cursor"):
        raise SqlError(50000, f"The test server has no server cursors: {call.procedure}.")
    name, given = call.procedure, call.parameters
    return Running(f"EXEC {name}", given, lambda: state.engine.call(state.session, name, given))


def _execute_sql(call: Call, state: ConnectionState) -> Running:
    sql, types, values = call.parameters[0].value, _types(call.parameters[1:2]), call.parameters[2:]
    return _statement(sql, types, values, state)


def _prepare_and_execute(call: Call, state: ConnectionState) -> Running:
    handle, types, sql = call.parameters[0], _types(call.parameters[1:2]), call.parameters[2].value
    running = _statement(sql, types, call.parameters[3:], state)
    return Running(running.sql, running.parameters, running.results, _handle(handle, state.prepare(sql, types)))


def _prepare(call: Call, state: ConnectionState) -> Running:
    handle, types, sql = call.parameters[0], _types(call.parameters[1:2]), call.parameters[2].value

    def results() -> Iterator[Result]:
        parameters = tuple(Parameter(name, kind, None) for name, kind in types.items())
        if columns := state.engine.describe(state.session, sql, parameters):
            yield Rows(columns, ())

    return Running("", (), results, _handle(handle, state.prepare(sql, types)))


def _execute(call: Call, state: ConnectionState) -> Running:
    sql, types = state.prepared(call.parameters[0].value)
    return _statement(sql, types, call.parameters[1:], state)


def _unprepare(call: Call, state: ConnectionState) -> Running:
    state.unprepare(call.parameters[0].value)
    return Running("", (), lambda: iter(()))


def _datatypes(call: Call, _: ConnectionState) -> Running:
    return Running(f"EXEC {call.procedure}", call.parameters, lambda: iter((datatypes.result(call.parameters),)))


PROCEDURES: dict[str, Callable[[Call, ConnectionState], Running]] = {
    "sp_executesql": _execute_sql,
    "sp_prepexec": _prepare_and_execute,
    "sp_prepare": _prepare,
    "sp_execute": _execute,
    "sp_unprepare": _unprepare,
    "sp_datatype_info_100": _datatypes,
    "sp_datatype_info": _datatypes,
}


def return_value(position: int, parameter: Parameter) -> bytes:
    """Return the RETURNVALUE of an output parameter."""
    head = struct.pack("<BH", 0xAC, position) + short_text(parameter.name) + struct.pack("<BIH", 1, 0, 1)
    return head + type_info(parameter.type) + encoder(parameter.type)(parameter.value)


def _statement(sql: str, types: dict[str, SqlType], values: tuple[Parameter, ...], state: ConnectionState) -> Running:
    if any(value.output for value in values):
        raise SqlError(50000, "The test server has no output parameters of statements.")
    parameters = bind(types, values)
    return Running(sql, parameters, lambda: state.engine.execute(state.session, sql, parameters))


def _types(definition: tuple[Parameter, ...]) -> dict[str, SqlType]:
    return declared(definition[0].value or "") if definition else {}


def _handle(parameter: Parameter, handle: int) -> tuple[tuple[int, Parameter], ...]:
    return ((0, Parameter(parameter.name, INT, handle, output=True)),)
