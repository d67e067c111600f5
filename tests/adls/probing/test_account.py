"""What ``hygge debug`` finds on the way to an account: what is wrong, why, and what to do."""

from __future__ import annotations

import json
import socket
import threading
from base64 import b64encode, urlsafe_b64encode
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from azure.core.credentials import AzureSasCredential

from adls.probing.conftest import by_key, by_sas, by_token
from adls.stores.signing import signature
from hygge_core.secret import Secret
from hygge_store_adls.probing.credential import credential_findings
from hygge_store_adls.testing import DfsServer, Fault


def only_failure(findings):
    """The last finding, after which nothing was tried, is the only one that failed."""
    *before, last = findings.values()
    assert [finding.what for finding in before if not finding.ok] == []
    assert not last.ok
    return last


def test_a_sound_account_is_told_step_by_step(server, examine):
    found = examine(**by_key(server))
    assert list(found) == ["resolve", "tls", "clock", "credential", "reach", "hierarchical"]
    assert all(finding.ok for finding in found.values())
    assert "a folder is renamed in one step" in found["hierarchical"].what
    assert not [seen for seen in server.requests if seen.mutating]


def test_a_flat_account_is_called_one(examine):
    with DfsServer(hierarchical=False) as server:
        found = examine(**by_key(server))
    assert found["hierarchical"].ok
    assert "no hierarchical namespace" in found["hierarchical"].what


def test_a_token_is_told_with_whom_it_is_for_and_until_when(secure, examine):
    found = examine(**by_token(secure))
    assert all(finding.ok for finding in found.values())
    assert "TLS" in found["tls"].what
    assert found["token"].what.startswith("a token, good until ")


def test_who_asks_is_named_when_the_token_says_so(secure, examine):
    claims = {"aud": "https://storage.azure.com/", "appid": "tea-app", "tid": "tea-tenant"}
    secure.sign_in.issue = lambda: jwt(claims)
    assert "for tea-app of tenant tea-tenant" in examine(**by_token(secure))["token"].what


def test_a_token_for_something_else_is_explained_before_it_is_sent(secure, examine):
    secure.sign_in.issue = lambda: jwt({"aud": "https://graph.microsoft.com"})
    failed = only_failure(examine(**by_token(secure)))
    assert failed.probe == "token"
    assert "the token is for https://graph.microsoft.com" in failed.what
    assert "takes only those for https://storage.azure.com" in failed.what
    assert not [seen for seen in secure.requests if seen.operation != "unknown"]


def test_a_token_that_the_account_takes_for_something_else_is_explained(secure, examine):
    secure.sign_in.issue = lambda: secure.issue_token(audience="https://graph.microsoft.com")
    failed = only_failure(examine(**by_token(secure)))
    assert failed.probe == "reach"
    assert "401" in failed.what
    assert "https://storage.azure.com/" in failed.fix


def test_no_token_at_all_is_explained(secure, examine):
    failed = only_failure(examine(**by_token(secure, client_secret=Secret("hush-wrong"))))
    assert (failed.probe, "hush" in failed.what + failed.fix) == ("token", False)
    assert "the client secret is wrong (AADSTS7000215)" in failed.what


def test_a_missing_role_is_named_with_its_scope(secure, examine):
    secure.sign_in.issue = lambda: secure.issue_token(role="none")
    failed = only_failure(examine(**by_token(secure)))
    assert failed.probe == "reach"
    assert "403" in failed.what
    assert "Storage Blob Data Contributor on the container" in failed.fix


def test_a_wrong_key_is_explained_and_stays_hidden(server, examine):
    wrong = b64encode(b"hush-hush-hush-hush").decode()
    failed = only_failure(examine(**by_key(server, account_key=Secret(wrong))))
    assert "403 AuthenticationFailed" in failed.what
    assert "key" in failed.fix
    assert wrong not in failed.what + failed.fix


def test_a_container_that_is_not_there_is_named(server, examine):
    failed = only_failure(examine(**by_key(server, container="nowhere")))
    assert "there is no such container" in failed.what
    assert "nowhere" in failed.what


def test_a_firewall_is_told_from_a_missing_role(server, examine):
    server.arm(Fault(what="status", status=403, code="AuthorizationFailure", times=99))
    failed = only_failure(examine(**by_key(server)))
    assert "403 AuthorizationFailure" in failed.what
    assert "firewall" in failed.fix


def test_a_host_that_nobody_knows_is_told_at_once(examine):
    failed = only_failure(
        examine(account="tea", credential="azure_cli", container="tea", endpoint="https://no.invalid")
    )
    assert failed.probe == "resolve"
    assert "no.invalid has no address here" in failed.what
    assert "check the name of the account" in failed.fix


