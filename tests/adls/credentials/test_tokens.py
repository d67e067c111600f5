"""Every way of getting a token, by the real azure-identity against a sign-in service on loopback."""

from __future__ import annotations

import logging
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from azure.core.exceptions import ServiceRequestError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from adls.sign_in import APP, HEADER, SECRET, TENANT, SignIn
from hygge_core.errors import StoreError, StoreUnavailable
from hygge_core.secret import Secret
from hygge_store_adls.config import AdlsConnection
from hygge_store_adls.credentials.opening import open_credential
from hygge_store_adls.credentials.tokens import SCOPE, ExplainedTokens


@pytest.fixture
def sign_in():
    with SignIn() as service:
        yield service


@pytest.fixture(autouse=True)
def no_other_identity(monkeypatch):
    """Leave nothing in the environment that azure-identity would take for an identity."""
    for name in [name for name in os.environ if name.startswith(("AZURE_", "IDENTITY_", "MSI_", "IMDS_"))]:
        monkeypatch.delenv(name)


@pytest.fixture
def credential(tmp_path):
    opened = []

    def make(**keys):
        settings = AdlsConnection(account="tealake", timeout=timedelta(seconds=5), **keys)
        opened.append(open_credential(settings, "tealake", tmp_path))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


def principal(sign_in, **keys):
    told = {"tenant_id": TENANT, "client_id": APP, "authority": sign_in.authority, "ca_file": sign_in.ca_file}
    return {"credential": "service_principal", **told, **keys}


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate with its key, in a PEM file that no password protects and in a PKCS12 file that one does."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tea")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("certificate")
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    (folder / "tea.pem").write_bytes(private + made.public_bytes(pem))
    sealed = serialization.BestAvailableEncryption(b"hush-open-tea")
    (folder / "tea.pfx").write_bytes(pkcs12.serialize_key_and_certificates(b"tea", key, made, None, sealed))
    return folder


def test_a_service_principal_with_a_secret_asks_its_tenant_for_storage(sign_in, credential):
    token = credential(**principal(sign_in, client_secret=Secret(SECRET))).get_token(SCOPE)
    assert token.token == "hush-a-token"
    (asked,) = sign_in.asked
    assert (asked["client_id"], asked["grant_type"]) == (APP, "client_credentials")
    assert "https://storage.azure.com/.default" in asked["scope"]


@pytest.mark.parametrize(("file", "password"), [("tea.pem", None), ("tea.pfx", "hush-open-tea")])
def test_a_service_principal_with_a_certificate_signs_what_it_asks(sign_in, credential, certificate, file, password):
    keys = {"certificate": str(certificate / file)}
    keys |= {"certificate_password": Secret(password)} if password else {}
    assert credential(**principal(sign_in, **keys)).get_token(SCOPE).token == "hush-a-token"
    assert sign_in.asked[0]["client_assertion"].count(".") == 2


@pytest.mark.parametrize(
    "case",
    [
        ("gone.pem", {}, "gone.pem: cannot be read"),
        ("tea.pfx", {"certificate_password": Secret("hush-wrong")}, "tea.pfx: is no certificate that this password"),
        ("tea.pfx", {}, "tea.pfx: is no certificate"),
    ],
)
def test_a_certificate_that_cannot_be_used_is_named(sign_in, credential, certificate, case):
    file, more, fault = case
    with pytest.raises(StoreError) as refused:
        credential(**principal(sign_in, certificate=str(certificate / file), **more))
    assert fault in str(refused.value)
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize("client", [None, APP])
def test_a_managed_identity_of_an_app_is_asked_over_its_own_endpoint(sign_in, credential, monkeypatch, client):
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{sign_in.identities}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", HEADER)
    token = credential(credential="managed_identity", client_id=client).get_token(SCOPE)
    assert token.token == "hush-a-token"
    assert sign_in.asked[0]["resource"].rstrip("/") == "https://storage.azure.com"
    assert sign_in.asked[0].get("client_id") == client


def test_a_managed_identity_of_a_machine_is_asked_of_its_metadata(sign_in, credential, monkeypatch):
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", sign_in.identities)
    assert credential(credential="managed_identity").get_token(SCOPE).token == "hush-a-token"


def test_the_azure_cli_is_asked_for_the_tenant(credential, tmp_path, monkeypatch):
    put_az(tmp_path, monkeypatch, 'print(json.dumps({"accessToken": "hush-cli", "expires_on": 4000000000}))')
    token = credential(credential="azure_cli", tenant_id=TENANT).get_token(SCOPE)
    assert (token.token, token.expires_on) == ("hush-cli", 4000000000)
    assert f"--tenant {TENANT}" in (tmp_path / "asked").read_text("utf-8")


def test_default_takes_what_the_environment_says(sign_in, credential, monkeypatch):
    monkeypatch.setenv("AZURE_TENANT_ID", TENANT)
    monkeypatch.setenv("AZURE_CLIENT_ID", APP)
    monkeypatch.setenv("AZURE_CLIENT_SECRET", SECRET)
    made = credential(credential="default", authority=sign_in.authority, ca_file=sign_in.ca_file)
    assert made.get_token(SCOPE).token == "hush-a-token"


def test_a_token_is_kept_while_it_is_good_and_renewed_in_time(sign_in, credential):
    issued = iter(["first", "second", "third"])
    sign_in.issue = lambda: next(issued)
    made = credential(**principal(sign_in, client_secret=Secret(SECRET)))
    assert [made.get_token(SCOPE).token for _ in range(3)] == ["first"] * 3
    sign_in.lifetime = 120  # within the five minutes in which a token counts as spent
    other = credential(**principal(sign_in, client_secret=Secret(SECRET)))
    assert [other.get_token(SCOPE).token for _ in range(2)] == ["second", "third"]


