"""Over a slow line to a busy service every table arrives complete, and the report tells of the repetitions."""

from __future__ import annotations

import pytest

from adls.load.shipping import build, go, read
from hygge_store_adls.testing import DfsServer, Fault, Limits


def weather(busy, dropped):
    """A share of requests is refused, every fourth of them with a word of when to come back; some are lost."""
    return (
        Fault(what="status", status=503, times=None, probability=busy * 3 / 4),
        Fault(what="status", status=503, retry_after=1, times=None, probability=busy / 4),
        Fault(what="drop", when="before", times=None, probability=dropped / 2),
        Fault(what="drop", when="after", times=None, probability=dropped / 2),
    )


def ship(folder, *, entities, latency, busy=0.2, dropped=0.01):
    with DfsServer(seed=4) as server:
        names = build(folder, server, entities, concurrency=min(entities, 25))
        server.limit(Limits(latency=latency))
        server.arm(*weather(busy, dropped))
        report, said = go(folder, server)
        server.disarm()
        server.limit(Limits())
        struck = sum(bool(seen.faults) for seen in server.requests)
        for number, name in enumerate(names):
            assert read(server, name).sort("id").rows() == [(row, number) for row in range(100)], name
    return report, said, struck


def demand_all(report, said, struck):
    assert [table["state"] for table in report["tables"]] == ["committed"] * len(report["tables"])
    assert {table["attempts"] for table in report["tables"]} == {1}, "requests were repeated, not tables"
    assert 0 < report["retries"] <= struck
    assert f"{report['retries']:,} requests made again" in said


def test_a_few_tables_arrive(tmp_path):
    demand_all(*ship(tmp_path, entities=4, latency=0.005))


@pytest.mark.slow
def test_fifty_tables_arrive_in_bad_weather(tmp_path):
    demand_all(*ship(tmp_path, entities=50, latency=0.2))


def test_a_service_that_stays_away_fails_the_table_and_shows_nothing(tmp_path):
    with DfsServer() as server:
        build(tmp_path, server, 1)
        config = (tmp_path / "hygge.toml").read_text("utf-8").replace("[options]", "[options]\nattempts = 1")
        (tmp_path / "hygge.toml").write_text(config.replace("CONTAINER", "lake"), encoding="utf-8")
        server.arm(Fault(match="rename *", what="status", status=403, code="AuthorizationFailure", times=None))
        report, said = go(tmp_path, server, code=1)
        assert report["tables"][0]["state"] == "failed"
        assert "AuthorizationFailure" in said
        assert server.key not in said
