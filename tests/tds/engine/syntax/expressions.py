"""Expressions of T-SQL, by precedence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tds.contract import SqlType
from tds.engine.syntax import tree
from tds.engine.syntax.calls import call, literal


if TYPE_CHECKING:
    from tds.engine.syntax.tokens import Tokens


_COMPARISONS = ("=", "<>", "!=", "<", "<=", ">", ">=", "!<", "!>")
_SAME = {"!=": "<>", "!<": ">=", "!>": "<="}


def expression(tokens: Tokens) -> tree.Expression:
    """Read an expression or a condition."""
    left = _all(tokens)
    while tokens.accept("OR"):
        left = tree.Binary("OR", left, _all(tokens))
    return left


def expressions(tokens: Tokens) -> tuple[tree.Expression, ...]:
    """Read expressions with commas between them."""
    found = [expression(tokens)]
    while tokens.accept(","):
        found.append(expression(tokens))
    return tuple(found)


def _all(tokens: Tokens) -> tree.Expression:
    left = _not(tokens)
    while tokens.accept("AND"):
        left = tree.Binary("AND", left, _not(tokens))
    return left


def _not(tokens: Tokens) -> tree.Expression:
    if tokens.accept("NOT"):
        return tree.Unary("NOT", _not(tokens))
    return _condition(tokens)


def _condition(tokens: Tokens) -> tree.Expression:
    left = sum_of(tokens)
    while True:
        sign = tokens.one_of(*_COMPARISONS)
        if sign is not None:
            left = tree.Binary(_SAME.get(sign, sign), left, sum_of(tokens))
        elif tokens.accept("IS"):
            left = _negated(tokens.accept("NOT"), tree.IsNull(left))
            tokens.expect("NULL")
        elif tokens.sees("NOT") or tokens.sees("BETWEEN") or tokens.sees("IN") or tokens.sees("LIKE"):
            left = _negated(tokens.accept("NOT"), _test(tokens, left))
        else:
            return left


def _negated(negated: bool, of: tree.Expression) -> tree.Expression:  # noqa: FBT001 - what NOT said
    return tree.Unary("NOT", of) if negated else of


def _test(tokens: Tokens, left: tree.Expression) -> tree.Expression:
    if tokens.accept("BETWEEN"):
        low = sum_of(tokens)
        tokens.expect("AND")
        return tree.Binary("AND", tree.Binary(">=", left, low), tree.Binary("<=", left, sum_of(tokens)))
    if tokens.accept("LIKE"):
        pattern = sum_of(tokens)
        return tree.Like(left, pattern, sum_of(tokens) if tokens.accept("ESCAPE") else None)
    tokens.expect("IN", "(")
    found: tree.Expression
    found = tree.InQuery(left, _query(tokens)) if tokens.sees("SELECT") else tree.InList(left, expressions(tokens))
    tokens.expect(")")
    return found


def sum_of(tokens: Tokens) -> tree.Expression:
    """Read an expression that is no condition."""
    left = _product(tokens)
    while sign := tokens.one_of("+", "-", "&", "|", "^"):
        left = tree.Binary(sign, left, _product(tokens))
    return left


def _product(tokens: Tokens) -> tree.Expression:
    left = _signed(tokens)
    while sign := tokens.one_of("*", "/", "%"):
        left = tree.Binary(sign, left, _signed(tokens))
    return left


def _signed(tokens: Tokens) -> tree.Expression:
    if sign := tokens.one_of("-", "+", "~"):
        of = _signed(tokens)
        return of if sign == "+" else tree.Unary(sign, of)
    return _followed(tokens, _primary(tokens))


def _followed(tokens: Tokens, of: tree.Expression) -> tree.Expression:
    while True:
        if tokens.accept("COLLATE"):
            of = tree.Collate(of, tokens.name())
        elif tokens.accept("AT", "TIME", "ZONE"):
            of = tree.AtTimeZone(of, _primary(tokens))
        elif tokens.sees(".") and tokens.ahead(2).says("("):
            tokens.take()
            of = tree.Method(of, tokens.name(), _arguments(tokens))
        else:
            return of


def _arguments(tokens: Tokens) -> tuple[tree.Expression, ...]:
    tokens.expect("(")
    found = () if tokens.sees(")") else expressions(tokens)
    tokens.expect(")")
    return found


def _primary(tokens: Tokens) -> tree.Expression:
    token = tokens.next
    if token.kind in {"number", "text", "national", "binary"}:
        return literal(tokens.take())
    if token.kind == "variable":
        return tree.Variable(tokens.take().text)
    if tokens.sees("("):
        return _in_brackets(tokens)
    if token.kind == "name" and token.text.upper() in _WORDS:
        return _WORDS[token.text.upper()](tokens)
    if tokens.ahead().says("(") or token.says("CURRENT_TIMESTAMP"):
        return call(tokens, expression)
    return _name(tokens)


def _in_brackets(tokens: Tokens) -> tree.Expression:
    tokens.expect("(")
    found = tree.Scalar(_query(tokens)) if tokens.sees("SELECT") or tokens.sees("WITH") else expression(tokens)
    tokens.expect(")")
    return found


def _name(tokens: Tokens) -> tree.Expression:
    if tokens.accept("*"):
        return tree.Star()
    if tokens.next.kind == "name" and tokens.next.text.upper() in _RESERVED:
        tokens.refuse()
    parts = [tokens.name()]
    if tokens.accept("::"):
        return tree.Method(tree.Name((f"{parts[0]}::",)), tokens.name(), _arguments(tokens))
    while tokens.sees(".") and not (tokens.ahead(2).says("(") and tokens.ahead().kind != "sign"):
        tokens.take()
        if tokens.accept("*"):
            return tree.Star(parts[-1])
        parts.append(tokens.name())
    return tree.Name(tuple(parts))


def _case(tokens: Tokens) -> tree.Expression:
    tokens.expect("CASE")
    of = None if tokens.sees("WHEN") else expression(tokens)
    branches = []
    while tokens.accept("WHEN"):
        when = expression(tokens)
        tokens.expect("THEN")
        branches.append((when if of is None else tree.Binary("=", of, when), expression(tokens)))
    otherwise = expression(tokens) if tokens.accept("ELSE") else None
    tokens.expect("END")
    return tree.Case(tuple(branches), otherwise)


def _exists(tokens: Tokens) -> tree.Expression:
    tokens.expect("EXISTS", "(")
    query = _query(tokens)
    tokens.expect(")")
    return tree.Exists(query)


def _null(tokens: Tokens) -> tree.Expression:
    tokens.expect("NULL")
    return tree.Literal(SqlType("null"), None)


def _query(tokens: Tokens) -> tree.Query:
    from tds.engine.syntax.queries import query  # each of the two needs the other

    return query(tokens)


_WORDS = {"CASE": _case, "EXISTS": _exists, "NULL": _null}
_RESERVED = {
    "SELECT", "FROM", "WHERE", "GROUP", "ORDER", "HAVING", "UNION", "EXCEPT", "INTERSECT", "JOIN", "ON", "AND", "OR",
    "NOT", "WHEN", "THEN", "ELSE", "END", "INNER", "CROSS", "OUTER", "INTO", "AS", "VALUES", "SET", "INSERT", "UPDATE",
    "DELETE", "CREATE", "DROP", "ALTER", "BEGIN", "COMMIT", "ROLLBACK", "TABLE", "WITH", "OPTION", "IF", "TOP", "BY",
    "DISTINCT", "IN", "LIKE", "BETWEEN", "IS", "EXEC", "EXECUTE", "DECLARE", "FOR", "PRIMARY", "KEY", "INDEX", "DESC",
    "ASC", "USER", "DEFAULT", "IDENTITY", "REFERENCES", "CHECK", "UNIQUE", "CONSTRAINT", "MERGE", "FETCH", "OVER",
}  # fmt: skip
