"""Who gets how much in which week, what the cap does, and which journey goes first."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from db.kinds import Channel, ConsentState, Purpose
from px import journeys
from px.core import settings as px_settings
from px.core.errors import NotFound
from px.core.settings import Settings
from px.core.work import reading, work
from px.customers import ConsentFacts, CustomerFacts, customer_by_email
from px.journeys import pressure
from px.journeys.results.queries import touch_lines
from px.orders import LineFacts, OrderFacts, record_orders
from tests.px.journeys.test_forecast import live_on

LIVE = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
HEAD = """
format: 1
journey: {key}
name: {name}
per: {per}
enter: {{on: order_placed}}
touchpoints:
{points}
templates:
  note: {{subject: "Note", body: "Hello"}}
"""


def journey(key: str, *points: str, per: str = "order") -> str:
    """A journey of these touchpoints (flow mappings)."""
    lines = "\n".join(f"  - {point}" for point in points)
    return HEAD.format(key=key, name=key.capitalize(), per=per, points=lines)


def go_live(*texts: str) -> None:
    with work() as session:
        for text in texts:
            made = journeys.import_journey(session, text, overwrite=True, by="Mia", now=LIVE)
            journeys.publish(session, made.key, by="Mia", now=LIVE)


def buy(name: str, *, at: datetime = NOW) -> int:
    """The customer, who agreed to marketing, has ordered; their number."""
    email = f"{name}@example.com"
    yes = ConsentFacts(Channel.EMAIL, Purpose.MARKETING, ConsentState.GIVEN, "checkout", at)
    person = CustomerFacts(source="shop", external_id=name, email=email, consents=(yes,))
    order = OrderFacts(
        source="shop", number=f"#{name}", placed_at=at, customer=person, email=email,
        lines=(LineFacts(sku="SERUM-30", name="Serum", unit_minor=4900),),
    )  # fmt: skip
    with work() as session:
        record_orders(session, [order], historic_before=LIVE, now=at)
        return customer_by_email(session, email) or 0


@pytest.fixture
def shop(database: Any, settings: Settings) -> Settings:
    """At most one marketing message in seven days, no quiet hours."""
    said = {"cap_messages": 1, "cap_days": 7, "quiet_from": "", "quiet_to": ""}
    said |= {"mail_from": "hello@fern.example"}
    with work() as session:
        px_settings.save(session, said, by="Mia", now=LIVE)
    return settings.model_copy(update=said)


def uncapped(shop: Settings) -> Settings:
    with work() as session:
        px_settings.save(session, {"cap_messages": 0}, by="Mia", now=LIVE)
    return shop.model_copy(update={"cap_messages": 0})


ADVICE = journey("advice", "{key: tip, anchor: order_placed, after: 2d, message: note}")
LETTERS = journey(
    "letters", "{key: letter, anchor: order_placed, after: 2d, message: note}", per="customer"
)


def sent() -> set[tuple[str, str]]:
    """Which touchpoints were sent, and what became of the others."""
    with reading() as session:
        return {(line.journey, line.reason or line.status) for line in touch_lines(session)}


def order_by(*keys: str) -> None:
    with work() as session:
        pressure.set_order(session, keys)


@pytest.mark.parametrize("first", ["advice", "letters"])
def test_the_journey_of_higher_priority_gets_the_last_place(shop, first) -> None:
    go_live(ADVICE, LETTERS)
    second = {"advice": "letters", "letters": "advice"}[first]
    order_by(first, second)
    buy("ada")
    live_on(shop, since=NOW, until=NOW + timedelta(days=5))
    assert sent() == {(first, "sent"), (second, "capped")}


@pytest.mark.parametrize("later", ["advice", "letters"])
def test_at_equal_priority_the_earlier_anchor_gets_the_last_place(shop, later) -> None:
    """Both wait for nine in the morning; the one counted from the earlier moment goes."""
    points = {
        "advice": '{key: tip, anchor: order_placed, after: 2d, at: "09:00", message: note}',
        "letters": '{key: letter, anchor: order_paid, after: 2d, at: "09:00", message: note}',
    }
    points[later] = (
        points[later]
        .replace("order_placed", "milestone:told")
        .replace("order_paid", "milestone:told")
    )
    go_live(*(journey(key, point) for key, point in points.items()))
    ada = buy("ada")
    from px.core.events import NewEvent, record_events

    told = NewEvent("m", "milestone:told", NOW + timedelta(hours=1), customer_id=ada)
    with work() as session:
        record_events(session, [told], now=NOW + timedelta(hours=1))
    live_on(shop, since=NOW, until=NOW + timedelta(hours=2))
    live_on(shop, since=NOW + timedelta(hours=2), until=NOW + timedelta(days=4))
    earlier = {"advice": "letters", "letters": "advice"}[later]
    assert (later, "capped") in sent()
    assert (earlier, "sent") in sent()


def test_customers_are_counted_by_messages_in_a_week(shop) -> None:
    free = uncapped(shop)
    go_live(
        journey(
            "advice",
            "{key: one, anchor: order_placed, after: 1d, message: note}",
            "{key: two, anchor: order_placed, after: 2d, message: note}",
            "{key: many, anchor: order_placed, after: 3d, repeat: {every: 1d, times: 3}, "
            "message: note}",
            "{key: later, anchor: order_placed, after: 10d, message: note}",
        ),
        LETTERS,
    )
    ada, ben = buy("ada"), buy("ben")
    live_on(free, since=NOW, until=NOW)
    with reading() as session:
        found = pressure.pressure_map(session, settings=free, now=NOW)
    assert found.cells == {(0, 4): 2, (1, 1): 2}
    assert (found.customers, found.messages) == (2, 14)
    assert [week[0].isoformat() for week in found.weeks] == [
        "2026-05-04", "2026-05-11", "2026-05-18", "2026-05-25", "2026-06-01",
    ]  # fmt: skip
    assert [(one.customer_id, one.week, one.messages) for one in found.crowded] == [
        (ada, 0, 6),
        (ben, 0, 6),
    ]
    assert set(found.crowded[0].journeys) == {"advice", "letters"}
    assert found.at_least(3, 0) == 2
    assert found.by_journey["letters"].sent == 2
    assert found.contended == []


def test_what_the_cap_moves_and_drops_is_counted_with_its_journey(shop) -> None:
    patient = (
        "{key: tip, anchor: order_placed, after: 2d, late: {within: 9d, else: skip}, message: note}"
    )
    hasty = "{key: letter, anchor: order_placed, after: 3d, message: note}"
    go_live(journey("advice", patient), journey("letters", hasty), journey("news", patient))
    order_by("news", "letters", "advice")
    ada = buy("ada")
    live_on(shop, since=NOW, until=NOW)
    with reading() as session:
        found = pressure.pressure_map(session, settings=shop, now=NOW)
    counts = {key: (one.sent, one.moved, one.dropped) for key, one in found.by_journey.items()}
    assert counts == {"news": (1, 0, 0), "letters": (0, 0, 1), "advice": (1, 1, 0)}
    assert (found.moved, found.dropped, found.contended) == (1, 1, [ada])
    assert found.cells == {(0, 1): 1, (1, 1): 1}


def test_the_effect_of_another_order_is_what_then_happens(shop) -> None:
    go_live(ADVICE, LETTERS)
    order_by("advice", "letters")
    for name in ("ada", "ben", "cleo"):
        buy(name)
    live_on(shop, since=NOW, until=NOW)
    with reading() as session:
        found = pressure.pressure_map(session, settings=shop, now=NOW)
        same = pressure.effect_of_order(
            session, ["advice", "letters"], found.contended, settings=shop, now=NOW
        )
        effect = pressure.effect_of_order(
            session, ["letters", "advice"], found.contended, settings=shop, now=NOW
        )
    assert (same.exchanges, same.moved) == ([], 0)
    assert dict(effect.more) == {"letters": 3}
    assert dict(effect.fewer) == {"advice": 3}
    one = effect.exchanges[0]
    assert ([t.label for t in one.gets], [t.label for t in one.instead_of]) == (["Letter"], ["Tip"])
    order_by("letters", "advice")
    live_on(shop, since=NOW + timedelta(hours=1), until=NOW + timedelta(days=5))
    live_on(shop, since=NOW + timedelta(days=2), until=NOW + timedelta(days=5))
    assert sent() == {("letters", "sent"), ("advice", "capped")}


def test_the_order_holds_for_what_is_in_the_outbox_already(shop) -> None:
    from sqlmodel import select

    from db.models.messages import Message
    from px import flow

    go_live(ADVICE, LETTERS)
    buy("ada")
    flow.react(now=NOW)
    due = NOW + timedelta(days=2)
    flow.advance(now=due)
    order_by("letters", "advice")
    with reading() as session:
        waiting = {m.journey_key: m.priority for m in session.scalars(select(Message))}
    # In the table the smaller leaves first.
    assert set(waiting.items()) <= {("letters", -2), ("advice", -1)}
    assert waiting


def test_an_order_with_a_journey_that_does_not_run_is_refused(shop) -> None:
    go_live(ADVICE)
    with pytest.raises(NotFound, match="no live journey 'gone'"), work() as session:
        pressure.set_order(session, ["gone", "advice"])
    with reading() as session:
        assert [one.key for one in pressure.ordered_journeys(session)] == ["advice"]


def test_the_mark_changes_with_the_order_and_with_what_happens(shop) -> None:
    go_live(ADVICE, LETTERS)

    def mark() -> tuple[int, ...]:
        with reading() as session:
            return pressure.data_mark(session)

    first = mark()
    assert mark() == first
    order_by("letters", "advice")
    second = mark()
    assert second != first
    buy("ada")
    assert mark() != second


def test_new_orders_are_an_estimate_of_their_own(shop) -> None:
    go_live(ADVICE)
    buy("ada", at=NOW - timedelta(days=3) + timedelta(hours=1))
    begin = NOW - timedelta(days=3) + timedelta(hours=1)
    live_on(shop, since=begin, until=NOW)
    with reading() as session:
        found = pressure.pressure_map(session, settings=shop, now=NOW)
    assert found.cells == {}
    # It was sent a day ago: in the last week of the thirty days before.
    assert found.estimate == {(4, 1): 1}


def test_nobody_inside_is_an_empty_map(shop) -> None:
    with reading() as session:
        found = pressure.pressure_map(session, settings=shop, now=NOW)
    assert (found.customers, found.messages, found.cells, found.crowded) == (0, 0, {}, [])
