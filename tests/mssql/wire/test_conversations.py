"""Batches, prepared statements, transactions, messages: what a session says after its login."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tds import Column, SqlServer, SqlType, drivers
from tds.accounts import PASSWORD, USER
from tds.blocks import wide
from tds.tables import Tables


TESTS = Path(__file__).parents[2]


def test_a_batch_may_have_many_results(server, cursor):
    server.create("none", (Column("x", SqlType("int")),))
    cursor.execute("SELECT 1; SELECT * FROM none; SELECT 1")
    results = [[tuple(row) for row in cursor.fetchall()]]
    while cursor.nextset():
        results.append([tuple(row) for row in cursor.fetchall()])
    assert results == [[(1,)], [], [(1,)]]


def test_an_error_after_a_result_comes_after_its_rows(cursor):
    cursor.execute("SELECT 1; SELECT * FROM nowhere")
    assert cursor.fetchall()[0][0] == 1
    with pytest.raises(Exception, match="Invalid object name 'nowhere'"):
        cursor.nextset()
    assert cursor.execute("SELECT 1").fetchall()[0][0] == 1


def test_messages_are_no_errors(cursor, driver):
    cursor.execute("PRINT 'careful'; SELECT 1")
    if driver == "microsoft":
        assert "careful" in str(cursor.messages)
    while cursor.description is None:
        assert cursor.nextset()
    assert cursor.fetchall()[0][0] == 1


def test_column_names_may_be_anything(server, cursor):
    names = ["", "æ😀", "a b]c", "x" * 128]
    server.create("odd", tuple(Column(name, SqlType("int")) for name in names))
    cursor.execute("SELECT * FROM odd")
    assert [column[0] for column in cursor.description] == names


def test_a_transaction_is_committed_or_rolled_back(server, connect):
    connection = connect(autocommit=False)
    cursor = connection.cursor()
    cursor.execute("SELECT 1").fetchall()
    connection.commit()
    cursor.execute("SELECT 1").fetchall()
    connection.rollback()
    ends = [sql for sql in server.seen.sql() if sql.startswith(("COMMIT", "ROLLBACK"))]
    assert ends[:2] == ["COMMIT TRANSACTION", "ROLLBACK TRANSACTION"]


def test_transactions_may_be_begun_and_ended_in_sql_too(cursor):
    for sql in ("BEGIN TRAN", "SELECT 1", "COMMIT", "BEGIN TRAN", "ROLLBACK"):
        cursor.execute(sql)
    assert cursor.execute("SELECT 1").fetchall()[0][0] == 1


def test_a_session_may_change_its_database(connect):
    connection = connect()
    connection.cursor().execute("USE master")
    if hasattr(connection, "getinfo"):
        assert connection.getinfo(16) == "master"  # SQL_DATABASE_NAME, which the driver knows from the server's word
    with pytest.raises(Exception, match="does not exist"):
        connection.cursor().execute("USE nowhere")


def test_what_the_engine_does_not_answer_is_refused_by_name(cursor):
    with pytest.raises(Exception, match="does not answer: MERGE"):
        cursor.execute("MERGE INTO x")


def test_a_procedure_that_is_not_there_is_2812(cursor, driver):
    if driver != "microsoft":
        pytest.skip("only Microsoft's driver calls a procedure as one")
    with pytest.raises(Exception, match=r"Could not find stored procedure 'nothing'"):
        cursor.execute("{CALL nothing}")


def test_a_failure_of_the_engine_itself_fails_the_test_that_made_it(driver):
    broken = Tables()
    broken.create("broken", (Column("x", SqlType("int")),), [("no number",)])
    server = SqlServer(broken).__enter__()
    with (
        closing(drivers.connect(driver, server)) as connection,
        pytest.raises(Exception, match="The test server failed"),
    ):
        connection.cursor().execute("SELECT * FROM broken").fetchall()
    with pytest.raises(ExceptionGroup, match="the test server failed"):
        server.__exit__(None, None, None)


def test_many_sessions_talk_at_once(server, connect):
    server.create("t", *wide(5_000))
    cursors = [connect().cursor() for _ in range(6)]
    for cursor in cursors:
        cursor.execute("SELECT * FROM t")
    assert {len(cursor.fetchall()) for cursor in cursors} == {5_000}


def test_a_result_of_ready_blocks_is_as_long_as_it_says(server, cursor):
    columns, rows = wide(2_500)
    server.create("t", columns, rows)
    got = cursor.execute("SELECT * FROM t").fetchall()
    assert len(got) == 2_500
    assert tuple(got[0]) == tuple(got[1000]) == tuple(got[2000])
    assert [column[0] for column in cursor.description] == [column.name for column in columns]


def test_bytes_sent_are_counted_when_a_connection_ends(server, driver):
    server.create("t", *wide(1_000))
    connection = drivers.connect(driver, server)
    connection.cursor().execute("SELECT * FROM t").fetchall()
    connection.close()
    assert server.seen.leaked() == 0
    assert 80_000 < server.seen.bytes_sent < 400_000


def test_the_server_runs_as_a_process_of_its_own(driver):
    command = [sys.executable, "-m", "tds", "--table", "lines=2000"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=TESTS, **pipes) as process:
        said = json.loads(process.stdout.readline())
        assert (said["user"], said["password"]) == (USER, PASSWORD)
        connection = drivers.connect(driver, Elsewhere(said["port"]))
        assert len(connection.cursor().execute("SELECT * FROM lines").fetchall()) == 2_000
        connection.close()
        process.stdin.close()
        assert process.wait(30) == 0


class Elsewhere:
    """What `drivers` needs to know of a server in another process."""

    database = "test"

    def __init__(self, port):
        self.port = port


POOLED = """
import sys
import mssql_python

