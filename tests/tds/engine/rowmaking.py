"""Rows made for a table: given values, defaults, identities, rowversions, computed columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import define

from tds.contract import Column, SqlError, SqlType
from tds.engine.expressions.compiled import constant
from tds.engine.expressions.compiling import compiled
from tds.engine.expressions.scope import Field, Scope
from tds.engine.values.casting import casting, storing


if TYPE_CHECKING:
    from collections.abc import Callable

    from tds.engine.context import Context
    from tds.engine.expressions.compiled import Compiled, Row
    from tds.engine.storage.tables import Table, TableColumn
    from tds.engine.storage.versions import Version


@define
class RowMaker:
    """Makes rows of one table in one statement."""

    table: Table
    columns: tuple[TableColumn, ...]
    context: Context
    computed: list[tuple[int, Compiled, Callable[[Any], Any]]]
    rowversions: list[int]
    gives_identity: bool

    @classmethod
    def of(cls, table: Table, version: Version, context: Context) -> RowMaker:
        """Look at a table's columns."""
        columns = version.columns
        fields = tuple(Field((), Column(one.name, one.type, nullable=one.nullable)) for one in columns)
        scope = Scope(context=context, fields=fields)
        computed = []
        for place, one in enumerate(columns):
            if one.computed is not None:
                value = compiled(one.computed, scope)
                computed.append((place, value, casting(value.type, one.type)))
        rowversions = [place for place, one in enumerate(columns) if one.type.name == "timestamp"]
        option = f"IDENTITY_INSERT {table.name}".lower()
        names = {option, f"identity_insert {table.schema}.{table.name}".lower()}
        gives = any(
            context.memory.options.get(name.replace("identity_insert", "IDENTITY_INSERT")) == "ON" for name in names
        )
        return cls(table, columns, context, computed, rowversions, gives)

    def place(self, name: str) -> int:
        """Find a column. Raises `SqlError` 207."""
        for place, one in enumerate(self.columns):
            if one.name.lower() == name.lower():
                return place
        raise SqlError(207, f"Invalid column name '{name}'.")

    def insertable(self, names: tuple[str, ...]) -> tuple[int, ...]:
        """Return the columns that an INSERT gives, all that take values when it names none."""
        if not names:
            return tuple(place for place, one in enumerate(self.columns) if self._takes_values(one))
        places = tuple(self.place(name) for name in names)
        for place in places:
            one = self.columns[place]
            if one.identity is not None and not self.gives_identity:
                raise SqlError(
                    544,
                    f"Cannot insert explicit value for identity column in table '{self.table.name}' when "
                    "IDENTITY_INSERT is set to OFF.",
                )
            self._demand_writable(one)
        return places

    def updatable(self, name: str) -> int:
        """Return a column that an UPDATE may set."""
        place = self.place(name)
        if self.columns[place].identity is not None:
            raise SqlError(8102, f"Cannot update identity column '{name}'.")
        self._demand_writable(self.columns[place])
        return place

    def _takes_values(self, one: TableColumn) -> bool:
        return (one.identity is None or self.gives_identity) and one.computed is None and one.type.name != "timestamp"

    def _demand_writable(self, one: TableColumn) -> None:
        if one.computed is not None:
            raise SqlError(
                271,
                f'The column "{one.name}" cannot be modified because it is either a computed column or is '
                "the result of a UNION operator.",
            )
        if one.type.name == "timestamp":
            raise SqlError(
                273,
                "Cannot insert an explicit value into a timestamp column. Use INSERT with a column list "
                "to exclude the timestamp column, or insert a DEFAULT into the timestamp column.",
            )

    def storing(self, place: int, type_: SqlType) -> Callable[[Any], Any]:
        """Return what makes a value of a type that of a column."""
        one = self.columns[place]
        if type_.name == "null":
            return lambda _: None
        store = storing(type_, one.type, one.name)
        return lambda value: None if value is None else store(value)

    def default(self, place: int) -> Compiled:
        """Return a column's default, NULL when it has none."""
        default = self.columns[place].default
        return constant(SqlType("null"), None) if default is None else compiled(default, Scope(context=self.context))

    def new(self, values: dict[int, Any]) -> Row:
        """Make a new row of the values that are given."""
        row = [values[place] if place in values else self._missing(place) for place in range(len(self.columns))]
        self._follow_identity(values)
        return self._finished(row)

    def changed(self, row: Row, values: dict[int, Any]) -> Row:
        """Make a row of another one and the values that changed."""
        return self._finished(
            [values.get(place, value) if place in values else value for place, value in enumerate(row)]
        )

    def _missing(self, place: int) -> Any:
        one = self.columns[place]
        if one.identity is not None:
            return self._next_identity(one)
        if one.default is None:
            return None
        default = self.default(place)
        return self.storing(place, default.type)(default.run(()))

    def _next_identity(self, one: TableColumn) -> Any:
        with self.context.database.lock:
            value = self.table.next_identity
            assert value is not None
            assert one.identity is not None
            self.table.next_identity = value + one.identity[1]
            self.table.last_identity = value
            self.context.memory.last_identity = value
        return casting(SqlType("bigint"), one.type)(value)

    def _follow_identity(self, values: dict[int, Any]) -> None:
        """Go on after a value that was given for an identity."""
        for place, one in enumerate(self.columns):
            if one.identity is not None and place in values and self.table.next_identity is not None:
                self.table.next_identity = max(self.table.next_identity, int(values[place]) + one.identity[1])

    def _finished(self, row: list[Any]) -> Row:
        for place in self.rowversions:
            row[place] = self.context.transaction.rowversion()
        for place, value, store in self.computed:
            found = value.run(tuple(row))
            row[place] = None if found is None else store(found)
        for place, one in enumerate(self.columns):
            if row[place] is None and not one.nullable:
                raise SqlError(
                    515,
                    f"Cannot insert the value NULL into column '{one.name}', table '"
                    f"{self.context.database.name}.{self.table.schema}.{self.table.name}'; column does not "
                    "allow nulls.",
                    state=2,
                )
        return tuple(row)
