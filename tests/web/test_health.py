"""/health tells a watchdog whether the work is being done, and nothing else."""

from datetime import UTC, datetime

import pytest

from px.core.lease import note_tick, take_lease
from px.core.work import close_database, work
from tests.web.client import Client


def tick(at: datetime) -> None:
    with work() as session:
        take_lease(session, "scheduler", owner="host:1", seconds=30, now=at)
        note_tick(session, "scheduler", detail={"secret": "not shown"}, now=at)


def test_a_server_that_has_not_ticked_yet_is_well(visitor: Client) -> None:
    answer = visitor.get("/health")
    assert answer.status_code == 200
    assert answer.json() == {
        "ok": True,
        "version": "0.1.0",
        "database": "up",
        "last_tick": None,
    }


@pytest.mark.parametrize(
    ("ticked", "status"),
    [
        (datetime(2026, 5, 4, 11, 59, 30, tzinfo=UTC), 200),
        (datetime(2026, 5, 4, 11, 55, 0, tzinfo=UTC), 200),
        (datetime(2026, 5, 4, 11, 54, 59, tzinfo=UTC), 503),
    ],
)
def test_a_scheduler_that_stopped_is_noticed_after_five_minutes(
    visitor: Client, ticked: datetime, status: int
) -> None:
    tick(ticked)
    answer = visitor.get("/health")
    assert answer.status_code == status
    assert answer.json()["last_tick"] == ticked.isoformat()
    assert "secret" not in answer.text
    assert "host" not in answer.text


def test_without_its_database_it_is_not_well(visitor: Client) -> None:
    close_database()
    answer = visitor.get("/health")
    assert answer.status_code == 503
    assert answer.json()["database"] == "down"


def test_it_is_not_kept_in_a_cache(visitor: Client) -> None:
    assert visitor.get("/health").headers["cache-control"] == "no-store"


def test_search_engines_are_asked_to_stay_away(visitor: Client) -> None:
    assert visitor.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
