"""The report file of each run: ``runs/<id>.json``."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from hygge_core.engine.report import RunReport
from hygge_core.errors import HyggeError


if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cattrs.preconf.json import JsonConverter


def save(report: RunReport, folder: Path) -> Path:
    """Write the report in one step, so that nobody ever reads half of one. Raises `OSError`."""
    folder.mkdir(parents=True, exist_ok=True)
    final = folder / f"{report.id}.json"
    partial = folder / f".{report.id}.json.partial"
    try:
        with partial.open("w", encoding="utf-8") as file:
            json.dump(_converter().unstructure(report), file, indent=2)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        partial.replace(final)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    return final


def newest_first(folder: Path) -> Iterator[Path]:
    """Name the report files in a folder; run ids sort by time. Empty before the first run."""
    return iter(sorted(folder.glob("*.json"), key=lambda path: path.name, reverse=True))


def read(file: Path) -> RunReport:
    """Read one report. Raises `HyggeError` for a file that is none."""
    try:
        return _converter().structure(json.loads(file.read_text(encoding="utf-8")), RunReport)
    except (OSError, ValueError) as error:
        raise HyggeError(str(error), where=str(file), fix="remove the file if it is not needed") from error
    except Exception as error:  # cattrs groups what it finds
        raise HyggeError("not a run report", where=str(file), fix="move the file elsewhere") from error


def _converter() -> JsonConverter:
    from cattrs.preconf.json import make_converter

    return make_converter()
