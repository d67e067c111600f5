"""The second part: a table that follows a database, by moving only what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agree import agree, tell_agreement
from attrs import frozen
from database import ask, build, change, flights, reschedule
from killing import fingerprints, kill_a_run
from project import hygge, last_report, say


if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl
    from database import Changes


GO = ("go", "--flow", "live")


@frozen
class Live:
    """What the flow ``live`` of hygge.toml is about."""

    folder: Path

    @property
    def database(self) -> Path:
        """The file that the flow reads."""
        return self.folder / "source" / "airport.db"

    @property
    def table(self) -> Path:
        """The folder that it writes."""
        return self.folder / "tables" / "live" / "flights"


def follow(folder: Path) -> bool:
    """Load a database, move its changes, kill a run and let the next one heal it; say whether all came out right."""
    live, rows = Live(folder), flights(folder / "source" / "flights.csv.zip")
    build(live.database, rows)
    say(f"The flights are in a SQLite database. The first run loads all {count(live):,} of them.")
    hygge(folder, *GO)
    return move_changes(live, rows) and survive(live)


def count(live: Live) -> int:
    """Count the rows of the database."""
    rows: int = ask(live.database, "select count(*) from flights")
    return rows


def move_changes(live: Live, rows: pl.DataFrame) -> bool:
    """Let a day pass in the database and move what it changed."""
    mark, before = ask(live.database, "select max(modified_at) from flights"), fingerprints(live.table)
    changes = change(live.database, rows)
    say(f"A day passes: {changes.new:,} flights are new, {changes.corrected:,} are corrected, {changes.deleted:,} are")
    print(f"   deleted, and {changes.late:,} come late: their times lie below the last of the first run.", flush=True)
    hygge(live.folder, *GO)
    right = tell_moved(live, changes, mark=mark, before=before)
    hygge(live.folder, "verify", "--flow", "live", "--keys")
    return right


def tell_moved(live: Live, changes: Changes, *, mark: str, before: dict[str, str]) -> bool:
    """Print what the second run says it moved; say whether it is what the database says there was to move."""
    rows = {station: count or 0 for station, count in last_report(live.folder)["rows"].items()}
    due = moves_due(live, changes, mark)
    kept = len({*before.values()} & {*fingerprints(live.table).values()})
    print("\nWhat the run's report says:")
    print(f"{rows['staged']:>11,} rows are written: {changes.new:,} new, {changes.corrected:,} corrected, ", end="")
    print(f"{changes.late:,} late;")
    print(f"{rows['dropped']:>11,} more were read, since they lie within the lag, and are in the table already;")
    print(f"{rows['deleted']:>11,} rows are deleted;")
    print(f"{rows['carried']:>11,} rows stay as they were; {kept} of {len(before)} files keep their very bytes.")
    right = rows.items() >= due.items()
    print("That is what there was to move." if right else f"There was something ELSE to move: {due}", flush=True)
    return right and kept > 0


def moves_due(live: Live, changes: Changes, mark: str) -> dict[str, int]:
    """Work out from the database what a run has to move when the one before it ended at ``mark``."""
    within = "select count(*) from flights where modified_at >= datetime(?, '-6 hours')"
    read, moved = ask(live.database, within, mark), changes.new + changes.corrected + changes.late
    return {
        "read": read,
        "dropped": read - moved,
        "staged": moved,
        "deleted": changes.deleted,
        "visible": count(live),
    }


def survive(live: Live) -> bool:
    """Kill a run midway, look at the table, run again, and look once more."""
    before = fingerprints(live.table)
    say("Now every flight of one carrier changes, all over the table, and the run that moves them is killed midway.")
    killed = kill_a_run(live.folder, live.table.parent / "_hygge", lambda: reschedule(live.database), *GO)
    whole = fingerprints(live.table) == before
    print("Killed, with rows staged." if killed else "It was NOT killed.", end=" ")
    print("The table is the old one, byte for byte." if whole else "The table is NOT what it was.", flush=True)
    say("Nothing needs to be mended. The next run tidies up and moves what was left.")
    hygge(live.folder, *GO)
    hygge(live.folder, "journal", "runs")
    return prove(live) and killed and whole


def prove(live: Live) -> bool:
    """Compare both sides without hygge, and print what came of it."""
    found = agree(live.database, live.table, name="flights", key="flight_id")
    tell_agreement(found)
    return found.equal
