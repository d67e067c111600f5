"""How the files of a table are written."""

from __future__ import annotations

from typing import Literal

from attrs import frozen


Compression = Literal["snappy", "zstd", "gzip", "lz4", "brotli", "uncompressed"]

Verify = Literal["values", "pages"]
"""How deep a file is verified whose bytes pass through: ``pages`` looks at the header, the place and the checksum of
each page, ``values`` decodes each value besides."""


@frozen(kw_only=True)
class FileOptions:
    """Settings of the Parquet files of a table.

    ``file_size`` is the size in bytes that a file should be near before the next begins.
    ``compression_level`` is in the codec's own scale, None for its usual one, and
    ``row_group_rows`` None for Polars' choice.
    """

    compression: Compression = "snappy"
    compression_level: int | None = None
    file_size: int = 128 << 20
    row_group_rows: int | None = None
    verify: Verify = "values"
