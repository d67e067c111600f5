"""The 28 defects of the original, each with what it did, whose data it touched, and how to check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import frozen


if TYPE_CHECKING:
    from collections.abc import Callable

    from hygge_core.migrate.cases import Case

    Touches = Callable[[Case], bool]

Severity = Literal["lost", "wrong", "stopped", "awkward"]
"""``lost``: rows lost without a word; ``wrong``: a wrong result; ``stopped``: a crash, or a run without end."""


@frozen(kw_only=True)
class Defect:
    """One defect: what happened, whom it touched (None where no configuration tells), and how to check."""

    number: int
    severity: Severity
    what: str
    check: str = ""
    touches: Touches | None = None


_LOCAL = frozenset({"parquet", "local"})
_LAKE = frozenset({"adls", "onelake"})
_FABRIC = frozenset({"onelake", "open_mirroring"})
_MIRROR = frozenset({"open_mirroring"})
_ASKED = frozenset({"mssql"})
_VERIFY = "load the table anew with `hygge go --full-drop`, then compare it with its source: `hygge verify --keys`"
_COUNT = "count the old table's rows against the source's; " + _VERIFY
_REBUILD = "look at the landing zone with `hygge mirror lint`, at Fabric with `hygge mirror status`, and load it anew"


def _replaced(case: Case) -> bool:
    return case.store in _MIRROR and not case.incremental


DEFECTS: tuple[Defect, ...] = (
    Defect(
        number=1,
        severity="lost",
        what="a full_drop to local files left the old rows, and from the second run on lost all batches but the last",
        check=_COUNT,
        touches=lambda case: case.store in _LOCAL and not case.incremental,
    ),
    Defect(
        number=2,
        severity="lost",
        what="each incremental run to a lake began to number its files anew, and wrote over those of the run before",
        check=_COUNT,
        touches=lambda case: case.store in _LAKE and case.incremental,
    ),
    Defect(
        number=3,
        severity="lost",
        what="a store of SQL Server left the rows in TABLE_hygge_tmp and reported success; the table never changed",
        check="look whether TABLE_hygge_tmp exists, and compare the table's rows with the source's",
        touches=lambda case: case.store in _ASKED,
    ),
    Defect(
        number=4,
        severity="lost",
        what="a full_drop from an empty source deleted the mirrored table",
        check=_REBUILD,
        touches=_replaced,
    ),
    Defect(
        number=5,
        severity="lost",
        what="a full_drop deleted the mirrored table first; after a crash, the next run deleted the only copy",
        check=_REBUILD,
        touches=_replaced,
    ),
    Defect(
        number=6,
        severity="lost",
        what="files were empty under their final names while they were copied, which stops a mirrored table for good",
        check=_REBUILD,
        touches=lambda case: case.store in _FABRIC,
    ),
    Defect(
        number=7,
        severity="lost",
        what="where the landing zone could not be listed, published files were overwritten",
        check=_REBUILD,
        touches=lambda case: case.store in _MIRROR,
    ),
    Defect(
        number=8, severity="lost", what="a store that failed while the queue was full left the run waiting for an hour"
    ),
    Defect(
        number=9,
        severity="wrong",
        what="the polish renamed columns, and the key columns told to Fabric kept the old names",
        check=_REBUILD,
        touches=lambda case: case.store in _MIRROR and case.polished("columns"),
    ),
    Defect(
        number=10,
        severity="wrong",
        what="_partnerEvents.json went to a folder that is not the mirrored database's",
        check="nothing to do: hygge writes it where Microsoft says",
        touches=lambda case: case.store in _MIRROR and ("partner_name",) in case.table.store,
    ),
    Defect(
        number=11,
        severity="wrong",
        what="moments in microseconds, binary and durations were declared as text to Fabric",
        check="look at the types of the mirrored table's columns, and load it anew",
        touches=lambda case: case.store in _MIRROR,
    ),
    Defect(
        number=12,
        severity="wrong",
        what="hash ids of different rows could be equal, and NULL hashed as the empty text",
        check="every hash changes: load the table anew with `hygge go --full-drop`, and whatever refers to its hashes",
        touches=lambda case: case.polished("hash_ids"),
    ),
    Defect(
        number=13,
        severity="wrong",
        what="incremental runs without a journal, or a home that filters, read everything and added it again",
        check="count the rows of each key in the table; " + _VERIFY,
        touches=lambda case: case.incremental and not case.followed,
    ),
    Defect(
        number=14,
        severity="wrong",
        what="rows that came later with the watermark's last value were never read",
        check=_VERIFY,
        touches=lambda case: case.incremental and case.followed,
    ),
    Defect(
        number=15,
        severity="wrong",
        what="each selection of flows had its own journal, so watermarks got lost; one in a table was read as data",
        check="count the rows of each key in the table; " + _VERIFY,
        touches=lambda case: case.journal and case.incremental,
    ),
    Defect(number=16, severity="wrong", what="options.concurrency and options.continue_on_error were ignored"),
    Defect(
        number=17,
        severity="wrong",
        what="full_drop in flow.yml beat --incremental, and of several --flow only the last counted",
        check="look whether the flow did what you asked for; run_type says it now",
        touches=lambda case: case.table.full_drop is not None,
    ),
    Defect(
        number=18,
        severity="wrong",
        what="a store of SQL Server lost negative int8, the eleventh digit of decimals, texts over 4,000 characters",
        check="compare such columns with the source",
        touches=lambda case: case.store in _ASKED,
    ),
    Defect(number=19, severity="stopped", what="without extras even `hygge --version` failed"),
    Defect(number=20, severity="stopped", what="what `hygge init` wrote did not run, and held keys that nothing read"),
    Defect(number=21, severity="stopped", what="a failing polish failed once more in telling so"),
    Defect(
        number=22,
        severity="stopped",
        what="a retry published the rows of the first attempt again",
        check="for row_marker 0 count the rows of each key in the mirrored table, and load it anew",
        touches=lambda case: case.store in _MIRROR,
    ),
    Defect(number=23, severity="stopped", what="most failures of Azure were not tried again"),
    Defect(number=24, severity="awkward", what="`hygge debug` was content with sources that are not there"),
    Defect(number=25, severity="awkward", what="keys that mean nothing were accepted without a word"),
    Defect(
        number=26, severity="awkward", what="the README's examples of open_mirroring lacked row_marker and did not run"
    ),
    Defect(
        number=27,
        severity="awkward",
        what="any certificate of SQL Server was taken, and only tokens of Entra were known",
        check="write trust_server_certificate only where it has to be; see the connection",
        touches=lambda case: case.home in _ASKED or case.store in _ASKED,
    ),
    Defect(number=28, severity="awkward", what="the log had no dates, no levels and escape codes"),
)