def test_a_host_that_does_not_answer_is_told(examine):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        endpoint = f"https://127.0.0.1:{taken.getsockname()[1]}/tea"
        failed = only_failure(examine(endpoint=endpoint, container="tea", credential="azure_cli"))
    assert failed.probe == "tls"
    assert "cannot be reached" in failed.what
    assert "firewall and proxy" in failed.fix


def test_a_certificate_that_is_not_trusted_is_told(secure, examine):
    failed = only_failure(examine(**by_token(secure, ca_file=None)))
    assert failed.probe == "tls"
    assert "its certificate is not trusted" in failed.what
    assert "ca_file" in failed.fix
    assert secure.sign_in.asked == []


def test_a_clock_that_is_wrong_is_told(server, examine):
    server.clock.skew = 20 * 60.0
    failed = only_failure(examine(**by_key(server)))
    assert failed.probe == "clock"
    assert "s apart" in failed.what
    assert "set this machine's clock" in failed.fix


def test_a_host_that_does_not_say_the_time_is_no_fault_of_the_clock(examine):
    class Timeless(BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.send_response_only(404)
            self.end_headers()

        def log_message(self, *_):
            """Keep quiet."""

    with HTTPServer(("127.0.0.1", 0), Timeless) as host:
        thread = threading.Thread(target=host.serve_forever, args=(0.05,))
        thread.start()
        found = examine(endpoint=f"http://127.0.0.1:{host.server_port}/tea", credential="sas", sas=Secret("sig=hush"))
        host.shutdown()
        thread.join()
    assert list(found) == ["resolve", "tls", "credential"]
    assert all(finding.ok for finding in found.values())


def test_a_signature_is_told_with_its_end(server, examine):
    found = examine(**by_sas(server, f"?{signature(server)}"))
    assert all(finding.ok for finding in found.values())
    assert "good until" in found["credential"].what


@pytest.mark.parametrize(
    ("made", "fault"),
    [
        ({"lasts": timedelta(hours=-1)}, "ended at"),
        ({"begins": timedelta(minutes=30)}, "begins only at"),
        ({"permission": "rl"}, "does not allow to write, delete, create"),
    ],
)
def test_a_signature_that_cannot_work_is_told_without_asking(server, examine, made, fault):
    text = signature(server, **made)
    failed = only_failure(examine(**by_sas(server, text)))
    assert failed.probe == "credential"
    assert fault in failed.what
    assert text.rpartition("sig=")[2] not in failed.what + failed.fix
    assert not [seen for seen in server.requests if seen.operation != "unknown"]


def test_a_signature_that_was_tampered_with_is_told_and_stays_hidden(server, examine):
    text = f"{signature(server).rpartition('sig=')[0]}sig=aHVzaC1odXNo"
    failed = only_failure(examine(**by_sas(server, text)))
    assert failed.probe == "reach"
    assert "403" in failed.what
    assert "signature" in failed.fix
    assert "aHVzaC1odXNo" not in failed.what + failed.fix


def test_an_account_that_answers_like_none_is_told(server, examine):
    server.arm(Fault(match="list_paths *", status=400, code="InvalidUri", times=None))
    failed = only_failure(examine(**by_key(server)))
    assert "the service refused: 400 InvalidUri" in failed.what
    assert "endpoint is that of a storage account" in failed.fix


@pytest.mark.parametrize("text", ["sig=hush", "se=tomorrow&st=yesterday&sig=hush", "se=2999-01-01&sig=hush"])
def test_a_signature_that_says_little_of_itself_is_left_to_the_account(text):
    found = credential_findings(AzureSasCredential(text), "https://tea.example")
    assert [finding.ok for finding in found] == [True]


@pytest.mark.parametrize("said", ["a.b.c", "e30.WyJhIl0.x", "opaque"])
def test_a_token_that_says_nothing_of_itself_is_left_to_the_account(secure, examine, said):
    secure.sign_in.issue = lambda: said
    assert examine(**by_token(secure))["token"].ok


def test_a_host_of_this_machine_needs_no_proxy(server, examine, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert list(examine(**by_key(server)))[:2] == ["resolve", "tls"]


def test_a_connection_without_a_container_is_examined_as_far_as_it_goes(server, examine):
    found = examine(**by_key(server, container=None))
    assert list(found) == ["resolve", "tls", "clock", "credential"]


def test_a_proxy_is_named_without_its_password(examine, monkeypatch):
    monkeypatch.setenv("https_proxy", "http://me:hush@proxy.example:3128")
    monkeypatch.setenv("no_proxy", "")
    found = examine(endpoint="https://no.invalid", credential="sas", sas=Secret("sig=hush"))
    assert list(found) == ["proxy", "credential"]
    assert "proxy.example" in found["proxy"].what
    assert "hush" not in found["proxy"].what


def jwt(claims):
    """A token that says something of itself, as those of Entra do."""
    parts = ({"alg": "none"}, claims)
    head, body = (urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    return f"{head}.{body}.hush"
