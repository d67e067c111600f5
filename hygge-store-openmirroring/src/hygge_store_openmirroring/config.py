"""The keys of a store of type ``open_mirroring``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from attrs import field, fields, frozen
from attrs.validators import ge

from hygge_core.config import ByteSize  # noqa: TC001 - cattrs resolves the annotations at run time
from hygge_store_adls.endpoint import check_endpoint
from hygge_store_adls.settings import AccountSettings
from hygge_store_openmirroring.row_markers import DELETE, INSERT, UPDATE, UPSERT


if TYPE_CHECKING:
    from attrs import Attribute


Compression = Literal["snappy", "zstd", "gzip", "uncompressed"]
"""The codecs that the landing-zone format lists."""

Replace = Literal["rebuild", "diff"]
"""Whether a replaced table is dropped and published anew, or changed to what it should be."""

RowMarker = Literal["upsert", "insert", "update", "delete", 0, 1, 2, 4]
"""What becomes of changed rows, by word or by the number that the service knows."""

FileDetection = Literal["sequential", "timestamp"]
"""Whether the service takes files by number, or by the time that they came."""

_NUMBER_OF = {"insert": INSERT, "update": UPDATE, "upsert": UPSERT}
_FILE = "file:"
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def _guid(_: object, attribute: Attribute[Any], value: str | None) -> None:
    if value is not None and not _GUID.fullmatch(value):
        message = (
            f"{attribute.name} must be an id, not {value!r}: OneLake takes no names for mirrored databases that all "
            "agree on; the address of the item in a browser shows it"
        )
        raise ValueError(message)


def _local(_: object, attribute: Attribute[Any], value: str | None) -> None:
    if value is None:
        return
    if not value.startswith(_FILE) or not value.removeprefix(_FILE).strip("/"):
        message = f"{attribute.name} must be a folder of this machine, like 'file:mirror/LandingZone', not {value!r}"
        raise ValueError(message)


def _not_delete(_: object, attribute: Attribute[Any], value: str | int) -> None:
    if value in {"delete", DELETE}:
        message = (
            f"{attribute.name} cannot be {value!r}, which would delete every row that comes; deletes have settings of "
            "their own, or row_marker_column for rows that say themselves what becomes of them"
        )
        raise ValueError(message)


def _one_folder(_: object, attribute: Attribute[Any], value: str) -> None:
    if not value or re.search(r"[/\\]|^[._]", value):
        message = f"{attribute.name} must be one name that begins with neither '_' nor '.', not {value!r}"
        raise ValueError(message)


def _different(_: object, attribute: Attribute[Any], value: tuple[str, ...]) -> None:
    if len({name.lower() for name in value}) < len(value):
        message = f"{attribute.name} names a column twice: {', '.join(value)}"
        raise ValueError(message)


_OF_FABRIC = frozenset(
    {"connection", "workspace", "mirror", "fabric", *(each.name for each in fields(AccountSettings))}
)


def _text(text: str) -> dict[str, str]:
    return {"doc": text}


@frozen(kw_only=True)
class JournalTable:
    """Where the project's journal is mirrored to, as a table like any other."""

    schema: str = field(default="hygge", validator=_one_folder, metadata=_text("The schema of the journal's table."))
    table: str = field(default="journal", validator=_one_folder, metadata=_text("The name of the journal's table."))

    @property
    def path(self) -> str:
        """The folder of the journal within the landing zone."""
        return f"{self.schema}.schema/{self.table}"


