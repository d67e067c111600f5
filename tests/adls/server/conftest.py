"""The account that the checks run against: the test server, and a real one where the environment names it.

``HYGGE_TEST_ADLS_URL`` (https://account.dfs.core.windows.net) and ``HYGGE_TEST_ADLS_KEY`` (or whatever azure-identity's
default credential finds) add a real account with hierarchical namespace; each check makes a container and deletes it.
``HYGGE_TEST_AZURITE`` names a folder where azurite is installed, which otherwise a slow test does in a temporary one.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from azure.core.exceptions import HttpResponseError
from azure.storage.filedatalake import DataLakeServiceClient

from hygge_store_adls.testing import DfsServer


REAL = os.environ.get("HYGGE_TEST_ADLS_URL")
PATIENCE = {"connection_timeout": 10, "read_timeout": 30}
AZURITE = "3.37.0"
AZURITE_ACCOUNT = "devstoreaccount1"
AZURITE_KEY = (
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="  # Microsoft's, public
)
STARTED = re.compile(r"listens? (?:on|at) http://127\.0\.0\.1:(\d+)")


def service(server, credential=None, **options):
    """The SDK's client for a test server, which never repeats a request by itself."""
    trust = {"connection_verify": server.ca_file} if server.ca_file else {}
    chosen = {"retry_total": 0, **PATIENCE, **trust, **options}
    return DataLakeServiceClient(server.url, credential=credential or server.key, **chosen)


@contextmanager
def real_service():
    from azure.identity import DefaultAzureCredential

    credential = os.environ.get("HYGGE_TEST_ADLS_KEY") or DefaultAzureCredential()
    with DataLakeServiceClient(REAL, credential=credential, retry_total=0, **PATIENCE) as client:
        yield client


@pytest.fixture
def server():
    with DfsServer() as running:
        yield running


@pytest.fixture(scope="module", params=["test server", "real account"] if REAL else ["test server"])
def account(request):
    """The SDK's client for an account with hierarchical namespace."""
    with ExitStack() as stack:
        if request.param == "test server":
            yield stack.enter_context(service(stack.enter_context(DfsServer())))
        else:
            yield stack.enter_context(real_service())


@pytest.fixture
def lake(account):
    """A container of its own for one check."""
    name = f"hygge-test-{uuid4().hex[:12]}"
    made = account.create_file_system(name)
    yield made
    account.delete_file_system(name)


@pytest.fixture
def refused():
    return expecting


@contextmanager
def expecting(status, code, kind=HttpResponseError, *, azurite=None):
    """Expect the service's refusal: its status, its code (azurite may have another) and the SDK's class for it."""
    with pytest.raises(kind) as caught:
        yield caught
    found = str(getattr(caught.value.error_code, "value", caught.value.error_code))
    assert (caught.value.status_code, code) == (status, code if found == azurite else found)


@pytest.fixture
def client():
    """Make SDK clients for a test server, closed when the test ends."""
    with ExitStack() as stack:
        yield lambda *arguments, **options: stack.enter_context(service(*arguments, **options))


@pytest.fixture(scope="session")
def azurite():
    """URL and key of an azurite, Microsoft's emulator of the blob dialect; skips where it cannot be installed."""
    with tempfile.TemporaryDirectory(prefix="hygge-azurite-") as folder:
        script = installed(Path(os.environ.get("HYGGE_TEST_AZURITE", folder)))
        command = [shutil.which("node"), str(script), "--inMemoryPersistence", "--silent", "--disableTelemetry"]
        with subprocess.Popen(
            [*command, "--blobHost", "127.0.0.1", "--blobPort", "0"], stdout=subprocess.PIPE, text=True, cwd=folder
        ) as process:
            try:
                yield f"http://127.0.0.1:{port(process)}/{AZURITE_ACCOUNT}", AZURITE_KEY
            finally:
                process.terminate()


def installed(folder):
    """Return azurite's script in this folder, installing it there first where it is missing."""
    script = folder / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"
    npm = shutil.which("npm")
    if not script.exists() and npm:
        subprocess.run(
            [npm, "install", f"azurite@{AZURITE}"], cwd=folder, capture_output=True, timeout=300, check=False
        )
    if not script.exists() or not shutil.which("node"):
        pytest.skip("azurite needs node, and npm to install it")
    return script


def port(process):
    for line in process.stdout:
        found = STARTED.search(line)
        if found:
            return int(found[1])
    pytest.fail("azurite ended before it listened")
