"""The demo shop is the same every time, uses the real verbs, and never disturbs real data."""

import random
from datetime import datetime, timedelta

import pytest

from db.engine import Database
from db.kinds import Role
from px import journeys
from px.core import settings
from px.core.work import reading, work
from px.customers import customer_by_email, identify
from px.demo import NotEmpty, OnlyInSandbox, fill_demo, is_empty
from px.demo.history import history, parcel
from px.demo.people import people
from px.demo.shop import live_through
from px.messages import count_by_status
from px.orders import order_counts, orders_of, record_orders
from px.team import add_staff, has_staff
from tests.builders import order, person


def test_its_journeys_have_run_and_go_on(database: Database, now: datetime) -> None:
    filled = live_through(now=now, customers=60, live_for=timedelta(days=22))
    with reading() as session:
        assert filled.orders == order_counts(session)["all"] == 100
        assert count_by_status(session) == {"sent": filled.messages}
        lines = {line.key: line.status for line in journeys.journey_lines(session)}
        touches = {touch.status for touch in journeys.touch_lines(session)}
        assert settings.current(session).shop_name == "Fern & Fable"
    assert filled.messages >= 5
    assert lines == dict.fromkeys(("serum-ownership", "brush-care", "fern-letters"), "live")
    assert {"sent", "planned", "waiting", "skipped"} <= touches


def test_an_empty_px_gets_all_of_it_and_counts_on(database: Database, now: datetime) -> None:
    filled = fill_demo(now=now, customers=20, live_for=timedelta(days=2))
    with work() as session:
        assert order_counts(session)["all"] == filled.orders
        assert not is_empty(session)
        new = order("ada", "#1", at=now)
        record_orders(session, [new], now=now, historic_before=now - timedelta(days=1))
    with reading() as session:
        ada = customer_by_email(session, "ada@example.com") or 0
        assert [one.number for one in orders_of(session, ada)] == ["#1"]
        assert order_counts(session)["all"] == filled.orders + 1
    with pytest.raises(NotEmpty, match="There is data here already"):
        fill_demo(now=now)


def test_it_stays_out_of_a_px_that_has_data(database: Database, now: datetime) -> None:
    with work() as session:
        identify(session, [person("ada", now=now)], now=now)
    with pytest.raises(NotEmpty):
        fill_demo(now=now)
    with reading() as session:
        assert order_counts(session)["all"] == 0
        assert settings.load(session).sources["shop_name"] == "default"


def test_staff_and_settings_that_are_there_stay(database: Database, now: datetime) -> None:
    with work() as session:
        add_staff(
            session,
            email="ann@example.com",
            role=Role.ADMIN,
            password="a password of some length",
            by="host",
            now=now,
        )
        settings.save(session, {"brand_colour": "#123456"}, by="ann", now=now)
    fill_demo(now=now, customers=3, live_for=timedelta(days=1))
    with reading() as session:
        assert has_staff(session)
        current = settings.current(session)
    assert current.brand_colour == "#123456"
    assert current.shop_name == "Fern & Fable"


def test_it_stays_out_of_live_mode(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PX_MODE", "live")
    with pytest.raises(OnlyInSandbox):
        fill_demo(now=now)


def test_what_the_host_has_set_stays(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PX_SHOP_ZONE", "Asia/Tokyo")
    live_through(now=now, customers=3, live_for=timedelta(hours=2))
    with reading() as session:
        loaded = settings.load(session)
    assert loaded.values.shop_zone == "Asia/Tokyo"
    assert loaded.sources["shop_zone"] == "environment"
    assert loaded.sources["shop_name"] == "settings page"


def test_the_same_people_do_the_same_things(now: datetime) -> None:
    def told() -> list[object]:
        draw = random.Random(1)
        return list(history(people(80, draw), draw, now=now))

    assert told() == told()


def test_everybody_is_made_up(now: datetime) -> None:
    cast = people(300, random.Random(7))
    assert len({person.email for person in cast}) == 300
    assert all(person.email.endswith("@example.com") and person.email.isascii() for person in cast)
    phones = [person.phone for person in cast if person.phone]
    assert len(set(phones)) == len(phones)
    assert len({person.country for person in cast}) >= 10


def test_the_shop_is_believable(now: datetime) -> None:
    draw = random.Random(7)
    bought = history(people(300, draw), draw, now=now)
    visits = [purchase.person.number for purchase in bought]
    again = sum(visits.count(number) > 1 for number in set(visits)) / 300
    assert 0.25 < again < 0.5
    assert all(purchase.order.placed_at < purchase.shipped_at for purchase in bought)
    assert all(purchase.shipped_at < purchase.delivered_at for purchase in bought)
    assert max(purchase.order.placed_at for purchase in bought) < now
    december = sum(purchase.order.placed_at.month == 12 for purchase in bought)
    july = sum(purchase.order.placed_at.month == 7 for purchase in bought)
    assert december > july
    statuses = {facts.status.value for one in bought if (facts := parcel(one, now=now))}
    assert {"delivered", "in_transit"} <= statuses
