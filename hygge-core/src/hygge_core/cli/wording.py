"""What each event means, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hygge_core.cli import figures


if TYPE_CHECKING:
    from collections.abc import Callable

    from hygge_core.engine.events import Event


def sentence(event: Event, arrow: str = "->") -> str:
    """Say in words what an event means, without the table's name; empty for what needs no line."""
    write = _SENTENCES.get(event.kind)
    return write({**event.data, "run": event.run, "arrow": arrow}) if write else ""


def complaint(event: Event) -> str:
    """Say what belongs on standard error for a warning, a retry or a failure; else nothing."""
    if event.kind not in ("table.failed", "table.retry", "warning"):
        return ""
    text = _text(event.data, "error") if event.kind == "table.failed" else sentence(event)
    place = f"{event.flow}.{event.entity}" if event.entity else event.flow
    return text if not place or text.startswith(place) else f"{place}: {text}"


def _started(data: dict[str, Any]) -> str:
    tables = figures.count(_int(data, "tables"), "table")
    return f"moving {tables}, {_int(data, 'concurrency')} at once (run {data['run']})"


def _way(data: dict[str, Any]) -> str:
    return f"{_text(data, 'source')} {data['arrow']} {_text(data, 'target')} ({_text(data, 'run_type')})"


def _recovered(data: dict[str, Any]) -> str:
    finished = figures.count(len(_texts(data, "rolled_forward")), "commit")
    swept = figures.count(_int(data, "swept"), "leftover")
    return f"tidied up after an earlier run: {finished} finished, {swept} swept"


def _range(data: dict[str, Any]) -> str:
    low, high = _text(data, "low") or "the beginning", _text(data, "high") or "the end"
    return f"reading {_text(data, 'column')} from {low} to {high}"


def _kept(data: dict[str, Any]) -> str:
    if _text(data, "reason") == "nothing new":
        return "nothing new, so the table stays as it was"
    return "the home is empty, so the table stays as it was"


def _drift(data: dict[str, Any]) -> str:
    return f"columns changed: {'; '.join(_texts(data, 'changes'))}"


def _progress(data: dict[str, Any]) -> str:
    return f"{_rows(data)} so far, {figures.size(_int(data, 'bytes'))} in memory"


def _staged(data: dict[str, Any]) -> str:
    return f"staged {_rows(data)}, {_files(data)}"


def _retry(data: dict[str, Any]) -> str:
    wait = figures.duration(_float(data, "seconds"))
    return f"attempt {_int(data, 'attempt')} failed, trying again in {wait}: {_text(data, 'error')}"


def _request(data: dict[str, Any]) -> str:
    wait = figures.duration(_float(data, "seconds"))
    return f"asking again in {wait}, for {_text(data, 'why')}: {_text(data, 'where')}"


def _committed(data: dict[str, Any]) -> str:
    seconds = _float(data, "seconds")
    speed = figures.rate(_int(data, "rows"), seconds)
    beside = {"deleted": _int(data, "deleted"), "left alone": _int(data, "carried")}
    told = [f"{count:,} {what}" for what, count in beside.items() if count]
    parts = [_rows(data), *told, _files(data), figures.duration(seconds), *([speed] if speed else [])]
    return f"settled: {', '.join(parts)} {data['arrow']} {_text(data, 'location')}"


_SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "run.started": _started,
    "table.waiting": lambda _: "waiting for its turn",
    "table.started": _way,
    "table.recovered": _recovered,
    "table.range": _range,
    "table.drift": _drift,
    "table.progress": _progress,
    "table.staged": _staged,
    "table.retry": _retry,
    "table.committed": _committed,
    "table.kept": _kept,
    "table.failed": lambda _: "failed, and the table is as it was",
    "table.stopped": lambda data: f"stopped: {_text(data, 'error') or 'the table is as it was'}",
    "warning": lambda data: _text(data, "text"),
    "request.retry": _request,
}


def _rows(data: dict[str, Any]) -> str:
    return figures.count(_int(data, "rows"), "row")


def _files(data: dict[str, Any]) -> str:
    return f"{figures.size(_int(data, 'bytes'))} in {figures.count(_int(data, 'files'), 'file')}"


def _int(data: dict[str, Any], key: str) -> int:
    return int(data.get(key) or 0)


def _float(data: dict[str, Any], key: str) -> float:
    return float(data.get(key) or 0.0)


def _texts(data: dict[str, Any], key: str) -> tuple[str, ...]:
    return tuple(map(str, data.get(key) or ()))


def _text(data: dict[str, Any], key: str) -> str:
    return str(data.get(key) or "")
