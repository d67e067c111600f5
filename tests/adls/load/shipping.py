"""A project that ships CSV files into the lake of a test server, as people run it: by `hygge go`."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import polars as pl
from azure.core.credentials import AzureNamedKeyCredential
from azure.storage.blob import ContainerClient


if TYPE_CHECKING:
    from pathlib import Path

    from hygge_store_adls.testing import DfsServer


CONFIG = """\
name = "shipping"

[options]
concurrency = CONCURRENCY

[connections.lake]
type = "adls"
endpoint = "URL"
account = "ACCOUNT"
container = "CONTAINER"
credential = "account_key"
account_key = "${LAKE_KEY}"

[flows.ship]
home = { type = "csv", path = "in/{entity}.csv" }
store = { type = "adls", connection = "lake", path = "raw/{entity}" }
entities = ENTITIES
"""


def build(folder: Path, server: DfsServer, entities: int, *, rows: int = 100, concurrency: int = 8) -> list[str]:
    """Write the project and its files; returns the names of the entities."""
    names = [f"table_{number:03}" for number in range(entities)]
    (folder / "in").mkdir()
    for number, name in enumerate(names):
        frame = pl.DataFrame({"id": range(rows), "table": [number] * rows})
        frame.write_csv(folder / "in" / f"{name}.csv")
    config = CONFIG.replace("CONCURRENCY", str(concurrency)).replace("ENTITIES", json.dumps(names))
    config = config.replace("URL", server.url).replace("ACCOUNT", server.account).replace("CONTAINER", server.container)
    (folder / "hygge.toml").write_text(config, encoding="utf-8")
    return names


def go(folder: Path, server: DfsServer, *, code: int = 0, timeout: int = 600) -> tuple[dict, str]:
    """Run `hygge go`; returns its report and all that it said."""
    done = subprocess.run(
        [sys.executable, "-m", "hygge_core", "go"],
        cwd=folder,
        env={**os.environ, "LAKE_KEY": server.key, "PYTHONUTF8": "1", "NO_COLOR": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    said = done.stdout + done.stderr
    assert done.returncode == code, said
    (newest,) = sorted((folder / "runs").glob("*.json"))[-1:]
    return json.loads(newest.read_text("utf-8")), said


def read(server: DfsServer, table: str) -> pl.DataFrame:
    """Read a table by the SDK, without any code of the store."""
    credential = AzureNamedKeyCredential(server.account, server.key)
    with ContainerClient(server.url, server.container, credential=credential) as client:
        names = [name for name in client.list_blob_names(name_starts_with=f"raw/{table}/") if name.endswith("parquet")]
        return pl.concat([pl.read_parquet(io.BytesIO(client.download_blob(name).readall())) for name in sorted(names)])
