"""A sign-in service on loopback, for the real azure-identity: Entra over TLS, managed identities over http.

What it gives as tokens is up to the test: those of a `DfsServer` let their bearer in there.
"""

from __future__ import annotations

import json
import ssl
import threading
import time
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qs, urlsplit

from hygge_store_adls.testing.certificates import make_certificates
from hygge_store_adls.testing.tokens import TENANT


__all__ = ["APP", "HEADER", "SECRET", "TENANT", "SignIn"]

APP = "11111111-2222-3333-4444-555555555555"
SECRET = "hush-this-is-the-client-secret"
HEADER = "hush-this-is-the-identity-header"


class SignIn:
    """Answers whoever asks for a token with what ``issue`` returns, and remembers what was asked.

    ``refusal`` is an error and its description, told to everybody while it is set.
    """

    def __init__(self, issue=lambda: "hush-a-token", *, lifetime=3600, trust=()):
        self.issue, self.lifetime, self.refusal = issue, lifetime, None
        self.asked = []
        self._trust = trust
        self._cleanup = ExitStack()

    def __enter__(self):
        folder = Path(self._cleanup.enter_context(TemporaryDirectory(prefix="hygge-sign-in-")))
        made = make_certificates(folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(made.certificate, made.private_key)
        self.ca_file = str(folder / "trusted.pem")
        authorities = [made.ca_file, *map(Path, self._trust)]
        Path(self.ca_file).write_text("".join(file.read_text("utf-8") for file in authorities), "utf-8")
        self.authority = f"127.0.0.1:{self._serve(context)}"
        self.identities = f"http://127.0.0.1:{self._serve(None)}"
        return self

    def __exit__(self, *_):
        self._cleanup.close()

    def _serve(self, context):
        server = _Server(("127.0.0.1", 0), type("Answers", (_Answers,), {"sign_in": self}))
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        self._cleanup.callback(server.server_close)
        self._cleanup.callback(thread.join)
        self._cleanup.callback(server.shutdown)
        return server.server_port

    def tokens(self, fields):
        """Answer a request for a token: its status and body."""
        self.asked.append(fields)
        if self.refusal is not None:
            error, description = self.refusal
            return 401, {"error": error, "error_description": description}
        known = fields.get("client_secret") in {None, SECRET} and fields.get("client_id") in {None, APP}
        if not known:
            said = "AADSTS7000215: Invalid client secret provided. Trace ID: 1\nTimestamp: now"
            return 401, {"error": "invalid_client", "error_description": said}
        return 200, {"token_type": "Bearer", "expires_in": self.lifetime, "access_token": self.issue()}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Say nothing of clients that hang up in the middle of TLS: some tests are about that."""


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    sign_in: SignIn

    def do_GET(self):
        parts = urlsplit(self.path)
        if parts.path.endswith("/.well-known/openid-configuration"):
            tenant, own = parts.path.split("/")[1], f"https://{self.sign_in.authority}"
            self._answer(
                200,
                {
                    "issuer": f"{own}/{tenant}/v2.0",
                    "authorization_endpoint": f"{own}/{tenant}/oauth2/v2.0/authorize",
                    "token_endpoint": f"{own}/{tenant}/oauth2/v2.0/token",
                },
            )
        else:
            self._identity({name: values[0] for name, values in parse_qs(parts.query).items()})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self._answer(*self.sign_in.tokens({name: values[0] for name, values in parse_qs(body).items()}))

    def _identity(self, fields):
        """Answer as the identity endpoint of an app or a machine does."""
        if self.headers.get("X-IDENTITY-HEADER", HEADER) != HEADER:
            self._answer(400, {"statusCode": 400, "message": "the header is wrong"})
            return
        status, said = self.sign_in.tokens(fields)
        if status == 200:
            lasting = {
                "expires_in": str(self.sign_in.lifetime),
                "expires_on": str(int(time.time()) + self.sign_in.lifetime),
            }
            said = {**said, **lasting, "resource": fields.get("resource", "")}
        self._answer(400 if status == 401 else status, said)

    def _answer(self, status, said):
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Keep quiet."""