@frozen(kw_only=True)
class OpenMirroringConfig(AccountSettings):
    """Into which landing zone the tables of a flow are published, and by which keys.

    The zone is that of a mirrored database, by ``workspace`` and ``mirror`` or by a ``connection`` and
    ``mirror``, or a folder on this machine.
    """

    connection: str | None = field(
        default=None,
        metadata=_text(
            "A connection of type `onelake`, which knows the workspace and how to sign in; then those keys stay there."
        ),
    )
    workspace: str | None = field(
        default=None, validator=_guid, metadata=_text("The id of its workspace, unless a `connection` knows it.")
    )
    mirror: str | None = field(default=None, validator=_guid, metadata=_text("The id of the mirrored database."))
    landing_zone: str | None = field(
        default=None,
        validator=_local,
        metadata=_text(
            "A folder on this machine, as `file:mirror/LandingZone`, from the project's folder; then "
            "none of the keys of an account."
        ),
    )
    schema: str = field(
        default="dbo",
        validator=_one_folder,
        metadata=_text("The schema of the tables: the folder `dbo.schema` in the landing zone."),
    )
    table: str = field(
        default="{entity}",
        validator=_one_folder,
        metadata=_text("The name of a table; `{entity}` and `{flow}` are filled in."),
    )
    key_columns: tuple[str, ...] = field(
        default=(),
        validator=_different,
        metadata=_text(
            "What tells rows apart, as the polish names it; without it, the key of the `watermark`, "
            "and without that a table can only be replaced."
        ),
    )
    row_marker: RowMarker = field(
        default="upsert",
        validator=_not_delete,
        metadata=_text(
            "What incremental rows are to Fabric; with `insert` a key that the table has would be "
            "there twice, so keys are remembered and such a row is upserted. `delete` is refused."
        ),
    )
    row_marker_column: str | None = field(
        default=None,
        metadata=_text(
            "A column of the source whose 0, 1, 2 and 4 say of each row what becomes of it, in its "
            "order; instead of `row_marker`."
        ),
    )
    file_detection: FileDetection = field(
        default="sequential",
        metadata=_text(
            "Whether Fabric takes files by their number or by their time; by number a commit is seen whole."
        ),
    )
    replace: Replace = field(
        default="rebuild",
        metadata=_text("How a `full_drop` replaces a table: drop it and publish all anew, or publish what differs."),
    )
    remember_keys: bool = field(
        default=False, metadata=_text('Keep the keys of every table beside it, which `deletes = "key_diff"` needs.')
    )
    fabric: str | None = field(
        default=None,
        validator=check_endpoint,
        metadata=_text(
            "The address of Fabric's REST interface, which tells which tables there are, where it is "
            "not the public cloud's."
        ),
    )
    tables: str | None = field(
        default=None,
        metadata=_text(
            "Beside a `landing_zone` here: the folder that a replicator keeps its tables in, such as "
            "that of `simulate --into`."
        ),
    )
    drop_wait: float = field(
        default=120.0,
        validator=ge(0),
        metadata=_text(
            "Seconds between dropping a table and publishing it anew, where nobody can tell whether it is gone."
        ),
    )
    return_wait: float = field(
        default=300.0,
        validator=ge(0),
        metadata=_text("Seconds to look, after a rebuild, for the table to come back; then there is a warning."),
    )
    compression: Compression = field(
        default="snappy", metadata=_text("The codec of the Parquet files: all that Fabric takes.")
    )
    file_size: ByteSize = field(default=256 << 20, validator=ge(1 << 10), metadata=_text("How large a file should be."))
    journal: JournalTable | None = field(
        default=None, metadata=_text("Mirror the project's journal too, into this table, once after each run.")
    )
    partner_name: str = field(
        default="hygge", metadata=_text("Who publishes, as `_partnerEvents.json` says for Microsoft's telemetry.")
    )
    source_type: str = field(default="hygge", metadata=_text("What the tables come from, for the same."))
    source_version: str = field(default="", metadata=_text("Its version, for the same."))

    def __attrs_post_init__(self) -> None:
        self._demand_one_marker()
        if self.landing_zone is not None:
            if surplus := sorted(self.given & _OF_FABRIC):
                message = f"landing_zone and {', '.join(surplus)} do not go together: a folder here needs no account"
                raise ValueError(message)
            return
        if self.mirror is None:
            raise ValueError("mirror is missing: give the mirrored database's id, or a folder here as landing_zone")
        if (self.workspace is None) == (self.connection is None):
            raise ValueError("give either the workspace's id, or a connection that knows it")
        if self.credential == "account_key":
            raise ValueError('OneLake has no account keys; use credential = "default" or another that gives tokens')

    def _demand_one_marker(self) -> None:
        if self.row_marker_column is None:
            return
        if "row_marker" in self.given:
            raise ValueError("row_marker and row_marker_column do not go together: rows have one marker")
        if self.remembers:
            message = (
                'row_marker_column goes with neither remember_keys nor replace = "diff": what such rows leave of a '
                "table only the service knows"
            )
            raise ValueError(message)
        if self.file_detection == "timestamp":
            raise ValueError('row_marker_column needs file_detection = "sequential", since such rows have an order')

    @property
    def marker(self) -> int | str:
        """The row marker of incremental rows, or the name of the column that has it."""
        if self.row_marker_column is not None:
            return self.row_marker_column
        return _NUMBER_OF[self.row_marker] if isinstance(self.row_marker, str) else self.row_marker

    @property
    def remembers(self) -> bool:
        """Whether the keys and hashes of published rows are kept."""
        return self.remember_keys or self.replace == "diff" or self.marker == INSERT

    @property
    def path(self) -> str:
        """The folder of a table within the landing zone, with the places of names still open."""
        return f"{self.schema}.schema/{self.table}"
