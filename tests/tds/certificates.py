"""Certificates made on the fly by a certificate authority of the test's own."""

from __future__ import annotations

import atexit
import datetime as dt
import ipaddress
import shutil
import ssl
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


if TYPE_CHECKING:
    from cryptography.x509 import Certificate

DAY = dt.timedelta(days=1)


@frozen
class Certificates:
    """Files: the authority's certificate, and the server's certificate with its key behind it."""

    ca_file: Path
    server_file: Path
    alone_file: Path

    def context(self, *, strict: bool) -> ssl.SSLContext:
        """Return how the server speaks TLS: 1.2 in packets, as TDS 7 does, or any newer and TDS 8 by ALPN."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server_file)
        if strict:
            context.set_alpn_protocols(["tds/8.0"])
        else:
            context.maximum_version = ssl.TLSVersion.TLSv1_2
        return context


@cache
def issued(kind: str) -> Certificates:
    """Make an authority and a certificate: `good` for localhost, `wrong_name` for another host, or `expired`.

    One of each kind does for a whole process, at whose end the files go.
    """
    folder = Path(tempfile.mkdtemp(prefix="tds-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return _issue(folder, kind)


def _issue(folder: Path, kind: str) -> Certificates:
    names = ["elsewhere.test"] if kind == "wrong_name" else ["localhost"]
    addresses = [] if kind == "wrong_name" else [ipaddress.ip_address("127.0.0.1")]
    authority_key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _certificate("hygge test authority", authority_key, None, authority_key, days=(-30, 30))
    days = (-20, -10) if kind == "expired" else (-1, 30)
    alternatives = [*map(x509.DNSName, names), *map(x509.IPAddress, addresses)]
    server = _certificate(names[0], server_key, authority, authority_key, days=days, alternatives=alternatives)
    ca_file = _write(folder / "ca.pem", authority)
    alone = _write(folder / "certificate.pem", server)
    return Certificates(ca_file, _write(folder / "server.pem", server, server_key), alone)


def _certificate(name, key, issuer, issuer_key, *, days, alternatives=()) -> Certificate:  # noqa: PLR0913 - X.509's own
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + days[0] * DAY)
        .not_valid_after(now + days[1] * DAY)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    if alternatives:
        builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def _write(file: Path, certificate: Certificate, key: ec.EllipticCurvePrivateKey | None = None) -> Path:
    text = certificate.public_bytes(serialization.Encoding.PEM)
    if key is not None:
        pkcs8, none = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        text = key.private_bytes(serialization.Encoding.PEM, pkcs8, none) + text
    file.write_bytes(text)
    return file
