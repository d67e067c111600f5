"""Secrets that stand in the old files are in nothing that is written or said."""

from __future__ import annotations

import json

import pytest

from hygge_core.cli import main


SECRET = "Hunter2~in+the/open=="
LAKE = "type: adls\n  account_url: https://acmelake.dfs.core.windows.net\n  filesystem: raw\n  path: x\n"
SIGN_IN = "tenant_id: t.example\n  client_id: 11111111-2222-3333-4444-555555555555\n"
PRINCIPAL = f"home: in\nstore:\n  {LAKE}  credential: service_principal\n  {SIGN_IN}"
KEYED = f"home: in\nstore:\n  {LAKE}  credential: storage_key\n"
BEARER = '  file_pattern: "x"\n  account_url: "https://a1b2.dfs.core.windows.net?sv=1&sig={}"\n'


@pytest.mark.parametrize(
    ("flow", "variable"),
    [
        (f"{PRINCIPAL}  client_secret: '{SECRET}'\n", "ERP_CLIENT_SECRET"),
        (f"{PRINCIPAL}  client_secret: '${{APP_SECRET:-{SECRET}}}'\n", "APP_SECRET"),
        (f"{PRINCIPAL}  client_secret: 'x${{APP_SECRET}}{SECRET}'\n", "ERP_CLIENT_SECRET"),
        (f"{KEYED}  storage_account_key: '{SECRET}'\n", "ERP_STORAGE_ACCOUNT_KEY"),
        (f"home: in\nstore: {{type: sqlite, path: x, table: t, password: '{SECRET}'}}\n", "ERP_PASSWORD"),
    ],
)
def test_a_secret_moves_into_a_variable_that_is_named(migrated, flow, variable):
    told = migrated(flow)
    assert f"${{{variable}}}" in told.toml
    assert variable in told.verdict.unset
    assert variable in told.text
    assert SECRET not in told.toml + told.text + repr(told.migration)


@pytest.mark.parametrize(
    "flow",
    [
        f"{KEYED}  client_secret: '{SECRET}'\n  storage_account_key: ${{KEY}}\n",
        f"{PRINCIPAL}  storage_account_key: '{SECRET}'\n  client_secret: ${{KEY}}\n",
        f"home: in\nstore: {{type: parquet, path: out, token: '{SECRET}', nothing: '{SECRET}'}}\n",
        "home: in\nstore:\n  type: adls\n  filesystem: raw\n  path: x\n" + BEARER.format(SECRET),
        f"home: in\nstore: {{type: parquet, path: 'abfss://who:{SECRET}@there/x'}}\n",
        f"home: {{type: mssql, server: 'S;Pwd={SECRET}', database: d, table: t}}\nstore: out\n",
        f"home: in\nstore: out\npassword: '{SECRET}'\nentities: [{{name: a, api_key: '{SECRET}'}}]\n",
        f"home: in\nstore: {{type: parquet, path: out, polish: {{constants: [{{name: x, value: 'pwd={SECRET}'}}]}}}}\n",
        f"home: [\nstore: '{SECRET}'\n",
        f"home: in\nhome: '{SECRET}'\nstore: !odd '{SECRET}'\n",
    ],
)
@pytest.mark.parametrize("output", ["text", "json"])
def test_no_secret_is_said_or_written(old, flow, output, capsys):
    top = f"connections: {{erp: {{type: mssql, server: s, database: d, user: sa, password: '{SECRET}'}}}}\n"
    folder = old(flow, top)
    with pytest.raises(SystemExit) as left:
        main(["migrate", str(folder), "--output", output, "--debug"])
    told = capsys.readouterr()
    assert left.value.code in {0, 1, 2}, told.err
    written = [file.read_text("utf-8") for file in folder.rglob("*.toml")]
    said = "\n".join([told.out, told.err, *written])
    assert SECRET not in said
    assert json.dumps(SECRET)[1:-1] not in said


def test_secrets_of_one_name_get_variables_of_their_own_and_one_secret_has_one(migrated):
    entities = "entities: [a, b, {name: c, store: {client_secret: other}}, d]\n"
    flow = PRINCIPAL.replace("path: x", "path: 'x/{entity}'")
    told = migrated(f"{flow}  client_secret: '{SECRET}'\n{entities}")
    assert told.verdict.unset == ("ERP_CLIENT_SECRET", "ERP_CLIENT_SECRET_2")
    assert told.toml.count("${ERP_CLIENT_SECRET}") == 1
    assert not told.verdict.problems


def test_a_statement_may_speak_of_passwords(migrated):
    told = migrated("home: {type: mssql, server: s, database: d, query: \"SELECT 1 AS a WHERE pwd='x'\"}\nstore: out\n")
    assert "pwd='x'" in told.toml
    assert not told.migration.decisions
