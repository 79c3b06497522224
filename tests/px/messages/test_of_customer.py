"""The messages to one customer."""

from datetime import timedelta

from px import journeys
from px.core.work import reading, work
from px.messages import messages_of
from px.orders import record_orders
from tests.builders import order, settle_in
from tests.walk.test_order_to_message import JOURNEY, run


def test_a_customer_sees_their_own_messages_newest_first(database, now):
    with work() as session:
        cast = settle_in(session, now=now, key=b"a key")
        journeys.import_journey(session, JOURNEY, overwrite=False, by="Mia", now=now)
        journeys.publish(session, "care", by="Mia", now=now)
    facts = [order("ada", "#7", at=now), order("dora", "#8", at=now), order("ada", "#9", at=now)]
    with work() as session:
        record_orders(session, facts, now=now, historic_before=now - timedelta(days=9), key=b"k")
    run(now)
    with reading() as session:
        told = messages_of(session, cast["ada"])
        assert len(messages_of(session, cast["ada"], limit=1)) == 1
        assert messages_of(session, cast["ben"]) == []
    assert [(m.channel, m.status, m.to_address, m.at) for m in told] == [
        ("email", "queued", "ada@example.com", now),
        ("email", "queued", "ada@example.com", now),
    ]
    assert told[0].id > told[1].id
