"""Whatever the journeys are: what is forecast is what the scheduler then does, touch by touch."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from px import journeys
from px.core import settings as px_settings
from px.core.settings import Settings
from px.core.work import reading, work
from px.journeys import next_days
from px.journeys import pressure as order_of
from tests.px.journeys.test_forecast import LIVE, arrive, buy, expected, happened, live_on

PLACED = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
TEXT = """
format: 1
journey: {key}
name: {key}
per: {per}
enter: {{on: order_placed}}
touchpoints:
{points}
templates:
  note: {{subject: "Note", body: "Hello"}}
"""


def touchpoint(draw: random.Random, number: int, keys: list[str]) -> str:
    """A touchpoint of any kind, as a flow mapping."""
    anchors = ["order_placed", "order_placed", "delivered"]
    anchors += [f"sent:{key}" for key in keys[:2]] + [f"unanswered:{key}" for key in keys[:1]]
    parts = {
        "key": f"t{number}",
        "purpose": draw.choice(["marketing", "marketing", "marketing", "transactional"]),
        "anchor": draw.choice(anchors),
        "after": draw.choice(["0", "1h", "1d", "2d3h", "5d", "9d", "2w"]),
        "message": "note",
        "ask": f"{{question: q{number}, wait: {draw.choice(['1d', '3d', '30h'])}}}",
    }
    if draw.random() < 0.5:
        parts["at"] = f'"{draw.choice(["09:00", "09:00", "15:30", "23:15"])}"'
    if draw.random() < 0.3:
        parts["window"] = draw.choice(
            ['{from: "09:00", to: "17:00"}', "{days: [sat, sun]}", '{from: "22:00", to: "02:00"}']
        )
    if draw.random() < 0.3:
        parts["repeat"] = f"{{every: {draw.choice(['1d', '4d', '1w'])}, times: 4}}"
    if draw.random() < 0.4:
        otherwise = draw.choice(["skip", "review"])
        parts["late"] = f"{{within: {draw.choice(['2h', '3d', '8d'])}, else: {otherwise}}}"
    if draw.random() < 0.3:
        parts["if"] = draw.choice(
            [
                "{not: {did: message_sent, within: 40h}}",
                "{did: message_sent, within: 3d, times: 2}",
                "{field: order.total_minor, op: gte, value: 9900}",
            ]
        )
    return "  - {" + ", ".join(f"{name}: {value}" for name, value in parts.items()) + "}"


def any_journey(draw: random.Random, key: str) -> str:
    keys: list[str] = []
    points = []
    for number in range(draw.randint(2, 6)):
        points.append(touchpoint(draw, number, draw.sample(keys, len(keys))))
        keys.append(f"t{number}")
    per = draw.choice(["order", "order", "customer", "order_line"])
    return TEXT.format(key=key, per=per, points="\n".join(points))


@pytest.mark.parametrize("seed", [3, 11])
def test_any_journeys_do_what_was_forecast(database: Any, settings: Settings, seed: int) -> None:
    draw = random.Random(seed)
    said = {
        "shop_zone": draw.choice(["Europe/Berlin", "America/New_York", "UTC"]),
        "cap_messages": draw.choice([1, 2, 3]),
        "cap_days": draw.choice([2, 7]),
        "mail_from": "hello@fern.example",
    }
    keys = ["one", "two", "three"]
    with work() as session:
        for key in keys:
            text = any_journey(draw, key)
            journeys.import_journey(session, text, overwrite=True, by="Mia", now=LIVE)
            journeys.publish(session, key, by="Mia", now=LIVE)
        if draw.random() < 0.7:
            order_of.set_order(session, draw.sample(keys, 3))
        px_settings.save(session, said, by="Mia", now=LIVE)
    shop = settings.model_copy(update=said)
    buy("ada", "#1", at=PLACED)
    buy("ben", "#2", at=PLACED + timedelta(minutes=3))
    buy("ada", "#3", at=PLACED + timedelta(minutes=9))
    live_on(shop, since=PLACED, until=PLACED + timedelta(minutes=20))
    if draw.random() < 0.6:
        arrive("#1", at=PLACED + timedelta(minutes=30))
    begin = PLACED + timedelta(hours=draw.choice([1, 30, 75]))
    live_on(shop, since=PLACED + timedelta(minutes=30), until=begin)
    with reading() as session:
        told = next_days(session, days=30, settings=shop, now=begin)
    end = begin + timedelta(days=30)
    live_on(shop, since=begin, until=end)
    assert expected(told) == happened(since=begin, until=end)
