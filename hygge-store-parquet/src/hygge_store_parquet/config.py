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

    path: str = field(
        validator=_table_path,
        metadata={
            "doc": (
                "The folder (with `layout` at `file` the file) of a table, from the project's folder; `{entity}` and "
                "`{flow}` are filled in."
            )
        },
    )
    layout: Layout = field(
        default="folder",
        metadata={
            "doc": (
                "`folder`: one folder of files; `file`: one file; `runs`: a folder for each run, so that "
                "adding several files is one step."
            )
        },
    )
    compression: Compression = field(default="snappy", metadata={"doc": "The codec of the Parquet files."})
    compression_level: int | None = field(default=None, metadata={"doc": "The level of the codec, in its own scale."})
    file_size: ByteSize = field(
        default=128 << 20,
        validator=validators.ge(1 << 10),
        metadata={"doc": "How large a file should be, in Parquet's bytes, before the next begins."},
    )
    row_group_rows: int | None = field(
        default=None,
        validator=validators.optional(validators.ge(1)),
        metadata={"doc": "How many rows a row group has; without it, Polars' own choice."},
    )
    verify: Verify = field(
        default="values",
        metadata={
            "doc": (
                "How deep files are looked at whose bytes pass through as they are: `values` decodes each "
                "value, `pages` goes from page to page and checks their sizes, counts and checksums, in a "
                "tenth of the time."
            )
        },
    )
    adopt: bool = field(
        default=False, metadata={"doc": "Allow replacing files in the table's folder that hygge did not write."}
    )
