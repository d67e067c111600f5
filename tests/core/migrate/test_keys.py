"""What becomes of keys that want a closer look, and of what the original filled in by itself."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def kinds(told):
    return {key: one.kind for (_, key), one in told.remarks.items()}


def test_paths_of_flow_and_entity_are_joined_as_the_original_joined_them(migrated):
    told = migrated("home: base/\nstore: lake\nentities: [{name: a, home: {path: /x/a.parquet}}, b]\n")
    assert 'home = { path = "base/x/a.parquet" }' in told.toml
    assert 'home = { path = "base/{entity}" }' in told.toml
    assert 'path = "lake/{entity}"' in told.toml


def test_a_flow_without_entities_keeps_its_paths(migrated):
    told = migrated("home: in/a.parquet\nstore: lake/a\n")
    assert 'path = "in/a.parquet"' in told.toml
    assert "entities" not in told.toml


@pytest.mark.parametrize(
    ("said", "written"),
    [("yes", "true"), ("'Yes'", "true"), ("'no'", "false"), ("strict", '"strict"'), ("'${ENCRYPT}'", '"${ENCRYPT}"')],
)
def test_encryption_is_written_as_a_boolean(migrated, said, written):
    top = f"connections: {{erp: {{type: mssql, server: s, database: d, encrypt: {said}}}}}\n"
    told = migrated("home: {type: mssql, connection: erp, table: t}\nstore: out\n", top)
    assert f"encrypt = {written}\n" in told.toml


def test_numbers_in_quotes_are_numbers(migrated):
    top = "options: {concurrency: '6'}\nconnections: {e: {type: mssql, server: s, database: d, pool_size: 4.0}}\n"
    told = migrated("home: {type: mssql, connection: e, table: t}\nstore: out\n", top)
    assert "concurrency = 6\n" in told.toml
    assert "pool_size = 4\n" in told.toml
    assert not told.verdict.problems


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("https://acmelake.dfs.core.windows.net", 'account = "acmelake"'),
        ("https://acmelake.blob.core.windows.net/", 'account = "acmelake"'),
        ("acmelake.dfs.core.windows.net", 'account = "acmelake"'),
        ("https://acmelake.dfs.core.chinacloudapi.cn/", 'endpoint = "https://acmelake.dfs.core.chinacloudapi.cn"'),
        ("${LAKE_URL}", 'endpoint = "${LAKE_URL}"'),
    ],
)
def test_an_account_is_said_by_name_or_by_address(migrated, address, written):
    store = f"{{type: adls, account_url: '{address}', filesystem: raw, path: x}}"
    told = migrated(f"home: in\nstore: {store}\n", environ={"LAKE_URL": "https://acmelake.dfs.core.chinacloudapi.cn"})
    assert written in told.toml
    assert not told.verdict.problems


def test_what_the_original_filled_in_is_written_where_this_hygge_fills_in_something_else(migrated):
    mirror = "{type: open_mirroring, filesystem: '${W}', mirror_name: '${M}', key_columns: Id, row_marker: 4}"
    told = migrated(f"home: {{type: mssql, server: s, database: d, table: t}}\nstore: {mirror}\n")
    for line in ('credential = "managed_identity"', 'file_detection = "timestamp"', 'auth = "entra_default"'):
        assert line in told.toml


def test_incremental_rows_of_a_mirrored_table_are_upserted(migrated):
    mirror = "{type: open_mirroring, filesystem: '${W}', mirror_name: '${M}', key_columns: Id, row_marker: 4}"
    mark = "run_type: incremental\nwatermark: {primary_key: Id, watermark_column: At}\n"
    told = migrated(
        f"home: in\nstore: {mirror}\n{mark}", environ=dict.fromkeys("WM", "0a1b2c3d-1111-2222-3333-444455556666")
    )
    assert 'write = "upsert"' in told.toml
    assert not told.verdict.problems


def test_one_server_that_many_entities_say_is_one_connection(migrated):
    home = "{type: mssql, server: sql01, database: Sales, table: 'dbo.{entity}'}"
    told = migrated(f"home: {home}\nstore: out\nentities: [a, b, c]\n")
    assert told.toml.count("[connections.") == 1
    assert 'connection = "sales"' in told.toml


def test_a_connection_does_not_take_the_name_of_another(migrated):
    top = "connections: {sales: {type: mssql, server: s, database: d}}\n"
    told = migrated("home: {type: mssql, server: other, database: Sales, table: t}\nstore: out\n", top)
    assert 'connection = "sales_2"' in told.toml
    assert not told.verdict.problems


def test_a_query_loses_its_semicolon(migrated):
    told = migrated("home: {type: mssql, server: s, database: d, query: 'SELECT 1 AS a; ; '}\nstore: out\n")
    assert 'query = "SELECT 1 AS a"' in told.toml
    assert not told.verdict.problems


def test_a_key_of_options_beats_the_same_key_beside_it(migrated):
    told = migrated("home: in\nstore: {type: parquet, path: out, compression: zstd, options: {compression: gzip}}\n")
    assert 'compression = "gzip"' in told.toml
    assert told.remarks["flows/erp/flow.yml", "store.compression"].why == "options.compression took its place"


def test_secrets_and_ids_that_the_way_of_signing_in_does_not_ask_for_are_dropped(migrated):
    account = "account_url: 'https://a1b2.dfs.core.windows.net', filesystem: raw, path: x"
    told = migrated(f"home: in\nstore: {{type: adls, {account}, tenant_id: t.example, client_id: c}}\n")
    assert kinds(told)["store.tenant_id"] == kinds(told)["store.client_id"] == "dropped"
    assert not told.verdict.problems


def test_a_misspelt_key_is_named_with_the_one_that_was_meant(migrated):
    told = migrated("home: in\nstore: {type: parquet, path: out, compresion: zstd}\nquue_size: 3\n")
    assert told.remarks["flows/erp/flow.yml", "store.compresion"].why.endswith("did you mean compression?")
    assert told.remarks["flows/erp/flow.yml", "quue_size"].why.endswith("did you mean queue_size?")
    assert "2 unknown" in told.text


def test_names_of_many_entities_stand_for_a_pattern_in_their_tables(migrated):
    home = "{type: mssql, server: s, database: d}"
    entities = "[{name: a, home: {table: dbo.a}}, {name: b, home: {table: dbo.b}}]"
    told = migrated(f"home: {home}\nstore: out\nentities: {entities}\n")
    assert 'table = "dbo.{entity}"' in told.toml
    assert 'entities = ["a", "b"]' in told.toml


def test_what_most_entities_say_is_said_once(migrated):
    own = "home: {path: %s.parquet}, store: {compression: %s}"
    said = [("a", "zstd"), ("b", "zstd"), ("c", "gzip")]
    entities = ", ".join(f"{{name: {name}, {own % (name, codec)}}}" for name, codec in said)
    told = migrated(f"home: in\nstore: {{type: parquet, path: out}}\nentities: [{entities}]\n")
    assert told.toml.count("zstd") == told.toml.count("gzip") == 1
    assert 'compression = "zstd"' in told.toml.partition("entities")[0]
    assert 'home = { type = "parquet", path = "in/{entity}.parquet" }' in told.toml
    assert '{ name = "c", store = { compression = "gzip" } }' in told.toml


def test_values_of_the_same_look_and_another_type_are_told_apart(migrated):
    entity = "{name: %s, store: {polish: {constants: [{name: x, value: %s}]}}}"
    told = migrated(
        f"home: in\nstore: {{type: parquet, path: out}}\nentities: [{entity % ('a', 1)}, {entity % ('b', 'true')}]\n"
    )
    assert "value = 1 " in told.toml
    assert "value = true " in told.toml


@pytest.mark.parametrize("into", ["beside", "old/within"])
def test_relative_paths_point_where_they_pointed(migrated, tmp_path, into):
    text = "home: in\nstore: {type: parquet, path: ../lake}\nentities: [{name: a, home: {path: a.parquet}}, b]\n"
    told = migrated(text, into=tmp_path / into)
    paths = [line.split('path = "')[1].split('"')[0] for line in told.toml.splitlines() if 'path = "' in line]
    places = {os.path.normpath(tmp_path / into / path) for path in paths}
    wanted = {
        tmp_path / "old" / "in" / "a.parquet",
        tmp_path / "old" / "in" / "{entity}",
        tmp_path / "lake" / "{entity}",
    }
    assert places == set(map(str, wanted))


@pytest.mark.parametrize("path", ["/data/in", "~/in", "${DATA}/in"])
def test_other_paths_stay_as_they_are(migrated, tmp_path, path):
    told = migrated(f"home: '{path}'\nstore: out\n", into=tmp_path / "elsewhere")
    assert f'path = "{path}"' in told.toml
    assert ("start from the new folder" in " ".join(told.text.split())) == path.startswith("${")


def test_paths_of_a_lake_are_no_paths_of_this_machine(migrated, tmp_path):
    store = "{type: adls, account_url: 'https://a1b2.dfs.core.windows.net', filesystem: raw, path: x}"
    told = migrated(f"home: in\nstore: {store}\n", into=tmp_path / "elsewhere")
    assert 'path = "x"' in told.toml


def test_packages_that_are_not_here_are_named(old, monkeypatch, capsys):
    from hygge_core.cli import main

    folder = old("home: {type: mssql, server: s, database: d, table: t}\nstore: out\n")
    monkeypatch.setenv("HYGGE_DISABLE_PLUGINS", "hygge-home-mssql,hygge-store-parquet")
    with pytest.raises(SystemExit) as left:
        main(["migrate", str(folder)])
    told = capsys.readouterr()
    assert left.value.code == 0, told
    assert "pip install 'hygge-home-mssql[arrow,entra]' hygge-store-parquet" in told.out
    assert (Path(folder) / "hygge.toml").is_file()


def test_a_landing_zone_of_its_own_mirror_needs_no_path(migrated):
    mirror = "{type: open_mirroring, filesystem: '${W}', mirror_name: '${M}', key_columns: Id, path: '%s'}"
    told = migrated(f"home: in\nstore: {mirror % '/x/Files/LandingZone/{entity}/'}\nentities: [a]\n")
    assert kinds(told)["store.path"] == "dropped"
    told = migrated(f"home: in\nstore: {mirror % 'Files/LandingZone/s.schema/{entity}'}\nentities: [a]\n")
    assert 'schema = "s"' in told.toml


def test_a_constant_that_is_a_list_is_a_decision(migrated):
    told = migrated("home: in\nstore: {type: parquet, path: out, polish: {constants: [{name: x, value: [1, 2]}]}}\n")
    assert [one.what for one in told.migration.decisions] == ["a constant is one text, number, boolean, date or time"]


def test_a_store_without_counterpart_keeps_lists_of_all_kinds(migrated):
    told = migrated("home: in\nstore: {type: sqlite, path: x, odd: [{a: 1}, 2, [3]], plain: [1, a]}\n")
    assert "odd = [{ a = 1 }, 2, [3]]" in told.toml
    assert 'plain = [1, "a"]' in told.toml


def test_items_of_a_list_stay_whole_when_nothing_came_of_one_before(migrated):
    constants = "[{bogus: 1}, {name: x, value: 1}, {name: y, value: 2}]"
    told = migrated(f"home: in\nstore: {{type: parquet, path: out, polish: {{constants: {constants}}}}}\n")
    assert 'constants = [{ name = "x", value = 1 }, { name = "y", value = 2 }]' in told.toml
    assert not told.verdict.problems


def test_a_flow_in_a_folder_is_the_one_that_counts(migrated):
    told = migrated(
        "home: in\nstore: out\n", "flows: {erp: {home: other, store: other}, crm: {home: in, store: crm}}\n"
    )
    assert set(told.migration.files) == {"hygge.toml", "flows/erp.toml", "flows/crm.toml"}
    assert "other" not in told.toml
    assert kinds(told)["flows.erp.home"] == "unknown"


def test_a_value_that_is_beaten_and_open_is_told_as_open(migrated):
    mirror = "{type: open_mirroring, filesystem: '${W}', mirror_name: '${M}', key_columns: Id, compression: lz4, %s}"
    told = migrated(f"home: in\nstore: {mirror % 'options: {compression: zstd}'}\n")
    assert kinds(told)["store.compression"] == "asked"
    assert 'compression = "zstd"' in told.toml


def test_a_problem_of_one_connection_is_told_while_another_is_open(migrated):
    top = "connections: {odd: {type: postgres}, erp: {type: mssql, server: s}}\n"
    told = migrated("home: {type: mssql, connection: erp, table: t}\nstore: out\n", top)
    assert [problem.key for problem in told.verdict.problems] == ["connections.erp.database"]


def test_what_is_empty_says_nothing(migrated):
    told = migrated(
        "home: in\nstore: {type: parquet, path: out, polish: {}, options:}\n", "connections: {}\noptions:\n"
    )
    assert set(kinds(told).values()) == {"kept", "dropped"}


def test_what_changes_how_csv_is_read_is_carried_over_or_asked_about(migrated):
    options = "{quote_char: null, decimal_comma: true, separator: ';', null_values: {a: NA}}"
    told = migrated(f"home: {{type: local, format: csv, path: in, format_options: {options}}}\nstore: out\n")
    assert 'quote = ""' in told.toml
    assert "decimal_comma = true" in told.toml
    assert kinds(told)["home.format_options.null_values.a"] == "asked"


def test_tables_that_would_settle_in_one_place_are_told(migrated):
    store = "{type: adls, account_url: 'https://a1b2.dfs.core.windows.net', filesystem: raw, path: x}"
    told = migrated(f"home: in\nstore: {store}\nentities: [a, b]\n")
    assert [problem.fix for problem in told.verdict.problems] == ["put {entity} into the path or table of the store"]


def test_files_that_the_original_did_not_read_are_named(migrated):
    files = {
        "flows/erp/flow.yml": "home: in\nstore: out\n",
        "flows/erp/entities.yaml": "a: 1\n",
        "flows/b/flow.yaml": "",
    }
    told = migrated(files)
    assert "did not look at these files" in told.text
    assert "flows/b/flow.yaml, flows/erp/entities.yaml." in " ".join(told.text.split())


def test_a_mirrored_database_of_a_store_for_lakehouses_is_a_decision(migrated):
    told = migrated("home: in\nstore: {type: onelake, filesystem: W/L.Lakehouse, mirror_name: M}\n")
    assert kinds(told)["store.mirror_name"] == "asked"
    assert not told.verdict.problems
