"""Which of the 28 defects are told of which tables."""

from __future__ import annotations

import pytest

from hygge_core.migrate.defects import DEFECTS


PARQUET = "{type: parquet, path: out}"
ADLS = "{type: adls, account_url: 'https://a1b2.dfs.core.windows.net', filesystem: raw, path: 'x/{entity}'%s}"
ONELAKE = "{type: onelake, account_url: 'https://onelake.dfs.fabric.microsoft.com', filesystem: W/L.Lakehouse%s}"
MIRROR = "{type: open_mirroring, filesystem: '${W}', mirror_name: '${M}', key_columns: Id, row_marker: 4%s}"
MSSQL = "{type: mssql, server: s, database: d, table: t%s}"
TO_MSSQL = "{type: mssql, server: s, database: d, table: t}"
MARK = "watermark: {primary_key: Id, watermark_column: At}\n"


def flow(store, *, home="{type: parquet, path: in}", run_type="full_drop", more=""):
    return f"home: {home}\nstore: {store}\nrun_type: {run_type}\n{more}"


FULL = flow(PARQUET)
ADDING = flow(PARQUET, run_type="incremental", more=MARK)
LAKE = flow(ADLS % "", run_type="incremental", more=MARK)
MIRRORED = flow(MIRROR % "")
MIRRORED_ON = flow(MIRROR % "", run_type="incremental", more=MARK)
SERVER = flow(PARQUET, home=MSSQL % "")
FOLLOWED = flow(PARQUET, home=MSSQL % "", run_type="incremental", more=MARK + "journal: {location: store}\n")
TO_SERVER = flow(TO_MSSQL)


CASES = [
    (1, FULL, ADDING),
    (1, flow("{type: local, path: out}"), LAKE),
    (1, "home: in\nstore: out\n", flow(ADLS % "")),
    (2, LAKE, flow(ADLS % "")),
    (2, flow(ADLS % ", incremental: true"), flow(ADLS % ", incremental: false", run_type="incremental", more=MARK)),
    (2, flow(ONELAKE % "", run_type="incremental", more=MARK), ADDING),
    (3, TO_SERVER, SERVER),
    (4, MIRRORED, MIRRORED_ON),
    (5, MIRRORED, MIRRORED_ON),
    (6, flow(ONELAKE % ""), flow(ADLS % "")),
    (6, MIRRORED, FULL),
    (7, MIRRORED_ON, flow(ONELAKE % "")),
    (9, flow(MIRROR % ", polish: {columns: {case: snake}}"), flow(MIRROR % ", polish: {timestamps: [{name: t}]}")),
    (9, flow(MIRROR % ", polish: {columns: {case: snake}}"), flow(ADLS % ", polish: {columns: {case: snake}}")),
    (10, flow(MIRROR % ", partner_name: acme"), MIRRORED),
    (11, MIRRORED, flow(ADLS % "")),
    (12, flow(ADLS % ", polish: {hash_ids: [{name: h, from_columns: [a]}]}"), FULL),
    (13, ADDING, FULL),
    (13, flow(PARQUET, home=MSSQL % "", run_type="incremental", more=MARK), FOLLOWED),
    (13, FOLLOWED.replace("table: t", "query: 'SELECT 1 AS a'"), FOLLOWED),
    (13, FOLLOWED.replace(MARK, ""), FOLLOWED),
    (14, FOLLOWED, ADDING),
    (14, FOLLOWED, FOLLOWED.replace("incremental", "full_drop")),
    (15, FOLLOWED, ADDING),
    (17, "full_drop: false\n" + FULL + MARK, FULL),
    (18, TO_SERVER, SERVER),
    (22, MIRRORED, FULL),
    (27, SERVER, FULL),
    (27, TO_SERVER, LAKE),
]


@pytest.mark.parametrize(("number", "touched", "spared"), CASES)
def test_a_defect_is_told_of_the_tables_that_it_may_have_touched(migrated, number, touched, spared):
    told = migrated({"flows/bad/flow.yml": touched, "flows/good/flow.yml": spared}).migration.suspicions
    found = {one.number: one for one in told}
    assert found[number].tables == ("bad",)
    assert found[number].what == DEFECTS[number - 1].what
    assert found[number].check


def test_all_28_are_there_and_each_that_names_tables_is_tried():
    assert [defect.number for defect in DEFECTS] == list(range(1, 29))
    assert {defect.number for defect in DEFECTS if defect.touches} == {number for number, _, _ in CASES}


def test_entities_are_told_one_by_one(migrated):
    text = flow(
        PARQUET,
        more="entities: [a, {name: b, run_type: incremental, watermark: {primary_key: i, watermark_column: w}}]\n",
    )
    told = {one.number: one.tables for one in migrated(text).migration.suspicions}
    assert told == {1: ("erp.a",), 13: ("erp.b",)}


def test_full_drop_beats_the_run_type_as_it_did_there(migrated):
    told = {one.number: one.tables for one in migrated("full_drop: true\n" + ADDING).migration.suspicions}
    assert told == {1: ("erp",), 17: ("erp",)}
    told = {one.number: one.tables for one in migrated("full_drop: 'no'\n" + FULL + MARK).migration.suspicions}
    assert told == {13: ("erp",), 17: ("erp",)}
