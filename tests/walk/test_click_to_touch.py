"""A link that is followed brings the touch that counts from it; opening brings its own."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.applications import Starlette

from db.kinds import Channel, ConsentState, Purpose
from px import flow, journeys
from px.core import settings as px_settings
from px.core.tokens import fingerprint
from px.core.work import reading, work
from px.customers import ConsentFacts, CustomerFacts
from px.messages import OutboxFilter, Sender, outbox, outbox_message, words_of
from px.orders import LineFacts, OrderFacts, record_orders
from px.web import Sockets, routes
from tests.web.client import Client

JOURNEY = """
format: 1
journey: {key}
name: Care
enter: {{on: order_placed}}
touchpoints:
  - {{key: welcome, anchor: order_placed, message: {key}-welcome}}
  - {{key: clicked-it, anchor: "clicked:welcome", after: 1h, message: {key}-more}}
  - {{key: opened-it, anchor: "opened:welcome", after: 2h, message: {key}-more}}
templates:
  {key}-welcome: {{subject: "Hello", body: "[Look here](https://fern.example/care?x=1#top)"}}
  {key}-more: {{subject: "More", body: "More."}}
"""
PLACED = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
BROWSER = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


@pytest.fixture
def shop(database) -> None:
    """A shop with two journeys whose touchpoints have the same keys, and Ada's order."""
    live = PLACED - timedelta(hours=1)
    agreed = ConsentFacts(Channel.EMAIL, Purpose.MARKETING, ConsentState.GIVEN, "test", live)
    ada = CustomerFacts(source="shop", email="ada@example.com", consents=(agreed,))
    order = OrderFacts(
        source="shop",
        number="#1",
        placed_at=PLACED,
        customer=ada,
        email="ada@example.com",
        lines=(LineFacts(sku="SERUM", name="Serum", unit_minor=4900),),
        fingerprint=fingerprint("1"),
    )
    with work() as session:
        for key in ("care", "other"):
            text = JOURNEY.format(key=key)
            journeys.import_journey(session, text, overwrite=False, by="Mia", now=live)
            journeys.publish(session, key, by="Mia", now=live)
        record_orders(session, [order], historic_before=live - timedelta(days=30), now=PLACED)


def passes(now: datetime) -> None:
    """What a scheduler does at `now`, the sending in its sandbox included."""
    with reading() as session:
        settings = px_settings.current(session)
    sender = Sender(clock=lambda: now, connections=1)
    for _ in range(3):
        while flow.react(now=now):
            pass
        while flow.advance(now=now):
            pass
        sender.run(settings)
        flow.settle(now=now)
    sender.close()


def visit(pattern: str, monkeypatch: Any, now: datetime) -> Any:
    """Ada's browser asks for an address that stands in the mail of `care`."""
    with reading() as session:
        (row,) = outbox(session, OutboxFilter(journey_key="care", touchpoint="welcome"))
        said = words_of(session, row.id, px_settings.current(session))
    assert said is not None
    found = re.search(pattern, said.html or "")
    assert found is not None
    monkeypatch.setattr("px.core.clock.now", lambda: now)
    with Client(Starlette(routes=routes(Sockets())), follow_redirects=False) as browser:
        return browser.get(found[0], headers=BROWSER)


def sent() -> set[tuple[str | None, str | None]]:
    with reading() as session:
        rows = outbox(session, OutboxFilter(status="sent"))
    return {(row.journey_key, row.touchpoint) for row in rows}


@pytest.mark.usefixtures("shop")
def test_a_followed_link_brings_the_touch_that_waits_for_it(monkeypatch) -> None:
    passes(PLACED)
    both = {("care", "welcome"), ("other", "welcome")}
    assert sent() == both
    followed = PLACED + timedelta(hours=3)
    answer = visit(r"/c/[\w-]+", monkeypatch, followed)
    assert answer.headers["location"].startswith("https://fern.example/care?x=1&utm_source=")
    assert answer.headers["location"].endswith("&utm_content=welcome#top")
    passes(followed + timedelta(minutes=59))
    assert sent() == both
    passes(followed + timedelta(minutes=60))
    assert sent() == both | {("care", "clicked-it")}
    with reading() as session:
        results = journeys.touchpoint_results(session, "care")
    assert (results["welcome"].sent, results["welcome"].clicked) == (1, 1)


@pytest.mark.usefixtures("shop")
def test_an_opened_mail_brings_its_own(monkeypatch) -> None:
    passes(PLACED)
    opened = PLACED + timedelta(hours=1)
    visit(r"/i/[\w-]+", monkeypatch, opened)
    passes(opened + timedelta(hours=2))
    assert ("care", "opened-it") in sent()
    assert ("other", "opened-it") not in sent()
    with reading() as session:
        (row,) = outbox(session, OutboxFilter(journey_key="care", became="opened"))
        assert outbox_message(session, row.id).opened_at == opened
