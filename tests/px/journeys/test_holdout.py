"""What a held-out share can show, against figures published and computed elsewhere."""

from datetime import UTC, datetime, timedelta

import pytest

from px.core.settings import Settings
from px.core.work import reading, work
from px.customers import CustomerFacts
from px.journeys import read_document
from px.journeys.publishing.holdout import (
    Entries,
    entries_of,
    holdout_sentence,
    sentence,
)
from px.journeys.results.chance import people_needed, smallest_lift
from px.orders import LineFacts, OrderFacts, record_orders

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
JOURNEY = """
format: 1
journey: care
name: Care
enter: {on: order_placed, where: {field: order.skus, op: contains, value: SERUM-30}}
goal: {on: order_placed, within: 60d}
holdout: 0.1
touchpoints:
  - {key: tips, anchor: delivered, message: tips}
"""


@pytest.mark.parametrize(
    ("base", "lift", "held_out", "people"),
    [
        (0.15, 0.02, 0.05, 56_470),
        (0.15, 0.05, 0.1, 5_192),
        (0.20, 0.02, 0.1, 36_552),
        (0.20, 0.05, 0.5, 2_187),
        (0.30, 0.03, 0.2, 11_826),
    ],
)
def test_so_many_people_are_needed(base: float, lift: float, held_out: float, people: int) -> None:
    assert int(people_needed(base, lift, held_out)) == pytest.approx(people, abs=1)


@pytest.mark.parametrize(
    ("people", "held_out", "points"),
    [(500, 0.1, 19.3), (500, 0.5, 10.9), (5_000, 0.2, 4.1), (50_000, 0.5, 1.0)],
)
def test_so_small_a_lift_can_be_seen(people: int, held_out: float, points: float) -> None:
    lift = smallest_lift(0.2, people, held_out)
    assert lift is not None
    assert round(lift * 100, 1) == points


def test_a_handful_of_people_shows_nothing() -> None:
    assert smallest_lift(0.2, 5, 0.1) is None


def test_a_small_shop_is_told_that_a_tenth_is_too_little() -> None:
    assert sentence(0.1, Entries(1_200, 0.2)) == (
        "With about 1,200 customers in three months (20 % come back anyway) and 10 % held out, "
        "only a lift above 12 points shows. With half of them held out it would be 7 points."
    )


def test_who_holds_nobody_out_is_told_what_it_would_show() -> None:
    assert sentence(0, Entries(5_000, 0.2)) == (
        "Nobody is held out, so nobody can tell what the journey does. "
        "With about 5,000 customers in three months (20 % come back anyway) and half of them held "
        "out, a lift above 3 points would show."
    )


def test_a_very_small_shop_is_told_so() -> None:
    assert sentence(0.1, Entries(12, 0.2)).startswith("About 12 customers enter in three months")


def buy(customer: int, days_ago: int, sku: str = "SERUM-30") -> OrderFacts:
    email = f"c{customer}@example.com"
    return OrderFacts(
        source="shop",
        number=f"#{customer}-{days_ago}",
        placed_at=NOW - timedelta(days=days_ago),
        customer=CustomerFacts(source="shop", email=email),
        email=email,
        lines=(LineFacts(sku=sku, name=sku, unit_minor=100),),
        fingerprint=f"{customer}-{days_ago}",
    )


@pytest.mark.usefixtures("database")
def test_the_shop_is_asked_who_enters_and_who_comes_back_anyway(settings: Settings) -> None:
    lately = [buy(n, 10) for n in range(60)] + [buy(n, 11, "BRUSH-1") for n in range(100, 140)]
    before = [buy(n, 100) for n in range(200, 220)] + [buy(n, 70) for n in range(200, 205)]
    with work() as session:
        record_orders(session, [*lately, *before], historic_before=NOW, now=NOW)
    document = read_document(JOURNEY)
    with reading() as session:
        found = entries_of(session, document, settings=settings, now=NOW)
        said = holdout_sentence(session, document, settings=settings, now=NOW)
    assert found == Entries(customers=65, base=0.25)
    assert said.startswith("With about 60 customers in three months (25 % come back anyway)")
