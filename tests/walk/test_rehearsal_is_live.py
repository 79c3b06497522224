"""The rehearsal of a period equals what a live run over the same events did, touch by touch.

The demo shop is lived through, told of each thing when it happens and looked at whenever something
is due. Then the same period is rehearsed, from what the tables say at its end.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlmodel import select

from db.models.journeys import Enrolment, Journey, Touch
from px import journeys
from px.core.settings import Settings
from px.core.work import reading, work
from px.journeys.rehearsal.past import shop_rehearsal
from px.journeys.rehearsal.rehearsal import rehearse
from tests.walk.live_shop import LiveShop, demo_journey, mishaps

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
FOLDER = Path(__file__).parent / "journeys"
# care: every kind of anchor, holds, and conditions over what is known only by and by.
# again: one enrolment per customer, again after a while. lines: one for each line of an order.
CARE, AGAIN, LINES = (
    (FOLDER / f"{name}.yaml").read_text(encoding="utf-8") for name in ("care", "again", "lines")
)


def live_touches(key: str) -> dict[tuple[str, str, int], tuple[Any, ...]]:
    """Every touch of the journey by its enrolment, as the live run left it."""
    with reading() as session:
        rows = session.exec(
            select(Enrolment, Touch)
            .join(Touch, Touch.enrolment_id == Enrolment.id)
            .join(Journey, Journey.id == Enrolment.journey_id)
            .where(Journey.key == key)
        ).all()
    return {
        (_named(enrolment), touch.touchpoint, touch.occurrence): _brief(touch)
        for enrolment, touch in rows
    }


def rehearsed_touches(key: str, since: datetime) -> dict[tuple[str, str, int], tuple[Any, ...]]:
    with reading() as session:
        rows = rehearse(shop_rehearsal(session, key, since=since).ending(NOW))
    return {(row.enrolment, *row.touch.key): _brief(row.touch) for row in rows}


def _named(enrolment: Enrolment) -> str:
    kind, _, rest = enrolment.key.partition(":")
    return f"{enrolment.order_id}:{rest}" if kind == "line" else rest


def _brief(touch: Any) -> tuple[Any, ...]:
    return (
        str(touch.status),
        touch.reason and str(touch.reason),
        touch.channel and str(touch.channel),
        touch.variant,
        touch.due_at,
        touch.settled_at,
    )


def look_at_the_end(current: Settings) -> None:
    """Touches that are planned for later are looked at once more, as the rehearsal does."""
    with work() as session:
        active = session.exec(select(Enrolment.id).where(Enrolment.status == "active")).all()
        journeys.replan(session, sorted(active), settings=current, now=NOW)


def compare(shop: LiveShop, current: Settings, *keys: str) -> dict[str, int]:
    """Each journey's touches are the same, one by one; how many came to which status."""
    look_at_the_end(current)
    seen: dict[str, int] = {}
    for key in keys:
        live, rehearsed = live_touches(key), rehearsed_touches(key, shop.live_at)
        different = {
            name: (live.get(name), rehearsed.get(name))
            for name in live.keys() | rehearsed.keys()
            if live.get(name) != rehearsed.get(name)
        }
        assert different == {}
        for status, reason, *_ in live.values():
            name = f"{status} {reason}" if reason else status
            seen[name] = seen.get(name, 0) + 1
    return seen


def test_the_rehearsal_of_the_demo_shop_is_what_its_journeys_did(database):
    shop = LiveShop(NOW, days=45, customers=80)
    current = shop.open(demo_journey("serum-ownership"), demo_journey("brush-care"))
    shop.live(current)
    seen = compare(shop, current, "serum-ownership", "brush-care")
    assert seen["sent"] > 5


def test_so_it_is_with_a_tight_cap_over_several_journeys_and_customers_who_come_and_go(database):
    shop = LiveShop(NOW, days=26, customers=44)
    texts = (CARE, AGAIN, LINES, demo_journey("serum-ownership"))
    current = shop.open(*texts, cap_messages=2, cap_days=3)
    shop.steps += mishaps(shop, current)
    shop.live(current)
    seen = compare(shop, current, "care", "again", "lines", "serum-ownership")
    assert seen["sent"] > 10
    for outcome in ("capped", "no_consent", "condition"):
        assert seen[f"skipped {outcome}"], outcome


def test_the_place_that_another_journey_took_is_taken(database):
    shop = LiveShop(NOW, days=24, customers=40)
    current = shop.open(CARE, LINES, cap_messages=1, cap_days=2)
    with work() as session:
        row = journeys.journey_row(session, "lines")
        row.priority = 5
        session.add(row)
    shop.live(current)
    assert compare(shop, current, "care", "lines")["skipped capped"]
