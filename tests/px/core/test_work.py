"""Units of work keep everything or nothing; each test has a database of its own."""

from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlmodel import Session, col

from db.engine import Database
from db.models.system import Event
from px.core.errors import DatabaseProblem
from px.core.events import NewEvent, record_events
from px.core.work import close_database, open_database, reading, work


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Event)) or 0


@pytest.mark.parametrize("run", [1, 2])
def test_every_test_begins_with_empty_tables_that_count_from_one(
    run: int, database: Database, now: datetime
) -> None:
    with work() as session:
        assert count(session) == 0
        record_events(session, [NewEvent(key="a", kind="order_placed", at=now)], now=now)
    with reading() as session:
        assert session.scalars(select(col(Event.id))).all() == [1]


def test_an_error_undoes_the_whole_unit_of_work(database: Database, now: datetime) -> None:
    def record_and_fail() -> None:
        with work() as session:
            record_events(session, [NewEvent(key="a", kind="order_placed", at=now)], now=now)
            raise KeyError

    with pytest.raises(KeyError):
        record_and_fail()
    with reading() as session:
        assert count(session) == 0


def test_the_same_event_twice_stands_once(database: Database, now: datetime) -> None:
    event = NewEvent(key="order:1:placed", kind="order_placed", at=now)
    for _ in range(2):
        with work() as session:
            record_events(session, [event, event], now=now)
    with reading() as session:
        assert count(session) == 1


def test_times_come_back_aware_and_in_utc(database: Database, now: datetime) -> None:
    with work() as session:
        record_events(session, [NewEvent(key="a", kind="order_placed", at=now)], now=now)
    with reading() as session:
        read = session.scalars(select(col(Event.at))).one()
    assert read.isoformat() == "2026-05-04T12:00:00+00:00"


def test_without_a_database_the_sentence_says_so() -> None:
    close_database()
    with pytest.raises(DatabaseProblem, match="No database is open"), work():
        pass


@pytest.mark.parametrize("address", ["nonsense", "mysql+nothing://x/y", ""])
def test_an_address_that_is_none_is_refused_with_examples(address: str) -> None:
    with pytest.raises(DatabaseProblem, match="PX_DATABASE_URL is not a database address"):
        open_database(address)
