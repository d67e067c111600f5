"""How the files of a table are written: the keys that both stores share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import field, frozen
from attrs.validators import ge, optional

from hygge_core.config import ByteSize  # noqa: TC001 - cattrs resolves the annotations at run time
from hygge_core.staging.options import (
    Compression,  # noqa: TC001 - the same
    FileOptions,
    Verify,  # noqa: TC001 - the same
)
from hygge_store_adls.settings import described


if TYPE_CHECKING:
    from hygge_core.staging.layout import Layout


LayoutName = Literal["folder", "file", "runs"]


@frozen(kw_only=True, slots=False)  # a second base with slots could not be laid beside the account's settings
class FileSettings:
    """How the files of a table are written."""

    layout: LayoutName = field(
        default="folder",
        metadata=described(
            "`folder`: one folder of files; `file`: one file; `runs`: a folder for each run, so that "
            "adding several files is one step."
        ),
    )
    compression: Compression = field(default="snappy", metadata=described("The codec of the Parquet files."))
    compression_level: int | None = field(default=None, metadata=described("The level of the codec, in its own scale."))
    file_size: ByteSize = field(
        default=128 << 20,
        validator=ge(1 << 10),
        metadata=described("How large a file should be, in Parquet's bytes, before the next begins."),
    )
    row_group_rows: int | None = field(
        default=None,
        validator=optional(ge(1)),
        metadata=described("How many rows a row group has; without it, Polars' own choice."),
    )
    verify: Verify = field(
        default="values",
        metadata=described(
            "How deep files are looked at whose bytes pass through as they are: `values` decodes each "
            "value, `pages` goes from page to page and checks their sizes, counts and checksums, in a "
            "tenth of the time."
        ),
    )
    adopt: bool = field(
        default=False, metadata=described("Allow replacing files in the table's folder that hygge did not write.")
    )

    @property
    def options(self) -> FileOptions:
        """The settings of the Parquet files."""
        return FileOptions(
            compression=self.compression,
            compression_level=self.compression_level,
            file_size=self.file_size,
            row_group_rows=self.row_group_rows,
            verify=self.verify,
        )

    @property
    def shape(self) -> Layout:
        """How a table lies in files."""
        from hygge_core.staging.layout import FileLayout, FolderLayout, RunsLayout

        layouts: dict[LayoutName, Layout] = {"folder": FolderLayout(), "file": FileLayout(), "runs": RunsLayout()}
        return layouts[self.layout]
