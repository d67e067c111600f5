"""A certificate for loopback and the authority that signed it, made on the fly, so that clients really check TLS."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from attrs import frozen
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


if TYPE_CHECKING:
    from pathlib import Path

HOSTS = ("localhost", "*.localhost")
VALID = timedelta(days=2)


@frozen(kw_only=True)
class Certificates:
    """Where the files are: ``ca_file`` is what clients trust, the other two are the server's."""

    ca_file: Path
    certificate: Path
    private_key: Path


def make_certificates(folder: Path) -> Certificates:
    """Make an authority and a server's certificate for 127.0.0.1, ::1 and localhost, valid for two days."""
    authority_key, server_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority, server = _named("hygge test authority"), _named("hygge test server")
    hosts = [x509.DNSName(host) for host in HOSTS]
    addresses = [x509.IPAddress(ipaddress.ip_address(address)) for address in ("127.0.0.1", "::1")]
    issued = {
        "authority": _builder(authority, authority, authority_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_signs_certificates(), critical=True)
        .sign(authority_key, hashes.SHA256()),
        "server": _builder(server, authority, server_key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([*hosts, *addresses]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256()),
    }
    made = Certificates(
        ca_file=folder / "ca.pem", certificate=folder / "server.pem", private_key=folder / "server-key.pem"
    )
    made.ca_file.write_bytes(issued["authority"].public_bytes(serialization.Encoding.PEM))
    made.certificate.write_bytes(issued["server"].public_bytes(serialization.Encoding.PEM))
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    made.private_key.write_bytes(server_key.private_bytes(pem, pkcs8, serialization.NoEncryption()))
    return made


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - VALID)
        .not_valid_after(now + VALID)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _signs_certificates() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
