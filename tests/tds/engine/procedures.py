"""Procedures: those that describe, rename, lock, and list tables and columns for drivers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tds.contract import Done, Rows, SqlError
from tds.engine.altering import rename
from tds.engine.catalogue import columns_of
from tds.engine.catalogue.functions import DESCRIBED, described_rows
from tds.engine.describing import declared, describe
from tds.engine.listing import list_columns, list_keys, list_tables
from tds.engine.syntax.batch import statements_of


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tds.contract import Column, Result, SqlType
    from tds.engine.steering import Surroundings

    Arguments = dict[str, Any]

_TDS = ", tds_type_id int not null, tds_length int not null, tds_collation_id int, tds_collation_sort_id tinyint"


def called(surroundings: Surroundings, name: str, arguments: list[tuple[str, SqlType, Any]]) -> Iterator[Result]:
    """Run a procedure. Raises `SqlError` 2812 for one that this server does not know."""
    known = _PROCEDURES.get(name)
    if known is None or name in surroundings.server.lacks:
        raise SqlError(2812, f"Could not find stored procedure '{name}'.", state=62)
    procedure, names = known
    if name == "sp_executesql":
        yield from _execute_sql(surroundings, arguments)
        return
    given: Arguments = {}
    for place, (written, _, value) in enumerate(arguments):
        if not written and place >= len(names):
            raise SqlError(8144, f"Procedure or function {name} has too many arguments specified.")
        given[(written or names[place]).lower()] = value
    yield from procedure(surroundings, given)


def _execute_sql(surroundings: Surroundings, arguments: list[tuple[str, SqlType, Any]]) -> Iterator[Result]:
    from tds.engine.running import run
    from tds.engine.steering import Surroundings as Inner

    (_, _, sql), *rest = arguments
    types = declared(str(rest[0][2])) if rest else {}
    values = {}
    for place, (name, type_, value) in enumerate(rest[1:]):
        parameter = (name or list(types)[place]).lower()
        values[parameter] = (types.get(parameter, type_), value)
    yield from run(statements_of(str(sql)), Inner(surroundings.server, surroundings.session, values))


def _describe(surroundings: Surroundings, given: Arguments) -> Iterator[Result]:
    columns = describe(surroundings, str(given.get("@tsql") or ""), declared(given.get("@params") or ""))
    rows = [(*row, *_wire(column)) for row, column in zip(described_rows(columns), columns, strict=True)]
    yield Rows(columns_of(DESCRIBED + _TDS), rows)


def _wire(column: Column) -> tuple[Any, ...]:
    """The last four columns speak of TDS itself; their numbers are those of the nullable types."""
    from tds.engine.catalogue.types import measures

    return 0, measures(column.type)[0], None, None


def _parameters(_surroundings: Surroundings, _given: Arguments) -> Iterator[Result]:
    raise SqlError(11508, "this server does not guess the types of undeclared parameters; drivers then bind their own")
    yield Done()


def _rename(surroundings: Surroundings, given: Arguments) -> Iterator[Result]:
    surroundings.written(lambda context: rename(context, given["@objname"], given["@newname"], given.get("@objtype")))
    yield Done()


def _flush(_surroundings: Surroundings, _given: Arguments) -> Iterator[Result]:
    yield Done()


def _listed(function: Callable[..., Any]) -> Callable[[Surroundings, Arguments], Iterator[Result]]:
    def run(surroundings: Surroundings, given: Arguments) -> Iterator[Result]:
        spec, rows = surroundings.read(lambda context: function(context, given))
        yield Rows(columns_of(spec), rows)

    return run


_TABLES = ("@table_name", "@table_owner", "@table_qualifier", "@table_type", "@fusepattern")
_COLUMNS = ("@table_name", "@table_owner", "@table_qualifier", "@column_name", "@odbcver")
_PROCEDURES: dict[str, tuple[Callable[[Surroundings, Arguments], Iterator[Result]], tuple[str, ...]]] = {
    "sp_executesql": (_flush, ()),
    "sp_describe_first_result_set": (_describe, ("@tsql", "@params", "@browse_information_mode")),
    "sp_describe_undeclared_parameters": (_parameters, ("@tsql", "@params")),
    "sp_rename": (_rename, ("@objname", "@newname", "@objtype")),
    "sp_reset_connection": (_flush, ()),
    "sp_updatestats": (_flush, ()),
    "sp_tables": (_listed(list_tables), _TABLES),
    "sp_columns": (_listed(list_columns), _COLUMNS),
    "sp_columns_90": (_listed(list_columns), _COLUMNS),
    "sp_columns_100": (_listed(list_columns), _COLUMNS),
    "sp_pkeys": (_listed(list_keys), _TABLES[:3]),
}
