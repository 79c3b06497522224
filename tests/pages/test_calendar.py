"""The calendar: who gets too many, what the cap does, and the order of the journeys."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from db.engine import Database
from db.kinds import Role
from pages._calendar import counting, heat, sentences
from pages._calendar.desk import Desk, Mark
from px import journeys
from px.core import settings as px_settings
from px.core.settings import Settings
from px.core.work import reading, work
from px.journeys import pressure
from px.journeys.ahead.pressure import CustomerWeek, JourneyPressure, OrderEffect, PressureMap
from px.team import audit
from tests.pages.conftest import Look
from tests.pages.conftest import text_of as marked_text_of
from tests.px.journeys.test_pressure import buy, journey
from tests.walk.test_order_to_message import run

ADVICE = journey("advice", "{key: tip, anchor: order_placed, after: 2d, message: note}")
LETTERS = journey(
    "letters", "{key: letter, anchor: order_placed, after: 2d, message: note}", per="customer"
)


def text_of(at: AppTest) -> str:
    return marked_text_of(at).replace("\\", "")


def press(at: AppTest, label: str, key: str = "") -> AppTest:
    return next(b for b in at.button if b.label == label and key in str(b.key)).click().run()


@pytest.fixture
def rivals(database: Database, now: datetime) -> None:
    """Ada is inside two journeys that both want her only place of the week."""
    said = {"cap_messages": 1, "quiet_from": "", "quiet_to": ""}
    with work() as session:
        px_settings.save(session, said, by="Mia", now=now)
        for text in (ADVICE, LETTERS):
            made = journeys.import_journey(session, text, overwrite=True, by="Mia", now=now)
            journeys.publish(session, made.key, by="Mia", now=now - timedelta(hours=1))
    buy("ada", at=now)
    run(now)


def saved() -> list[str]:
    with reading() as session:
        return [one.key for one in pressure.ordered_journeys(session)]


def test_without_a_live_journey_it_says_what_it_is_for(look: Look) -> None:
    at = look("pressure.py")
    assert "No journey is live yet" in text_of(at)


def test_support_has_no_calendar(look: Look) -> None:
    at = look("", Role.SUPPORT)
    assert "Calendar" not in str(at.sidebar)


def test_it_says_what_everybody_gets_and_what_the_cap_drops(look: Look, rivals: None) -> None:
    said = text_of(look("pressure.py", Role.MANAGER))
    assert "Nobody gets 3 or more messages in a week. The most is one message." in said
    assert (
        "At most 1 marketing message in 7 days: because of that 1 message does not go at all, "
        "for 1 customer." in said
    )
    assert "1 message in 30 days" in said


def test_another_order_is_counted_before_it_is_saved(look: Look, rivals: None) -> None:
    at = look("pressure.py", Role.MANAGER)
    first, second = saved()
    press(at, "Down", first)
    said = text_of(at)
    assert "With this order 1 customer gets something else" in said
    assert f"{second.capitalize()} sends 1 more; {first.capitalize()} sends 1 fewer" in said
    assert saved() == [first, second]
    press(at, "Save order")
    assert saved() == [second, first]
    assert "With this order" not in text_of(at)
    with reading() as session:
        assert "ordered" in {line.verb for line in audit(session, limit=5)}


def test_the_order_can_be_put_back(look: Look, rivals: None) -> None:
    at = look("pressure.py", Role.MANAGER)
    before = saved()
    press(at, "Down", before[0])
    press(at, "Put back")
    assert "With this order" not in text_of(at)
    assert saved() == before


def test_who_is_held_back_by_the_cap_is_one_choice_away(look: Look, rivals: None) -> None:
    at = look("pressure.py", Role.MANAGER)
    assert "Nobody gets 2 or more messages" in text_of(at)
    next(g for g in at.get("button_group") if g.key == heat.LEAST).set_value(0).run()
    assert "1 customer from 4 to 10 May. Choose one to see everything." in text_of(at)


def a_map(**parts: object) -> PressureMap:
    now = datetime.fromisoformat("2026-05-04T12:00:00+00:00")
    return PressureMap(now, now.date(), 30, **parts)  # type: ignore[arg-type]


def test_the_worst_week_is_the_answer() -> None:
    many = [CustomerWeek(n, 1, 3, ("a", "b"), 0, 0) for n in range(40)]
    many.append(CustomerWeek(99, 1, 5, ("c",), 0, 0))
    found = a_map(messages=200, cells={(0, 1): 9, (1, 3): 40, (1, 4): 1}, crowded=many)
    assert sentences.answer(found) == (
        "**In the week from 11 May 41 customers get 3 or more messages**, from 3 journeys."
    )


def test_nothing_to_come_is_said() -> None:
    assert sentences.answer(a_map()) == (
        "Nobody who is inside a journey now gets a message in the next 30 days "
        "without anything new happening."
    )


def test_a_week_is_named_by_its_days() -> None:
    named = [sentences.week_words(week) for week in a_map().weeks]
    assert named == ["4 to 10 May", "11 to 17 May", "18 to 24 May", "25 to 31 May", "1 to 2 Jun"]


def test_without_a_cap_everybody_gets_everything() -> None:
    assert sentences.cap_sentence(a_map(), (0, 7)).startswith("There is no cap")
    assert "nothing that is planned has to wait" in sentences.cap_sentence(a_map(), (3, 7))


@pytest.mark.parametrize(
    ("moved", "dropped", "said"),
    [
        (3, 1, "3 messages go later and 1 not at all"),
        (1, 2, "1 message goes later and 2 not at all"),
        (1, 0, "1 message goes later"),
        (4, 0, "4 messages go later"),
        (0, 1, "1 message does not go at all"),
        (0, 2, "2 messages do not go at all"),
    ],
)
def test_what_the_cap_moves_and_drops_is_one_sentence(moved: int, dropped: int, said: str) -> None:
    sums = JourneyPressure("a", "A", sent=4, moved=moved, dropped=dropped)
    held = a_map(contended=[1, 2], by_journey={"a": sums})
    assert sentences.cap_sentence(held, (2, 7)) == (
        f"At most 2 marketing messages in 7 days: because of that {said}, for 2 customers."
    )


def test_an_order_that_changes_nothing_says_so() -> None:
    assert "changes nothing" in sentences.effect_sentence(OrderEffect(), {})
    moved = OrderEffect(moved=2)
    assert sentences.effect_sentence(moved, {}) == "2 messages at another time."


def test_an_estimate_is_called_one() -> None:
    assert sentences.estimate_sentence(a_map(estimate={(0, 4): 2})).startswith("Estimate: if")
    assert "nothing to go by" in sentences.estimate_sentence(a_map())


def test_a_map_is_kept_until_the_order_or_the_settings_change() -> None:
    mark, minutes = Mark((7, 9), (123, "settings")), timedelta(minutes=1)
    is_good = counting._is_good
    assert is_good(mark, mark, 9 * minutes)
    assert not is_good(mark, mark, 10 * minutes)
    # In a busy shop something happens all the time.
    assert is_good(mark, Mark((8, 10), (123, "settings")), 1.5 * minutes)
    assert not is_good(mark, Mark((8, 10), (123, "settings")), 2 * minutes)
    assert not is_good(mark, Mark((7, 9), (124, "settings")), minutes)
    assert not is_good(mark, Mark((7, 9), (123, "another cap")), minutes)


def test_counting_can_be_stopped_and_says_so(
    database: Database, settings: Settings, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(*_: object, on_progress: Callable[[int, int], None], **__: object) -> None:
        while True:
            on_progress(1, 2)

    monkeypatch.setattr(pressure, "pressure_map", endless)
    desk = Desk()
    under_way = desk.ask(Mark((1, 1), (1,)), settings, now)
    assert desk.ask(Mark((2, 2), (1,)), settings, now) is under_way
    desk.stop()
    desk.wait(5)
    assert under_way.problem == "The counting was stopped."
    assert (under_way.done, under_way.total, under_way.found) == (1, 2, None)


def test_a_count_that_fails_says_so(
    database: Database, settings: Settings, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError

    monkeypatch.setattr(pressure, "pressure_map", broken)
    desk = Desk()
    under_way = desk.ask(Mark((1, 1), (1,)), settings, now)
    desk.wait(5)
    assert "the log says why" in under_way.problem
