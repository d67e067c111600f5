"""The keys of a store of type ``open_mirroring``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from attrs import field, frozen
from attrs.validators import ge

from hygge_core.config import ByteSize  # noqa: TC001 - cattrs resolves the annotations at run time


if TYPE_CHECKING:
    from attrs import Attribute


Compression = Literal["snappy", "zstd", "gzip", "uncompressed"]
"""The codecs that the landing-zone format lists."""

_FILE = "file:"


def _local(_: object, attribute: Attribute[Any], value: str) -> None:
    if not value.startswith(_FILE) or not value.removeprefix(_FILE).strip("/"):
        message = f"{attribute.name} must be a folder of this machine, like 'file:mirror/LandingZone', not {value!r}"
        raise ValueError(message)


def _one_folder(_: object, attribute: Attribute[Any], value: str) -> None:
    if not value or re.search(r"[/\\]|^[._]", value):
        message = f"{attribute.name} must be one name that begins with neither '_' nor '.', not {value!r}"
        raise ValueError(message)


def _different(_: object, attribute: Attribute[Any], value: tuple[str, ...]) -> None:
    if len({name.lower() for name in value}) < len(value):
        message = f"{attribute.name} names a column twice: {', '.join(value)}"
        raise ValueError(message)


@frozen(kw_only=True)
class OpenMirroringConfig:
    """Into which landing zone the tables of a flow are published, and by which keys."""

    landing_zone: str = field(
        validator=_local, metadata={"description": "The folder LandingZone on this machine, as file:PATH"}
    )
    schema: str = field(
        default="dbo",
        validator=_one_folder,
        metadata={"description": "The schema of the tables in the mirrored database"},
    )
    table: str = field(
        default="{entity}",
        validator=_one_folder,
        metadata={"description": "The name of a table, with {entity} and {flow}"},
    )
    key_columns: tuple[str, ...] = field(
        default=(),
        validator=_different,
        metadata={"description": "Columns that tell rows apart, named as the polish names them"},
    )
    tables: str | None = field(
        default=None, metadata={"description": "The folder Tables of the mirrored database, if it can be looked into"}
    )
    drop_wait: float = field(
        default=120.0,
        validator=ge(0),
        metadata={"description": "Seconds between dropping a table and publishing it anew where nobody can tell"},
    )
    compression: Compression = field(default="snappy", metadata={"description": "Codec of the Parquet files"})
    file_size: ByteSize = field(
        default=256 << 20, validator=ge(1 << 10), metadata={"description": "Bytes that a file should be near"}
    )
    partner_name: str = field(
        default="hygge", metadata={"description": "Who publishes, as Fabric's telemetry shows it"}
    )
    source_type: str = field(default="hygge", metadata={"description": "What the tables come from, for the same"})
    source_version: str = field(default="", metadata={"description": "Its version, for the same"})

    @property
    def path(self) -> str:
        """The folder of a table within the landing zone, with the places of names still open."""
        return f"{self.schema}.schema/{self.table}"
