"""The list of journeys: how to begin, and where each stands."""

from datetime import datetime, timedelta

from db.kinds import Role
from px import journeys
from px.core.work import reading, work
from tests.pages.conftest import Look, text_of


def press(at, label: str):
    return next(button for button in at.button if button.label == label).click().run()


def lines() -> list[journeys.JourneyLine]:
    with reading() as session:
        return journeys.journey_lines(session)


def test_with_no_journeys_the_page_says_what_one_is_and_how_to_begin(look: Look) -> None:
    at = look("journeys.py")
    assert "A journey is everything you say to a customer after they buy" in text_of(at)
    assert [b.label for b in at.button][-3:] == [
        "Start from an example",
        "Import a journey file",
        "New journey",
    ]


def test_the_example_is_one_press_away_and_open_at_once(look: Look) -> None:
    at = press(look("journeys.py"), "Start from an example")
    assert at.title[0].value == "The first weeks"
    assert "This draft is saved and not published yet" in text_of(at)
    assert [(line.key, line.status) for line in lines()] == [("first-weeks", "draft")]


def test_the_list_says_where_each_journey_stands(look: Look, now: datetime) -> None:
    with work() as session:
        journeys.start_example(session, name="Serum_care *1*", by="Mia", now=now)
        key = journeys.start_example(session, name="Brush", by="Mia", now=now - timedelta(days=3))
        journeys.publish(session, key, by="Mia", now=now)
    words = text_of(look("journeys.py"))
    assert "1 journey is live, 0 people are inside, 0 messages are planned." in words
    assert "0 inside, 0 planned" in words
    assert ":gray[Last change now]" in words


def test_archived_journeys_are_folded_away(look: Look, now: datetime) -> None:
    with work() as session:
        journeys.archive(session, journeys.start_example(session, by="Mia", now=now), now=now)
    at = look("journeys.py")
    assert [expander.label for expander in at.expander] == ["1 archived journey"]
    assert "No journey is live" in text_of(at)


def test_support_has_no_journeys(look: Look) -> None:
    at = look("", Role.SUPPORT)
    assert "Journeys" not in text_of(at)
