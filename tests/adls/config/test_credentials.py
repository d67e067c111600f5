"""Which keys go with which way of signing in, as a project writes them."""

from __future__ import annotations

import base64

import pytest


APP = "11111111-2222-3333-4444-555555555555"
KEY = base64.b64encode(b"a key of an account").decode()
SAS = "?sv=2023-11-03&sp=racwdlm&se=2030-01-01T00:00:00Z&sig=veryhush%2Bhush%3D"
PLACE = 'account = "tealake"\ncontainer = "tea"\n'


@pytest.mark.parametrize(
    "lines",
    [
        "",
        'credential = "default"',
        f'credential = "default"\nclient_id = "{APP}"',
        'credential = "managed_identity"',
        f'credential = "managed_identity"\nclient_id = "{APP}"',
        f'credential = "service_principal"\ntenant_id = "tea.example"\nclient_id = "{APP}"\nclient_secret = "x"',
        f'credential = "service_principal"\ntenant_id = "{APP}"\nclient_id = "{APP}"\ncertificate = "a.pem"',
        (
            f'credential = "service_principal"\ntenant_id = "{APP}"\nclient_id = "{APP}"\ncertificate = "a.pem"\n'
            'certificate_password = "x"\nauthority = "login.chinacloudapi.cn"'
        ),
        f'credential = "account_key"\naccount_key = "{KEY}"',
        f'credential = "sas"\nsas = "{SAS}"',
        'credential = "azure_cli"',
        'credential = "azure_cli"\ntenant_id = "tea.example"',
    ],
)
def test_each_way_of_signing_in_takes_its_own_keys(connection, lines):
    assert connection(PLACE + lines).account == "tealake"


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ('credential = "sas"', 'credential = "sas" needs sas'),
        ('credential = "account_key"', 'credential = "account_key" needs account_key'),
        (
            f'credential = "managed_identity"\naccount_key = "{KEY}"',
            'account_key does not go with credential = "managed',
        ),
        (f'account_key = "{KEY}"', 'remove it, or set credential = "account_key"'),
        (f'sas = "{SAS}"', 'sas does not go with credential = "default"; remove it, or set credential = "sas"'),
        ('credential = "service_principal"', 'credential = "service_principal" needs tenant_id'),
        (
            'credential = "service_principal"',
            'credential = "service_principal" needs client_secret or certificate',
        ),
        (
            (
                f'credential = "service_principal"\ntenant_id = "t"\nclient_id = "{APP}"\nclient_secret = "x"\n'
                'certificate = "a.pem"'
            ),
            "client_secret and certificate do not go together",
        ),
        (
            (
                f'credential = "service_principal"\ntenant_id = "t"\nclient_id = "{APP}"\nclient_secret = "x"\n'
                'certificate_password = "p"'
            ),
            "certificate_password needs certificate",
        ),
        ('credential = "azure_cli"\nauthority = "login.chinacloudapi.cn"', "authority does not go with"),
        ('credential = "key"', '"azure_cli"'),
        ('client_id = "tea"', "client_id: must be the id of an application, a GUID, not 'tea'"),
        ('credential = "azure_cli"\ntenant_id = "a b"', "tenant_id: must be the tenant's id or domain"),
        ('authority = "http://login.example"', "authority: must be a host that is asked over https"),
        ('authority = "https://login.example/tenant"', "authority: must be a host"),
        ('credential = "account_key"\naccount_key = "no base64!"', "account_key: is not one of the account's two"),
        ('credential = "account_key"\naccount_key = ""', "account_key: is not one of the account's two"),
        ('credential = "sas"\nsas = "https://a.blob.core.windows.net/tea?sig=x"', "sas: is a whole address"),
        ('credential = "sas"\nsas = "sv=2023&sp=r"', "sas: is not a shared access signature"),
        ('credential = "service_principal"\nclient_secret = "  "', "client_secret: is empty; see whether its environ"),
        ('api_version = "latest"', "api_version: must be a version of the service, such as 2023-11-03, not 'latest'"),
        ('timeout = "0s"', "timeout:"),
        ('timeout = "1h"', "timeout:"),
        ('ca_file = ""', "ca_file: is empty"),
        ('acount = "x"', "unknown key; did you mean"),
    ],
)
def test_what_is_missing_or_too_much_is_named_with_its_line(connection, refused, lines, fault):
    place = 'container = "tea"\n' if "acount" in lines else PLACE
    said = refused(connection, place + lines)
    assert fault in said
    assert "hygge.toml:" in said


def test_a_secret_that_is_refused_stays_out_of_the_message(connection, refused):
    for lines in ('account_key = "hush hush!"', 'sas = "hush hush!"', 'sas = "https://hush hush!"'):
        assert "hush" not in refused(connection, f"{PLACE}{lines}")


def test_a_secret_shows_nowhere_and_is_known_to_be_one(project):
    text = f'[connections.lake]\ntype = "adls"\n{PLACE}credential = "account_key"\naccount_key = "${{KEY}}"\n'
    found = project(text, KEY=KEY)
    assert KEY in found.sensitive
    assert KEY not in repr(found) + repr(found.connections[0].value) + str(found.connections[0].value)


def test_a_variable_that_is_empty_is_told_of(connection, refused):
    said = refused(connection, f'{PLACE}credential = "service_principal"\nclient_secret = "${{NONE:-}}"')
    assert "client_secret" in said
    assert "empty" in said
