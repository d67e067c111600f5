"""The functions of T-SQL that this server knows, by what they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tds.contract import SqlError
from tds.engine.expressions.functions import dates, numbers, system, texts


if TYPE_CHECKING:
    from collections.abc import Sequence

    from tds.engine.expressions.compiled import Compiled
    from tds.engine.syntax import tree


def function(call: tree.Call, arguments: Sequence[Compiled], context: Any) -> Compiled:
    """Make a function's call ready to run. Raises `SqlError` for one that this server does not know."""
    if call.part is not None:
        return dates.parted(call, arguments)
    builder = _PLAIN.get(call.name)
    if builder is not None:
        return _checked(call, builder, arguments)
    asking = system.ASKING.get(call.name)
    if asking is not None:
        return _checked(call, lambda *parts: asking(context, *parts), arguments)
    raise SqlError(195, f"'{call.name}' is not a recognized built-in function name (or this server does not know it).")


def _checked(call: tree.Call, builder: Any, arguments: Sequence[Compiled]) -> Compiled:
    try:
        found: Compiled = builder(*arguments)
    except TypeError as error:
        if "argument" not in str(error):
            raise
        raise SqlError(174, f"The {call.name.lower()} function does not take {len(arguments)} argument(s).") from error
    return found


_PLAIN = {**texts.FUNCTIONS, **numbers.FUNCTIONS, **dates.FUNCTIONS}
