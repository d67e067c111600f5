"""Fabric's REST interface on loopback, as far as it is documented for mirrored databases."""

from __future__ import annotations

import json
import threading
import uuid
from base64 import b64decode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


TOKEN = "hush-a-token-for-fabric"
PAGE = 2


class Token:
    """What a credential of azure-identity answers."""

    token = TOKEN
    expires_on = 2**31


class Credential:
    """Signs in whoever asks, and remembers the scopes that were asked for."""

    def __init__(self):
        self.scopes = set()

    def get_token(self, *scopes):
        self.scopes.update(scopes)
        return Token()


class Rest:
    """One workspace.  ``faults`` are answers that are given, one each, before any other; a token of None is any."""

    def __init__(self, workspace, *, token=TOKEN):
        self.workspace = workspace
        self.token = token
        self.databases = {}
        self.tables = []
        self.faults = []
        self.seen = []
        self.slow_creation = False
        self.by_address = False
        self.begins = "Initializing"

    def __enter__(self):
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answers", (_Answers,), {"rest": self}))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def database(self, name="m", *, status="Initialized", known=None, definition=True):
        known = known or str(uuid.uuid4())
        self.databases[known] = {"name": name, "status": status, "definition": definition}
        return known

    def answer(self, method, path, query, body, token):
        """Return status, headers and body."""
        self.seen.append((method, path, query, body))
        if self.token is not None and token != f"Bearer {self.token}":
            return 401, {}, _error("TokenExpired", "the token is not one of ours")
        return self.faults.pop(0) if self.faults else self._done(method, path, query, body)

    def _done(self, method, path, query, body):
        match path.strip("/").split("/"):
            case ["v1", "workspaces", self.workspace, "mirroredDatabases"] if method == "POST":
                return self._create(body)
            case ["v1", "workspaces", self.workspace, "mirroredDatabases", known, action] if known in self.databases:
                return getattr(self, f"_{action}")(self.databases[known], query)
            case ["v1", "operations", operation]:
                return self._operation()
            case ["v1", "operations", operation, "result"]:
                return 200, {}, {"id": operation, "type": "MirroredDatabase"}
        return 404, {}, _error("ItemNotFound", "there is no such item")

    def _create(self, body):
        (part,) = body["definition"]["parts"]
        said = json.loads(b64decode(part["payload"]))
        if part["path"] != "mirroring.json" or said["properties"]["source"]["type"] != "GenericMirror":
            return 400, {}, _error("InvalidDefinitionParts", "that is no mirroring.json")
        if body["displayName"] in {each["name"] for each in self.databases.values()}:
            return 409, {}, _error("ItemDisplayNameAlreadyInUse", "the name is taken")
        known = self.database(body["displayName"], status=self.begins)
        self.databases[known]["target"] = said["properties"]["target"]["typeProperties"]
        if self.slow_creation:
            return 202, {"x-ms-operation-id": known, "Retry-After": "1"}, None
        return 201, {}, {"id": known, "displayName": body["displayName"]}

    def _operation(self):
        if self.slow_creation == "fails":
            return 200, {}, {"status": "Failed", "error": _error("Capacity", "the capacity is paused")}
        if self.slow_creation is True:
            self.slow_creation = "soon"
            return 200, {"Retry-After": "1"}, {"status": "Running"}
        return 200, {}, {"status": "Succeeded"}

    def _getMirroringStatus(self, database, _):  # noqa: N802 - the service's name for it
        said = {"status": database["status"]}
        following = {"Starting": "Running", "Initializing": "Initialized"}
        database["status"] = following.get(database["status"], database["status"])
        return 200, {}, said

    def _startMirroring(self, database, _):  # noqa: N802 - the same
        if not database["definition"]:
            return 400, {}, _error("MirroringDefinitionMissing", "there is no mirroring.json")
        if database["status"] == "Initializing":
            return 400, {}, _error("MirroredDatabaseNotReady", "it is being made")
        database["status"] = "Starting"
        return 200, {}, None

    def _getTablesMirroringStatus(self, _, query):  # noqa: N802 - the same
        first = int(query.get("continuationToken", "0"))
        said = {"data": self.tables[first : first + PAGE], "continuationToken": None, "continuationUri": None}
        if first + PAGE < len(self.tables):
            token = str(first + PAGE)
            said |= {"continuationUri": f"https://elsewhere.example/v1/x?continuationToken={token}"}
            said |= {} if self.by_address else {"continuationToken": token}
        return 200, {}, said


def table(name="Order", schema="dbo", status="Replicating", rows=6, **more):
    """One table as ``getTablesMirroringStatus`` tells of it."""
    metrics = {"processedBytes": 1247, "processedRows": rows, "lastSyncDateTime": "2026-10-08T05:07:11.0663362Z"}
    return {"sourceSchemaName": schema, "sourceTableName": name, "status": status, "metrics": metrics, **more}


def _error(code, message):
    return {"errorCode": code, "message": message, "requestId": "1"}


class _Answers(BaseHTTPRequestHandler):
    rest: Rest

    def do_GET(self):
        self._serve("GET")

    def do_POST(self):
        self._serve("POST")

    def _serve(self, method):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        said = json.loads(body) if body else None
        status, headers, answer = self.rest.answer(method, parts.path, query, said, self.headers.get("Authorization"))
        data = answer if isinstance(answer, bytes) else b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        """Say nothing."""
