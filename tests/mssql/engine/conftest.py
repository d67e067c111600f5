"""Sessions of the engine itself, without a wire and without drivers."""

from __future__ import annotations

import pytest

from tds.contract import Info, Parameter, Rows, Session, SqlError
from tds.engine import open_engine


class Asked:
    """One session: `run` gives all results, `rows` the rows of the last one, `value` their only value."""

    def __init__(self, engine, number=1, login="sa"):
        self.engine = engine
        self.session = Session(id=number, login=login, database="test")

    def run(self, sql, *values):
        """Run a batch; values are pairs of a type and a value, named @P1, @P2."""
        parameters = tuple(Parameter(f"@P{at}", type_, value) for at, (type_, value) in enumerate(values, 1))
        return [
            (one.columns, list(one.rows)) if isinstance(one, Rows) else one
            for one in self.engine.execute(self.session, sql, parameters)
        ]

    def rows(self, sql, *values):
        return [one for one in self.run(sql, *values) if isinstance(one, tuple)][-1][1]

    def column(self, sql, *values):
        return [value for (value,) in self.rows(sql, *values)]

    def value(self, sql, *values):
        ((value,),) = self.rows(sql, *values)
        return value

    def columns(self, sql):
        return [one for one in self.run(sql) if isinstance(one, tuple)][-1][0]

    def said(self, sql):
        return [one.text for one in self.run(sql) if isinstance(one, Info)]

    def refused(self, sql, *values):
        """Return the number of the error that a batch ends with."""
        with pytest.raises(SqlError) as caught:
            self.run(sql, *values)
        return caught.value.number


@pytest.fixture
def engine():
    return open_engine()


@pytest.fixture
def sessions(engine):
    """Open as many sessions as a test wants; each is closed in the end."""
    opened = []

    def session(login="sa"):
        opened.append(Asked(engine, len(opened) + 1, login))
        return opened[-1]

    yield session
    for one in opened:
        engine.close(one.session)


@pytest.fixture
def ask(sessions):
    return sessions()


@pytest.fixture
def asked():
    """Open a session of an engine that the test made."""
    return Asked
