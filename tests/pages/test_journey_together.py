"""Two people on the page of one journey: the second is told who changed what, and keeps both."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from db.kinds import Role
from px import journeys
from px.core.work import reading, work
from px.journeys import to_data
from tests.pages.conftest import Look
from tests.pages.test_journey import (
    JOURNEY,
    KEY,
    box,
    do,
    draft_of,
    open_point,
    point,
    press,
    text_of,
)

LATER = timedelta(minutes=5)


class Two:
    """Two browser tabs on one journey, and the clock that both see."""

    def __init__(self, look: Look, clock: list[datetime]) -> None:
        self.mine = look("journey.py", Role.ADMIN, key=KEY)
        self.theirs = look("journey.py", Role.MANAGER, key=KEY)
        self.clock = clock

    def they_rename(self, name: str, to: str) -> None:
        """The other one renames a touchpoint and saves it, five minutes later."""
        self.clock[0] += LATER
        box(open_point(self.theirs, name), "text_input", "Name").set_value(to).run()
        press(self.theirs, "Save draft")
        assert not self.theirs.exception

    def i_rename(self, name: str, to: str) -> AppTest:
        """I rename a touchpoint, and save nothing."""
        return box(open_point(self.mine, name), "text_input", "Name").set_value(to).run()


@pytest.fixture
def two(database, now: datetime, look: Look, monkeypatch: pytest.MonkeyPatch) -> Two:
    clock = [now]
    monkeypatch.setattr("px.core.clock.now", lambda: clock[0])
    with work() as session:
        journeys.import_journey(session, JOURNEY, overwrite=False, by="Mia", now=now)
    return Two(look, clock)


def stored() -> dict[str, Any]:
    with reading() as session:
        return to_data(journeys.draft_document(session, journeys.journey_row(session, KEY)))


def names() -> list[str]:
    return [one["name"] for one in stored()["touchpoints"]]


def test_the_second_is_told_who_changed_what_and_nothing_is_overwritten(two: Two) -> None:
    two.i_rename("Thank you", "Many thanks")
    two.they_rename("First steps", "The first evening")
    at = two.mine.run()
    said = text_of(at)
    assert "manager@fern.example saved this journey" in said
    assert "First steps" in said
    press(at, "Save draft")
    assert "manager@fern.example has saved this journey since you opened it" in text_of(at)
    assert names()[:3] == ["Thank you", "On its way", "The first evening"]
    assert point(at, "thank-you")["name"] == "Many thanks"


def test_both_are_brought_together(two: Two) -> None:
    two.i_rename("Thank you", "Many thanks")
    two.they_rename("First steps", "The first evening")
    merge(two.mine.run())
    press(two.mine, "Save draft")
    assert names()[:3] == ["Many thanks", "On its way", "The first evening"]
    assert "saved this journey" not in text_of(two.mine)


def test_what_both_changed_is_asked_and_theirs_can_be_chosen(two: Two) -> None:
    two.i_rename("Thank you", "Many thanks")
    two.they_rename("Thank you", "A word of thanks")
    at = press(two.mine.run(), "Bring both together")
    assert "1 thing both of you changed" in text_of(at)
    asked = at.radio[0]
    assert asked.options == ["Mine: Many thanks", "manager@fern.example: A word of thanks"]
    asked.set_value("theirs").run()
    merge(at, opened=True)
    assert point(at, "thank-you")["name"] == "A word of thanks"
    assert not draft_of(at).is_changed


def test_theirs_can_be_taken_and_mine_dropped(two: Two) -> None:
    two.i_rename("Thank you", "Many thanks")
    two.they_rename("First steps", "The first evening")
    at = press(two.mine.run(), "Open theirs, drop mine")
    assert point(at, "thank-you")["name"] == "Thank you"
    assert point(at)["name"] == "The first evening"


def test_mine_can_be_kept_as_a_journey_of_its_own(two: Two) -> None:
    two.i_rename("Thank you", "Many thanks")
    two.they_rename("First steps", "The first evening")
    at = press(two.mine.run(), "Save mine as a copy")
    assert at.title[0].value == "The first weeks \\(copy\\)"
    with reading() as session:
        row = journeys.journey_row(session, "the-first-weeks-copy")
        copy = to_data(journeys.draft_document(session, row))
    assert copy["touchpoints"][0]["name"] == "Many thanks"
    assert names()[0] == "Thank you"


def test_what_was_published_meanwhile_is_told_and_brought_together(two: Two) -> None:
    two.i_rename("Thank you", "Many thanks")
    two.clock[0] += LATER
    with work() as session:
        journeys.publish(session, KEY, by="ben@fern.example", now=two.clock[0])
    at = two.mine.run()
    assert "ben@fern.example published this journey" in text_of(at)
    merge(at)
    press(at, "Save draft")
    assert names()[0] == "Many thanks"


def test_somebody_elses_save_is_taken_over_while_nothing_here_is_unsaved(two: Two) -> None:
    two.they_rename("First steps", "The first evening")
    at = two.mine.run()
    assert point(at)["name"] == "The first evening"
    assert "saved this journey" not in text_of(at)


def test_bringing_both_together_can_be_undone(two: Two) -> None:
    two.i_rename("Thank you", "Many thanks")
    two.they_rename("First steps", "The first evening")
    at = merge(two.mine.run())
    do(at, "undo")
    assert point(at)["name"] == "First steps"
    assert point(at, "thank-you")["name"] == "Many thanks"


def merge(at: AppTest, *, opened: bool = False) -> AppTest:
    if not opened:
        press(at, "Bring both together")
    return next(b for b in at.button if b.key == "px_merge").click().run()