@pytest.mark.parametrize(
    ("error", "description", "told"),
    [
        ("invalid_client", "AADSTS7000215: Invalid client secret provided.", ("client secret is wrong", "not its id")),
        (
            "invalid_client",
            "AADSTS7000222: The provided client secret keys are expired.",
            ("has expired", "make a new"),
        ),
        (
            "unauthorized_client",
            "AADSTS700016: Application was not found.",
            ("knows no application", "check client_id"),
        ),
        ("invalid_request", "AADSTS90002: Tenant not found.", ("there is no tenant", "check tenant_id")),
        (
            "invalid_client",
            "AADSTS12345: Something new.\nTrace ID: 5",
            ("AADSTS12345: Something new.", "check tenant_id"),
        ),
    ],
)
def test_a_refusal_of_entra_is_told_with_its_code_and_what_to_do(sign_in, credential, error, description, told):
    sign_in.refusal = (error, description)
    with pytest.raises(StoreError) as refused:
        credential(**principal(sign_in, client_secret=Secret(SECRET))).get_token(SCOPE)
    assert not isinstance(refused.value, StoreUnavailable)
    said = str(refused.value)
    assert said.startswith('credential = "service_principal": no token was given: ')
    assert all(words in said for words in told)
    assert description[: description.index(":")] in said
    assert "\n" not in said
    assert SECRET not in said


def test_an_account_of_another_tenant_is_told_with_its_name(sign_in, credential):
    """The service names its tenant when it refuses a token, and the client asks that one."""
    made = credential(**principal(sign_in, client_secret=Secret(SECRET)))
    with pytest.raises(StoreError, match=r"belongs to another tenant, coffee\.example; set tenant_id = "):
        made.get_token(SCOPE, tenant_id="coffee.example")


def test_a_service_that_is_not_there_may_be_tried_again(sign_in, credential):
    keys = principal(sign_in, client_secret=Secret(SECRET))
    made = credential(**{**keys, "authority": "127.0.0.1:9"})
    with pytest.raises(StoreUnavailable, match="nobody could be asked for a token"):
        made.get_token(SCOPE)


def test_a_service_that_is_not_trusted_gets_no_secret(sign_in, credential):
    made = credential(**{**principal(sign_in, client_secret=Secret(SECRET)), "ca_file": None})
    with pytest.raises(StoreError, match="ca_file"):
        made.get_token(SCOPE)
    assert sign_in.asked == []


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ('sys.exit("Please run: az login")', "az login"),
        ("print('no json')", "no json"),
        (None, "Azure CLI not found"),
    ],
)
def test_an_azure_cli_that_cannot_help_is_explained(credential, tmp_path, monkeypatch, script, fault):
    if script is None:
        monkeypatch.setenv("PATH", str(tmp_path))
    else:
        put_az(tmp_path, monkeypatch, script)
    with pytest.raises(StoreError, match='credential = "azure_cli": no token was given') as refused:
        credential(credential="azure_cli").get_token(SCOPE)
    assert fault in str(refused.value)
    assert "run `az login`" in str(refused.value)


def test_a_managed_identity_that_is_not_there_is_explained(sign_in, credential, monkeypatch):
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{sign_in.identities}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "hush-wrong")
    with pytest.raises(StoreError, match="run this where an identity is assigned") as refused:
        credential(credential="managed_identity").get_token(SCOPE)
    assert "hush" not in str(refused.value)


def test_a_source_of_tokens_that_fails_in_another_way_is_explained_too():
    class Broken:
        def get_token(self, *_, **__):
            raise ServiceRequestError(message="nobody is there\nat all " + "x" * 999)

    with pytest.raises(StoreUnavailable, match='credential = "default": nobody could be asked') as refused:
        ExplainedTokens(Broken(), "default").get_token(SCOPE)
    assert len(str(refused.value)) < 500
    ExplainedTokens(Broken(), "default").close()


def test_no_secret_shows_in_logs_or_in_what_a_credential_says_of_itself(sign_in, credential, caplog, certificate):
    with caplog.at_level(logging.DEBUG):
        made = credential(**principal(sign_in, client_secret=Secret(SECRET)))
        made.get_token(SCOPE)
        keys = {"certificate": str(certificate / "tea.pfx"), "certificate_password": Secret("hush-open-tea")}
        credential(**principal(sign_in, **keys)).get_token(SCOPE)
        sign_in.refusal = ("invalid_client", "AADSTS7000215: Invalid client secret provided.")
        with pytest.raises(StoreError) as refused:
            credential(**principal(sign_in, client_secret=Secret(SECRET))).get_token(SCOPE)
    assert caplog.records
    told = caplog.text + repr(made) + str(made) + repr(refused.value.__cause__)
    assert "hush" not in told


def put_az(folder, monkeypatch, script):
    """Put a program named az before all others; it notes what it is asked, and then does what the script says."""
    program = folder / "az.py"
    noted = f'import json, sys; open({str(folder / "asked")!r}, "w").write(" ".join(sys.argv[1:]))'
    program.write_text(f"{noted}\n{script}\n", "utf-8")
    if sys.platform == "win32":
        (folder / "az.cmd").write_text(f'@"{sys.executable}" "{program}" %*\n', "utf-8")
    else:
        Path(folder / "az").write_text(f'#!/bin/sh\nexec "{sys.executable}" "{program}" "$@"\n', "utf-8")
        Path(folder / "az").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
