"""What happened to one customer."""

from datetime import timedelta

import pytest

from px.core.events import NewEvent, record_events
from px.core.history import history_of
from px.core.work import reading, work
from tests.builders import settle_in


@pytest.fixture
def cast(database, now) -> dict[str, int]:
    with work() as session:
        return settle_in(session, now=now, key=b"a key")


def test_every_kind_is_told_milestones_too_and_the_newest_first(cast, now):
    first_use = NewEvent("m:1", "milestone:first_use", now, cast["dora"])
    with work() as session:
        record_events(session, [first_use], now=now)
    with reading() as session:
        kinds = [one.kind for one in history_of(session, cast["dora"])]
    assert kinds[0] == "milestone:first_use"
    assert set(kinds[1:]) == {"order_placed", "order_paid"}


def test_only_the_last_ones_are_told_and_only_the_customers_own(cast, now):
    with reading() as session:
        told = history_of(session, cast["ada"], limit=2)
    assert len(told) == 2
    assert all(one.at == now - timedelta(days=1) for one in told)
