"""The third part: the database's flights in a mirrored database of Microsoft Fabric, by way of its landing zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agree import agree, tell_agreement
from attrs import frozen
from database import build, change, flights, reschedule
from killing import fingerprints, kill_a_run
from project import hygge, say


if TYPE_CHECKING:
    from pathlib import Path


GO = ("go", "--flow", "mirror")
ZONE = "mirror/LandingZone"


@frozen
class Mirrored:
    """What the flow ``mirror`` of hygge.toml is about."""

    folder: Path

    @property
    def database(self) -> Path:
        """The file that the flow reads."""
        return self.folder / "source" / "tower.db"

    @property
    def zone(self) -> Path:
        """The landing zone that it publishes into."""
        return self.folder / ZONE

    @property
    def table(self) -> Path:
        """What the mirrored database holds of it."""
        return self.folder / "mirror" / "Tables" / "dbo" / "flights"


def mirror(folder: Path) -> bool:
    """Publish a database and its changes, kill a run and heal it in the next; say whether Fabric would be right."""
    mirrored, rows = Mirrored(folder), flights(folder / "source" / "flights.csv.zip")
    build(mirrored.database, rows)
    say("Now Microsoft Fabric: the flights of that night go into the landing zone of a mirrored database.")
    hygge(folder, *GO)
    replay(mirrored)
    changes = change(mirrored.database, rows)
    say(f"The same day passes, with its {changes.new + changes.late:,} new flights, {changes.corrected:,} corrections")
    print(f"   and {changes.deleted:,} deletions. They are published as changes, in files of their own.", flush=True)
    hygge(folder, *GO)
    return survive(mirrored)


def survive(mirrored: Mirrored) -> bool:
    """Kill a run midway, let Fabric look at what is there, run again, and let it look once more."""
    before = fingerprints(mirrored.zone / "dbo.schema" / "flights")
    say("Again a whole carrier changes, and the run is killed midway. Fabric looks just then.")
    killed = kill_a_run(mirrored.folder, mirrored.zone / "_hygge", lambda: reschedule(mirrored.database), *GO)
    whole = fingerprints(mirrored.zone / "dbo.schema" / "flights") == before
    print("Killed, with rows staged." if killed else "It was NOT killed.", end=" ")
    print("No file of it can be seen." if whole else "A file of it can be SEEN.", flush=True)
    replay(mirrored)
    hygge(mirrored.folder, *GO)
    replay(mirrored)
    hygge(mirrored.folder, "mirror", "lint", ZONE)
    return prove(mirrored) and killed and whole


def replay(mirrored: Mirrored) -> None:
    """Do what Fabric does: apply the files that are new, and put the processed ones aside."""
    hygge(mirrored.folder, "mirror", "simulate", ZONE, "--into", "mirror/Tables", "--clean")


def prove(mirrored: Mirrored) -> bool:
    """Compare the database with what Fabric would hold, without hygge."""
    found = agree(mirrored.database, mirrored.table, name="flights", key="flight_id")
    tell_agreement(found)
    return found.equal
