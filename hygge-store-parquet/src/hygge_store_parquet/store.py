"""Tables as Parquet on a local disk: a file store over the local lake, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hygge_core.lakes.local import LocalLake
from hygge_core.staging.layout import FileLayout, FolderLayout, RunsLayout
from hygge_core.staging.options import FileOptions
from hygge_core.staging.store import FileStore


if TYPE_CHECKING:
    from hygge_core.staging.layout import Layout
    from hygge_store_parquet.config import ParquetStoreConfig


LAYOUTS: dict[str, Layout] = {"folder": FolderLayout(), "file": FileLayout(), "runs": RunsLayout()}
"""How the tables of each layout lie, by the name that a flow gives it."""


def open_parquet_store(config: ParquetStoreConfig, project: Path) -> FileStore:
    """Open the store; a relative path starts from the project's folder."""
    root, table = _split(project / Path(config.path).expanduser())
    return FileStore(
        LocalLake(root),
        path=table,
        layout=LAYOUTS[config.layout],
        options=FileOptions(
            compression=config.compression,
            compression_level=config.compression_level,
            file_size=config.file_size,
            row_group_rows=config.row_group_rows,
            verify=config.verify,
        ),
        adopt=config.adopt,
    )


def _split(path: Path) -> tuple[Path, str]:
    """Cut the path into the lake's root, which is the same for all tables, and the table's place in it."""
    parts = path.parts
    fixed = next((index for index, part in enumerate(parts) if "{" in part), len(parts) - 1)
    fixed = min(fixed, len(parts) - 1)
    return Path(*parts[:fixed]), "/".join(parts[fixed:])
