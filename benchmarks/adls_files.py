"""The files that are uploaded, and the client that uploads and counts them, each step in a process of its own.

    python adls_files.py make FOLDER GIB
    python adls_files.py upload FOLDER ADDRESS
    python adls_files.py count ADDRESS

Programs of their own, so that what they import does not show as memory of the programs that are
measured: a process begins with the peak of the one that started it.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path


PART_ROWS, COLUMNS = 8 << 20, 8
"""512 MiB of numbers that do not compress, in each file."""

BLOCK = 8 << 20
AT_ONCE = 8


def make(folder: str, gib: str) -> None:
    """Write one file, and give it as many names as make the size."""
    import polars as pl

    first = Path(folder, "000.parquet")
    row = pl.int_range(PART_ROWS)
    frame = pl.select(*(row.hash(seed).reinterpret(signed=True).alias(f"n{seed}") for seed in range(COLUMNS)))
    frame.write_parquet(first, compression="uncompressed", row_group_size=1 << 20)
    for number in range(1, int(gib) * 2):
        first.with_stem(f"{number:03}").hardlink_to(first)


def upload(folder: str, address: str) -> None:
    """Upload one file after the other by the Azure client alone, each in parallel, and print ``{"work": seconds}``."""
    from azure.core.credentials import AzureNamedKeyCredential
    from azure.storage.filedatalake import FileSystemClient

    began, at = time.perf_counter(), json.loads(address)
    credential = AzureNamedKeyCredential(at["account"], at["key"])
    with FileSystemClient(at["url"], at["container"], credential=credential) as client:
        for file in sorted(Path(folder).iterdir()):
            with file.open("rb") as stream:
                client.get_file_client(f"raw/numbers/{file.name}").upload_data(
                    stream, file.stat().st_size, overwrite=True, max_concurrency=AT_ONCE, chunk_size=BLOCK
                )
    print(json.dumps({"work": time.perf_counter() - began}))


def count(address: str) -> None:
    """Count the rows that readers see, by Polars and the footers."""
    import polars as pl

    at = json.loads(address)
    reached = {
        "account_name": at["account"],
        "account_key": at["key"],
        "endpoint": at["url"],
        "allow_http": "true",
    }
    files = f"abfss://{at['container']}@{at['account']}.dfs.core.windows.net/raw/numbers/*.parquet"
    found = pl.scan_parquet(files, storage_options=reached, credential_provider=None)
    print(found.select(pl.len()).collect().item())


if __name__ == "__main__":
    {"make": make, "upload": upload, "count": count}[sys.argv[1]](*sys.argv[2:])