mssql_python.pooling(max_size=2, enabled=True)
for sql in ("USE master; BEGIN TRAN", "SELECT 1"):
    connection = mssql_python.connect(sys.argv[1], autocommit=True)
    connection.cursor().execute(sql)
    print(connection.getinfo(16))
    connection.close()
"""


def test_a_pool_of_a_driver_has_its_sessions_reset(server):
    if problem := drivers.missing("mssql-python"):
        pytest.skip(problem)
    command = [sys.executable, "-c", POOLED, drivers.microsoft_string(server)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert (done.stdout.split(), done.stderr) == (["master", "test"], "")
    assert server.seen.logins == 1


def test_the_process_answers_sql_from_a_file(driver, tmp_path):
    script = tmp_path / "tables.sql"
    script.write_text("CREATE TABLE dbo.t (x int NOT NULL); INSERT INTO dbo.t VALUES (1), (2)", "utf-8")
    command = [sys.executable, "-m", "tds", "--sql", str(script), "--encryption", "none"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=TESTS, **pipes) as process:
        elsewhere = Elsewhere(json.loads(process.stdout.readline())["port"])
        with closing(drivers.connect(driver, elsewhere, Encrypt="optional")) as connection:
            assert connection.cursor().execute("SELECT SUM(x) FROM dbo.t").fetchall()[0][0] == 3
        process.stdin.close()
        assert process.wait(30) == 0


def test_a_driver_that_is_not_there_is_named_with_what_installs_it(tmp_path):
    """As on a machine where neither pyodbc nor mssql-python can be imported."""
    for module in ("pyodbc", "mssql_python"):
        (tmp_path / f"{module}.py").write_text(
            "raise ImportError('libodbc.so.2: cannot open shared object file')", "utf-8"
        )
    program = "from tds import drivers; print(*map(drivers.missing, drivers.NAMES), sep='\\n')"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(TESTS)])}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", timeout=60, check=True)
    said = done.stdout.splitlines()
    assert [line.split()[0] for line in said] == ["pyodbc", "pyodbc", "mssql_python"]
    assert all("libodbc.so.2" in line for line in said)
    assert "apt-get install unixodbc" in said[0]
