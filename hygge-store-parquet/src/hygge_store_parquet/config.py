"""The keys of a store of type ``parquet``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from attrs import field, frozen, validators

from hygge_core.config import ByteSize  # noqa: TC001 - cattrs resolves the annotations at run time


if TYPE_CHECKING:
    from attrs import Attribute


Layout = Literal["folder", "file", "runs"]
Compression = Literal["snappy", "zstd", "gzip", "lz4", "brotli", "uncompressed"]
Verify = Literal["values", "pages"]


def _table_path(_: object, attribute: Attribute[str], value: Any) -> None:
    if not value.strip() or value.rstrip("/\\").endswith((":", "..")) or value in {".", "/"}:
        message = f"{attribute.name} must name a table's folder or file, like 'lake/{{entity}}', not {value!r}"
        raise ValueError(message)


@frozen(kw_only=True)
class ParquetStoreConfig:
    """Where the tables of a flow settle on this machine, and how their files are written."""

    path: str = field(validator=_table_path, metadata={"doc": "Folder (or file) of a table, with {entity} and {flow}"})
    layout: Layout = field(default="folder", metadata={"doc": "One folder of files, one file, or a folder per run"})
    compression: Compression = field(default="snappy", metadata={"doc": "Codec of the Parquet files"})
    compression_level: int | None = field(default=None, metadata={"doc": "Level of the codec, in its own scale"})
    file_size: ByteSize = field(
        default=128 << 20,
        validator=validators.ge(1 << 10),
        metadata={"doc": "Bytes of Parquet that a file should be near before the next begins"},
    )
    row_group_rows: int | None = field(
        default=None, validator=validators.optional(validators.ge(1)), metadata={"doc": "Rows of a row group"}
    )
    verify: Verify = field(
        default="values",
        metadata={"doc": "How deep files are verified whose bytes pass through: each value, or each page"},
    )
    adopt: bool = field(
        default=False, metadata={"doc": "Allow replacing files in the table's folder that hygge did not write"}
    )
