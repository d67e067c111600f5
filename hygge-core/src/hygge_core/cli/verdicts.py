"""What came of verifying a table, as lines or as an event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core.cli import figures


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.cli.session import Session
    from hygge_core.verify import TableVerdict
    from hygge_core.verify.verdict import Comparison, Difference


def tell(session: Session, verdict: TableVerdict, width: int) -> None:
    """Tell one verdict: what was found on standard output, what could not be looked at on standard error."""
    if session.output == "json":
        from attrs import asdict

        session.event("table.verified", **asdict(verdict))
    elif verdict.state != "failed" and not session.quiet:
        sign = session.out.glyph("✓", "ok") if verdict.state == "equal" else session.out.glyph("✗", "!!")
        session.say(f"{sign} {verdict.flow + '.' + verdict.entity:{width}}  {_headline(verdict)}")
        for line in _details(verdict, verbose=session.verbose):
            session.say(f"    {line}")
    if verdict.state == "failed" or (verdict.error and (session.quiet or session.output == "json")):
        session.fail(verdict.error)


def _headline(verdict: TableVerdict) -> str:
    if verdict.faults:
        return verdict.faults[0]
    rows = verdict.rows
    keys = f" of {figures.count(rows.keys, 'key')}" if rows.keys is not None else ""
    return f"{figures.count(rows.visible or 0, 'row')}{keys}"


def _details(verdict: TableVerdict, *, verbose: bool) -> Iterator[str]:
    yield from verdict.faults[1:]
    if verdict.keys is not None:
        yield from _keys(verdict.keys)
    yield from verdict.notes
    if verbose or verdict.faults:
        yield _chain(verdict)
    if verdict.fix:
        yield verdict.fix
    if verbose:
        yield f"compared: {verdict.basis}"
        yield f"last committed: {verdict.last}"


def _keys(found: Comparison) -> Iterator[str]:
    from hygge_core.verify.judgement import in_words

    yield from (f"{in_words(one.kind)}: {one.key}{_versions(one)}" for one in found.shown)
    more = sum(found.differing.values()) - len(found.shown)
    if more:
        yield f"and {'' if found.complete else 'at least '}{more:,} more"


def _versions(one: Difference) -> str:
    return f" ({one.in_store} in the store, {one.in_source} in the source)" if one.in_source else ""


def _chain(verdict: TableVerdict) -> str:
    rows = verdict.rows
    stations = {
        "source": rows.source,
        "committed": rows.committed,
        "in files": rows.footers,
        "visible": rows.visible,
    }
    return "rows: " + ", ".join(f"{name} {count:,}" for name, count in stations.items() if count is not None)
