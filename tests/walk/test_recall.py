"""A recall reaches whoever bought the item, also long ago, with or without consent."""

from datetime import UTC, datetime, timedelta

from px import flow, journeys
from px.core.tokens import fingerprint
from px.core.work import reading, work
from px.customers import CustomerFacts
from px.journeys import Wanted
from px.messages import OutboxFilter, outbox
from px.orders import LineFacts, OrderFacts, record_orders

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def bought(name: str, sku: str, *, days_ago: int) -> OrderFacts:
    email = f"{name}@example.com"
    return OrderFacts(
        source="shop",
        number=f"#{name}",
        placed_at=NOW - timedelta(days=days_ago),
        customer=CustomerFacts(source="shop", email=email, first_name=name.capitalize()),
        email=email,
        lines=(LineFacts(sku=sku, name="Reading lamp", unit_minor=4900),),
        fingerprint=fingerprint([name]),
    )


def test_a_recall_published_since_the_first_sale_reaches_old_orders_of_that_item(database):
    orders = [
        bought("ada", "LAMP-1", days_ago=400),
        bought("ben", "LAMP-2", days_ago=3),
        bought("cleo", "CHAIR-1", days_ago=30),
        bought("dora", "LAMP-1", days_ago=700),
    ]
    with work() as session:
        record_orders(session, orders, historic_before=NOW - timedelta(days=30), now=NOW)
        wanted = Wanted(name="Lamp recall", skus=["LAMP-1", "LAMP-2"])
        key = journeys.take(session, "recall", wanted, by="Mia", now=NOW).key
        journeys.publish(session, key, by="Mia", now=NOW, since=NOW - timedelta(days=600))
    for _ in range(3):
        while flow.react(now=NOW):
            pass
        while flow.advance(now=NOW):
            pass
    with reading() as session:
        sent = [(row.touchpoint, row.to_address) for row in outbox(session, OutboxFilter())]
    assert sorted(sent) == [("notice", "ada@example.com"), ("notice", "ben@example.com")]
