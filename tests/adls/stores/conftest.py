"""Projects whose tables settle on a test server, moved by the command line in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from adls.sign_in import APP, SECRET, TENANT, SignIn
from hygge_core.config import load_project
from hygge_core.engine import Stop, run
from hygge_core.plugins import Plugins
from hygge_store_adls.testing import DfsServer


PLUGINS = Plugins.load()


@pytest.fixture
def hygge(tmp_path):
    """Run a command of hygge in the project's folder; secrets come from the environment."""

    def run(*words, **environ):
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        shell = {**os.environ, "PATH": path, "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8", **environ}
        return subprocess.run(
            ["hygge", *words], cwd=tmp_path, env=shell, capture_output=True, encoding="utf-8", check=False, timeout=120
        )

    return run


@pytest.fixture
def write(tmp_path):
    """Write a table that a home of CSV files will find."""

    def written(name="teas", **columns):
        (tmp_path / "in").mkdir(exist_ok=True)
        pl.DataFrame(columns).write_csv(tmp_path / "in" / f"{name}.csv")

    return written


@pytest.fixture
def project(tmp_path):
    """Write a hygge.toml."""

    def written(text):
        (tmp_path / "hygge.toml").write_text(text, "utf-8")

    return written


@pytest.fixture
def move(tmp_path):
    """Run the project in this process; returns how each table fared."""

    def moved(**environ):
        project = load_project(tmp_path / "hygge.toml", plugins=PLUGINS, environ=environ)
        report = run(project, PLUGINS, project.entities, emit=lambda _: None, stop=Stop())
        return {table.entity: table for table in report.tables}

    return moved


@pytest.fixture
def server():
    with DfsServer() as server:
        yield server


@pytest.fixture
def onelake():
    """OneLake over TLS, and a sign-in service whose tokens it takes."""
    with DfsServer(onelake=True, tls=True, container="Tea") as server:
        server.add_item("Leaves.Lakehouse")
        with SignIn(server.issue_token, trust=[server.ca_file]) as sign_in:
            server.sign_in = sign_in
            yield server


def account(server, **more):
    """The keys that name a server's account and sign in with its key."""
    keys = {
        "account": server.account,
        "endpoint": server.url,
        "container": server.container,
        "credential": "account_key",
        "account_key": "${LAKE_KEY}",
        **more,
    }
    return ", ".join(f'{key} = "{value}"' for key, value in keys.items())


def lakehouse(server, **more):
    """The keys that name a server's lakehouse and sign in as a service principal."""
    keys = {
        "workspace": server.container,
        "lakehouse": "Leaves",
        "endpoint": server.url,
        "credential": "service_principal",
        "tenant_id": TENANT,
        "client_id": APP,
        "client_secret": "${APP_SECRET}",
        "authority": server.sign_in.authority,
        "ca_file": server.sign_in.ca_file,
        **more,
    }
    return ", ".join(f"{key} = {value!r}" for key, value in keys.items())


SECRETS = {"APP_SECRET": SECRET}
