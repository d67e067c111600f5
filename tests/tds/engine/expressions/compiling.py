"""Each kind of expression made ready to run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve

from tds.contract import SqlError, SqlType
from tds.engine.expressions import arithmetic, conditions
from tds.engine.expressions.clr import method
from tds.engine.expressions.compiled import Compiled, constant, of_values
from tds.engine.expressions.functions import function
from tds.engine.expressions.functions.dates import in_zone
from tds.engine.expressions.functions.numbers import cast_to, chosen_type
from tds.engine.expressions.functions.system import variable
from tds.engine.syntax import tree
from tds.engine.values.casting import casting
from tds.engine.values.collations import check_collation
from tds.engine.values.families import family


if TYPE_CHECKING:
    from collections.abc import Callable

    from tds.engine.expressions.compiled import Row
    from tds.engine.expressions.scope import Scope

AGGREGATES = {"COUNT", "COUNT_BIG", "SUM", "AVG", "MIN", "MAX", "STRING_AGG"}


def compiled(node: tree.Expression, scope: Scope) -> Compiled:
    """Make an expression ready to run. Raises `SqlError` for names and types that do not fit."""
    known = scope.known.get(node)
    return known if known is not None else _BUILDERS[type(node)](node, scope)


def condition(node: tree.Expression, scope: Scope) -> Callable[[Row], bool | None]:
    """Make a condition ready to run. Raises `SqlError` 4145 for what is none."""
    if not _is_condition(node):
        raise SqlError(
            4145, "An expression of non-boolean type specified in a context where a condition is expected.", severity=15
        )
    return compiled(node, scope).run


def _is_condition(node: tree.Expression) -> bool:
    if isinstance(node, tree.Unary):
        return node.sign == "NOT"
    if isinstance(node, tree.Binary):
        return node.sign in {"AND", "OR", "=", "<>", "<", "<=", ">", ">="}
    return isinstance(node, tree.IsNull | tree.InList | tree.InQuery | tree.Like | tree.Exists)


def value_of(node: tree.Expression, scope: Scope) -> Compiled:
    """Make an expression ready to run that must be a value and no condition."""
    if _is_condition(node):
        raise SqlError(102, "Incorrect syntax: a condition stands where a value is expected.", severity=15)
    return compiled(node, scope)


def _literal(node: tree.Literal, _scope: Scope) -> Compiled:
    return constant(node.type, node.value)


def _variable(node: tree.Variable, scope: Scope) -> Compiled:
    return variable(scope.context, node.name)


def _name(node: tree.Name, scope: Scope) -> Compiled:
    return scope.name(node.parts)


def _star(_node: tree.Star, _scope: Scope) -> Compiled:
    raise SqlError(102, "Incorrect syntax near '*'.", severity=15)


def _unary(node: tree.Unary, scope: Scope) -> Compiled:
    if node.sign == "NOT":
        condition(node.of, scope)
        return conditions.negated(compiled(node.of, scope))
    of = value_of(node.of, scope)
    if node.sign == "-":
        return arithmetic.negative(of)
    return of_values(of.type, lambda value: ~value, of)


def _binary(node: tree.Binary, scope: Scope) -> Compiled:
    if node.sign in {"AND", "OR"}:
        condition(node.left, scope), condition(node.right, scope)
        join = conditions.both if node.sign == "AND" else conditions.either
        return join(compiled(node.left, scope), compiled(node.right, scope))
    left, right = value_of(node.left, scope), value_of(node.right, scope)
    if node.sign in {"=", "<>", "<", "<=", ">", ">="}:
        return conditions.compare(node.sign, left, right)
    return arithmetic.computed(node.sign, left, right)


def _is_null(node: tree.IsNull, scope: Scope) -> Compiled:
    return conditions.is_null(value_of(node.of, scope))


def _in_list(node: tree.InList, scope: Scope) -> Compiled:
    return conditions.in_list(value_of(node.of, scope), [value_of(value, scope) for value in node.values])


def _like(node: tree.Like, scope: Scope) -> Compiled:
    escape = None if node.escape is None else value_of(node.escape, scope)
    return conditions.like(value_of(node.of, scope), value_of(node.pattern, scope), escape)


def _query(query: tree.Query, scope: Scope) -> tuple[Any, Callable[[Row], list[Row]]]:
    """Plan an inner query: its plan, and its rows for a row of the outer one, kept when they do not depend on it."""
    frame = scope.frame
    before, frame.used = frame.used, False
    plan = scope.context.plan(query, scope.inner())
    depends, frame.used = frame.used, before or frame.used
    kept: list[list[Row]] = []

    def rows(row: Row) -> list[Row]:
        if kept:
            return kept[0]
        outer, frame.row = frame.row, row
        try:
            found = list(plan.rows())
        finally:
            frame.row = outer
        if not depends:
            kept.append(found)
        return found

    return plan, rows


def _exists(node: tree.Exists, scope: Scope) -> Compiled:
    _, rows = _query(node.query, scope)
    return Compiled(type=conditions.BIT, run=lambda row: bool(rows(row)), nullable=False)


def _one_column(plan: Any) -> Any:
    if len(plan.columns) != 1:
        raise SqlError(
            116,
            "Only one expression can be specified in the select list when the subquery is not introduced with EXISTS.",
        )
    return plan.columns[0]


def _in_query(node: tree.InQuery, scope: Scope) -> Compiled:
    plan, rows = _query(node.query, scope)
    column = _one_column(plan)
    inner = Compiled(type=column.type, run=lambda _: None)
    return conditions.in_rows(value_of(node.of, scope), inner, lambda row: [value for (value,) in rows(row)])


def _scalar(node: tree.Scalar, scope: Scope) -> Compiled:
    plan, rows = _query(node.query, scope)
    column = _one_column(plan)

    def run(row: Row) -> Any:
        found = rows(row)
        if len(found) > 1:
            raise SqlError(
                512,
                "Subquery returned more than 1 value. This is not permitted when the subquery follows "
                "=, !=, <, <= , >, >= or when the subquery is used as an expression.",
            )
        return found[0][0] if found else None

    return Compiled(type=column.type, run=run)


def _case(node: tree.Case, scope: Scope) -> Compiled:
    tests = [condition(when, scope) for when, _ in node.branches]
    otherwise = constant(SqlType("null"), None) if node.otherwise is None else value_of(node.otherwise, scope)
    values = [*(value_of(then, scope) for _, then in node.branches), otherwise]
    type_ = chosen_type(tuple(values))
    runs = [cast_to(value, type_).run for value in values]
    branches = list(zip(tests, runs[:-1], strict=True))
    last = runs[-1]

    def run(row: Row) -> Any:
        for test, then in branches:
            if test(row):
                return then(row)
        return last(row)

    return Compiled(type=type_, run=run, nullable=any(value.nullable for value in values))


def _cast(node: tree.Cast, scope: Scope) -> Compiled:
    of = value_of(node.of, scope)
    style = None if node.style is None else value_of(node.style, scope).value()
    type_ = node.type
    if family(type_) == "text" and type_.collation is None and family(of.type) == "text":
        type_ = evolve(type_, collation=of.type.collation)
    cast = casting(of.type, type_, style)
    if not node.tries:
        return evolve(of_values(type_, cast, of), explicit=of.explicit)

    def tried(value: Any) -> Any:
        try:
            return cast(value)
        except SqlError:
            return None

    return of_values(type_, tried, of, nullable=True)


def _collate(node: tree.Collate, scope: Scope) -> Compiled:
    check_collation(node.collation)
    of = value_of(node.of, scope)
    if family(of.type) != "text":
        raise SqlError(447, f"Expression type {of.type.name} is invalid for COLLATE clause.")
    return evolve(of, type=evolve(of.type, collation=node.collation), explicit=True, source=None)


def _zone(node: tree.AtTimeZone, scope: Scope) -> Compiled:
    return in_zone(value_of(node.of, scope), value_of(node.zone, scope))


def _call(node: tree.Call, scope: Scope) -> Compiled:
    if node.name in AGGREGATES:
        raise SqlError(
            147,
            "An aggregate may not appear in the WHERE clause unless it is in a subquery contained in a "
            "HAVING clause or a select list, and the column being aggregated is an outer reference.",
        )
    return function(node, [value_of(argument, scope) for argument in node.arguments], scope.context)


def _method(node: tree.Method, scope: Scope) -> Compiled:
    arguments = [value_of(argument, scope) for argument in node.arguments]
    if isinstance(node.of, tree.Name) and node.of.parts[0].lower() in {"geometry::", "geography::", "hierarchyid::"}:
        return method(node.of.parts[0].lower(), node.name, arguments)
    return method(value_of(node.of, scope), node.name, arguments)


def _window(_node: tree.Window, _scope: Scope) -> Compiled:
    raise SqlError(4108, "Windowed functions can only appear in the SELECT or ORDER BY clauses.", severity=15)


_BUILDERS: dict[type, Callable[[Any, Scope], Compiled]] = {
    tree.Literal: _literal, tree.Variable: _variable, tree.Name: _name, tree.Star: _star, tree.Unary: _unary,
    tree.Binary: _binary, tree.IsNull: _is_null, tree.InList: _in_list, tree.InQuery: _in_query, tree.Like: _like,
    tree.Exists: _exists, tree.Scalar: _scalar, tree.Case: _case, tree.Cast: _cast, tree.Collate: _collate,
    tree.AtTimeZone: _zone, tree.Call: _call, tree.Method: _method, tree.Window: _window,
}  # fmt: skip
