"""Test mode: only chosen addresses enter, until the journey is opened to everybody."""

from dataclasses import replace
from datetime import timedelta

import pytest

from px import journeys
from px.core.errors import InvalidInput, PxError
from px.core.work import reading, work
from px.customers import CustomerFacts
from tests.walk.test_order_to_message import JOURNEY, PLACED, import_orders, in_outbox, order, run

pytestmark = pytest.mark.usefixtures("database")


def start(*addresses: str, with_past: bool = False) -> list[str]:
    live = PLACED - timedelta(hours=1)
    with work() as session:
        journeys.import_journey(session, JOURNEY, overwrite=False, by="Mia", now=live)
        return journeys.start_test(
            session, "care", addresses, by="Mia", now=live, with_past=with_past
        )


def of(email: str, number: str) -> None:
    buyer = CustomerFacts(source="shopify", email=email)
    import_orders(replace(order(number), customer=buyer, email=email))


def written_to() -> list[str]:
    return [address for _touchpoint, _status, address in in_outbox()]


def test_only_those_who_test_enter_whatever_the_case_of_their_address() -> None:
    assert start(" Mia@Shop.example ") == ["mia@shop.example"]
    of("mia@shop.example", "#1")
    of("ada@example.com", "#2")
    run(PLACED)
    assert written_to() == ["mia@shop.example"]


def test_once_it_is_open_the_next_orders_enter_and_the_earlier_ones_do_not() -> None:
    start("mia@shop.example")
    of("ada@example.com", "#2")
    run(PLACED)
    with work() as session:
        journeys.open_to_all(session, "care", now=PLACED + timedelta(minutes=1))
    run(PLACED + timedelta(minutes=2))
    assert written_to() == []
    later = PLACED + timedelta(hours=1)
    import_orders(order("#3", later), now=later)
    run(later)
    assert written_to() == ["ada@example.com"]


def test_the_orders_of_those_who_test_are_taken_in_when_asked() -> None:
    import_orders(order("#0", PLACED - timedelta(days=1)), now=PLACED - timedelta(days=1))
    run(PLACED - timedelta(days=1))
    start("ada@example.com", with_past=True)
    run(PLACED - timedelta(hours=1))
    assert written_to() == ["ada@example.com"]


def test_a_journey_that_is_live_for_everybody_is_not_narrowed_down() -> None:
    with work() as session:
        journeys.import_journey(session, JOURNEY, overwrite=False, by="Mia", now=PLACED)
        journeys.publish(session, "care", by="Mia", now=PLACED)
    with pytest.raises(PxError, match="is live for everybody"), work() as session:
        journeys.start_test(session, "care", ["a@example.com"], by="Mia", now=PLACED)
    with pytest.raises(PxError, match="is not in test mode"), work() as session:
        journeys.open_to_all(session, "care", now=PLACED)


@pytest.mark.parametrize("addresses", [[], ["  "], ["not an address"], ["a@b.example"] * 51])
def test_what_is_no_address_is_refused_and_nothing_goes_live(addresses: list[str]) -> None:
    with pytest.raises(InvalidInput):
        start(*addresses)
    with reading() as session:
        assert journeys.journey_lines(session) == []
