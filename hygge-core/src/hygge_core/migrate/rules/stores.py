"""Rules for stores, by the original's type and, for local files, their format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hygge_core.migrate.rules import azure
from hygge_core.migrate.rules.polishing import POLISH
from hygge_core.migrate.rules.rule import Area, Asked, Dropped, Moved, dropped, kept, renamed
from hygge_core.migrate.rules.values import listed, named_by_format, one_of, truth, whole


if TYPE_CHECKING:
    from collections.abc import Mapping


_NAMES = "names of files are never used twice, so that nothing is overwritten (defects 1 and 2)"
_FILES = "file_size, in bytes, says how large files are"
_SQL_ONLY = "only the original's store of SQL Server looked at it"
_BUILT_IN = "rows wait in _hygge beside the table, which readers skip"

_COMMON = (
    kept("type", convert=named_by_format),
    dropped("file_pattern", _NAMES),
    dropped("batch_size", _FILES),
    dropped("row_multiplier", "progress is told by time"),
    *(dropped(key, _SQL_ONLY) for key in ("if_exists", "parallel_workers", "timeout")),
    renamed("options.compression", "compression"),
    dropped("options.file_pattern", _NAMES),
    dropped("options.batch_size", _FILES),
    dropped("options.*", _BUILT_IN),
    *POLISH,
)
_NO_WAIT = dropped("folder_deletion_wait_seconds", "only landing zones of open mirroring wait")

_PARQUET = Area(
    name="store of type `parquet`, and `local` of parquet",
    type="parquet",
    local=True,
    rules=(
        renamed("format", "type", "Parquet is what the store writes"),
        dropped("format_options.*", "compression has a key of its own"),
        kept("path"),
        kept("compression"),
        *_COMMON,
        _NO_WAIT,
    ),
    note="The folders may hold files that the original wrote. hygge replaces no file that it did not write, and says "
    "so: look at them, then let the first run take their place with `--var flow.<flow>.store.adopt=true`.",
)


def _replaces(value: Any, table: Mapping[str, Any]) -> Any:
    return Moved({"/run_type": "append" if truth(value, table) is True else "full_drop"})


_INCREMENTAL = renamed(
    "incremental",
    "/run_type",
    "it beat the flow's run_type: true added all rows to the table in every run, false replaced it",
    convert=_replaces,
)

_ADLS = Area(
    name="store of type `adls`",
    type="adls",
    added=azure.ADDED,
    rules=(
        renamed("account_url", "account", "the address of another cloud is the endpoint", convert=azure.account_url),
        renamed("filesystem", "container"),
        kept("path", convert=azure.folder),
        *azure.ACCOUNT,
        kept("compression"),
        _INCREMENTAL,
        *_COMMON,
        _NO_WAIT,
    ),
    note=_PARQUET.note,
)

_FOLDERS = renamed("schema", "path", "the folder that the original made of it", convert=azure.schema_folder)

_ONELAKE = Area(
    name="store of type `onelake`",
    type="onelake",
    added=azure.ADDED,
    rules=(
        renamed("account_url", "endpoint", "only for a region of its own", convert=azure.onelake_url),
        renamed("filesystem", "workspace", convert=azure.workspace),
        kept("path", "the lakehouse in front of it has a key of its own", convert=azure.lakehouse_folder),
        kept("mirror_name", convert=azure.mirrored),
        _FOLDERS,
        renamed("schema_name", "path", _FOLDERS.why, convert=azure.schema_folder),
        *azure.ONELAKE,
        kept("compression"),
        _INCREMENTAL,
        *_COMMON,
        _NO_WAIT,
    ),
    needs=(("lakehouse", "which lakehouse the tables lie in is not said", "write lakehouse, its id or its name"),),
    note=_PARQUET.note,
)


def _mirror_journal(value: Any, table: Mapping[str, Any]) -> Any:
    if truth(value, table) is not True:
        raise Dropped("the journal is not mirrored unless the key is there")
    return Moved({"journal.schema": "hygge"})


def _journal_table(value: Any, table: Mapping[str, Any]) -> Any:
    if truth(table.get("mirror_journal", False), table) is not True:
        raise Dropped("the journal is not mirrored")
    if str(value).startswith("_"):
        raise Dropped("Fabric looks away from names that begin with _; the table is hygge.journal")
    return value


def _marker(value: Any, table: Mapping[str, Any]) -> Any:
    number = whole(value, table)
    if str(number) == "2":
        raise Asked(
            "2 deletes every row that comes", "say what the rows are: 4 or 0, or row_marker_column if they say it"
        )
    return number


def _appends(value: Any, table: Mapping[str, Any]) -> Any:
    return Moved({"/run_type": "incremental" if truth(value, table) is True else "full_drop"})


_OPEN_MIRRORING = Area(
    name="store of type `open_mirroring`",
    type="open_mirroring",
    upserts=True,
    added=(*azure.ADDED, ("file_detection", "timestamp")),
    rules=(
        renamed("account_url", "endpoint", "only for a region of its own", convert=azure.onelake_url),
        renamed("filesystem", "workspace", "its id", convert=azure.guid("a workspace")),
        renamed("mirror_name", "mirror", "the id of the mirrored database", convert=azure.guid("a mirrored database")),
        renamed("path", "schema", "the landing zone follows from the mirror", convert=azure.landing_zone_folder),
        kept("schema"),
        renamed("schema_name", "schema"),
        *azure.ONELAKE,
        kept(
            "compression",
            convert=one_of("snappy", "zstd", "gzip", fix='use "snappy", "zstd" or "gzip", which Fabric reads'),
        ),
        kept("key_columns", "named as the polish names them (defect 9)", convert=listed),
        kept("row_marker", "what incremental rows are; a full load has none", convert=_marker),
        kept("file_detection", 'with "sequential" a commit is seen whole; change it together with a full drop'),
        kept("partner_name"),
        kept("source_type"),
        kept("source_version"),
        dropped("starting_sequence", "the next number follows the highest that ever was (defect 7)"),
        renamed(
            "folder_deletion_wait_seconds",
            "drop_wait",
            "only where nobody can tell whether the table is gone",
            convert=whole,
        ),
        renamed(
            "mirror_journal", "journal", "as the table hygge.journal, once after each run", convert=_mirror_journal
        ),
        renamed("journal_table_name", "journal.table", convert=_journal_table),
        renamed("incremental", "/run_type", "it beat the flow's run_type", convert=_appends),
        *_COMMON,
    ),
    note="The column __LastLoadedAt__ is no longer added to rows; a timestamp of the polish does that. Tables of a "
    "store without a schema lay directly in the landing zone and now lie in dbo.schema: delete their old folders, wait "
    "until Fabric has dropped the tables, and begin with `hygge go --full-drop`.",
)

STORES: dict[tuple[str, str], Area] = {
    ("parquet", ""): _PARQUET,
    ("local", ""): _PARQUET,
    ("local", "parquet"): _PARQUET,
    ("adls", ""): _ADLS,
    ("onelake", ""): _ONELAKE,
    ("open_mirroring", ""): _OPEN_MIRRORING,
}
"""By type and format; what is missing has no counterpart here."""
