"""What is drawn and not saved is there again in a new tab of the same person, and only there."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from streamlit.testing.v1 import AppTest

from db.engine import Database
from db.kinds import Role
from px import journeys
from px.core.errors import DatabaseProblem
from px.core.work import database as opened_database
from px.core.work import work
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
    stored,
    tab,
    text_of,
)
from tests.pages.test_publishing import asked, publish

LATER = timedelta(hours=3)
FOUND = "This is what you were drawing on 4 May at 12:00. It is not saved yet."
Again = Callable[..., AppTest]


@pytest.fixture
def clock(now: datetime, monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    moment = [now]
    monkeypatch.setattr("px.core.clock.now", lambda: moment[0])
    return moment


@pytest.fixture
def mine(database: Database, clock: list[datetime], look: Look) -> AppTest:
    """My tab, on a journey that is saved as a draft."""
    with work() as session:
        journeys.import_journey(session, JOURNEY, overwrite=False, by="Mia", now=clock[0])
    return look("journey.py", Role.MANAGER, key=KEY)


@pytest.fixture
def again(mine: AppTest, clock: list[datetime], root: Path) -> Again:
    """Opens a page in another tab of the same person, three hours later."""

    def opened(page: str = "journey.py", **query: str) -> AppTest:
        clock[0] += LATER
        at = AppTest.from_file(str(root / "pages" / "_shell.py"), default_timeout=20)
        at.user = {"session": mine.user["session"]}
        at.run().switch_page(str(root / "pages" / page))
        for name, value in (query or {"key": KEY}).items():
            at.query_params[name] = value
        at.run()
        assert not at.exception, at.exception[0].value
        return at

    return opened


def rename(at: AppTest, to: str, name: str = "First steps") -> AppTest:
    return box(open_point(at, name), "text_input", "Name").set_value(to).run()


def rows() -> int:
    with opened_database().promises.connect() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM drawings")) or 0)


def labels(at: AppTest) -> list[str]:
    return [button.label for button in at.button]


def publish_by_ben(now: datetime) -> None:
    with work() as session:
        journeys.publish(session, KEY, by="ben@fern.example", now=now)


def test_a_new_tab_of_the_same_person_goes_on_where_the_old_one_was(
    mine: AppTest, again: Again
) -> None:
    rename(mine, "The first evening")
    at = again()
    assert point(at)["name"] == "The first evening"
    assert FOUND in text_of(at)
    assert "You have changes that are not saved" in text_of(at)
    press(at, "Save draft")
    assert stored()["touchpoints"][2]["name"] == "The first evening"


def test_the_line_goes_when_one_goes_on_drawing(mine: AppTest, again: Again) -> None:
    rename(mine, "The first evening")
    at = again()
    open_point(at, "The first evening")
    assert FOUND in text_of(at)
    assert FOUND not in text_of(do(at, "moved", "first-steps", anchor="delivered", days=4.0))
    assert "on 4 May at 15:00" in text_of(again())


def test_somebody_else_sees_nothing_of_it(mine: AppTest, look: Look) -> None:
    rename(mine, "The first evening")
    theirs = look("journey.py", Role.ADMIN, key=KEY)
    assert point(theirs)["name"] == "First steps"
    assert "not saved" not in text_of(theirs)


def test_after_saving_nothing_is_kept(mine: AppTest, again: Again) -> None:
    rename(mine, "The first evening")
    assert rows() == 1
    press(mine, "Save draft")
    assert rows() == 0
    assert "not saved" not in text_of(again())


def test_after_publishing_nothing_is_kept(mine: AppTest, again: Again) -> None:
    rename(mine, "The first evening")
    publish(asked(mine))
    assert rows() == 0
    at = again()
    assert point(at)["name"] == "The first evening"
    assert "This is what is published" in text_of(at)


def test_what_was_found_can_be_dropped_and_had_back(mine: AppTest, again: Again) -> None:
    rename(mine, "The first evening")
    at = press(again(), "Drop my changes")
    assert point(at)["name"] == "First steps"
    assert FOUND not in text_of(at)
    assert rows() == 0
    press(at, "Undo")
    assert point(at)["name"] == "The first evening"
    assert rows() == 1


def test_what_was_undone_is_not_found_again(mine: AppTest, again: Again) -> None:
    press(rename(mine, "The first evening"), "Undo")
    assert rows() == 0
    assert "not saved" not in text_of(again())


def test_yaml_that_is_no_journey_is_found_again(mine: AppTest, again: Again) -> None:
    at = tab(mine, "YAML")
    broken = at.text_area[0].value.replace("anchor: shipped", "anchor: eaten")
    at.text_area[0].set_value(broken).run()
    at = again()
    assert FOUND in text_of(at)
    assert "The YAML tab holds changes that are not a valid journey yet" in text_of(at)
    at = tab(at, "YAML")
    assert at.text_area[0].value == broken
    assert "'eaten' is not an event kind" in text_of(at)
    assert FOUND in text_of(at)
    at.text_area[0].set_value(broken.replace("eaten", "delivered")).run()
    assert point(at, "on-its-way")["anchor"] == "delivered"
    assert "This is what you were drawing" not in text_of(at)


def test_yaml_that_is_no_journey_can_be_dropped(mine: AppTest, again: Again) -> None:
    at = tab(mine, "YAML")
    at.text_area[0].set_value("a: b").run()
    at = press(again(), "Drop my changes")
    assert "not a valid journey yet" not in text_of(at)
    assert rows() == 0


def test_a_journey_that_is_not_valid_yet_is_found_again(mine: AppTest, again: Again) -> None:
    box(open_point(mine, "First steps"), "text_input", "At").set_value("25:00").run()
    at = again()
    assert point(at)["at"] == "25:00"
    assert "1 thing to mend before it can be saved" in text_of(at)


def test_who_saved_meanwhile_is_told_and_both_are_brought_together(
    mine: AppTest, again: Again, look: Look, clock: list[datetime]
) -> None:
    rename(mine, "The first evening")
    clock[0] += LATER
    theirs = look("journey.py", Role.ADMIN, key=KEY)
    press(rename(theirs, "Many thanks", "Thank you"), "Save draft")
    at = again()
    assert "admin@fern.example saved this journey" in text_of(at)
    assert FOUND in text_of(at)
    assert "Drop my changes" not in labels(at)
    press(at, "Bring both together")
    next(b for b in at.button if b.key == "px_merge").click().run()
    press(at, "Save draft")
    names = [one["name"] for one in stored()["touchpoints"]]
    assert names[:3] == ["Many thanks", "On its way", "The first evening"]
    assert rows() == 0


@pytest.mark.parametrize("way", ["Open theirs, drop mine", "Save mine as a copy"])
def test_what_was_dropped_for_theirs_does_not_come_back(
    mine: AppTest, again: Again, clock: list[datetime], way: str
) -> None:
    rename(mine, "The first evening")
    publish_by_ben(clock[0] + LATER)
    press(again(), way)
    assert rows() == 0
    at = again()
    assert point(at)["name"] == "First steps"
    assert "not saved" not in text_of(at)


def test_of_two_tabs_the_last_that_draws_is_kept(mine: AppTest, again: Again) -> None:
    other = again()
    rename(mine, "Mine")
    rename(other, "The other's")
    assert point(again())["name"] == "The other's"
    rename(mine, "Mine again", "Mine")
    assert point(again())["name"] == "Mine again"


def test_saving_in_one_tab_keeps_what_the_other_goes_on_with(mine: AppTest, again: Again) -> None:
    rename(mine, "The first evening")
    other = again()
    rename(mine, "The second evening", "The first evening")
    press(other, "Save draft")
    mine.run()
    assert point(again())["name"] == "The second evening"


def test_the_list_of_journeys_tells_of_it(mine: AppTest, again: Again) -> None:
    def badges() -> str:
        return text_of(again("journeys.py", q=""))

    assert "Your unsaved changes" not in badges()
    rename(mine, "The first evening")
    assert "Your unsaved changes" in badges()
    press(mine, "Save draft")
    assert "Your unsaved changes" not in badges()


def test_what_cannot_be_read_any_more_is_dropped_quietly(mine: AppTest, again: Again) -> None:
    rename(mine, "The first evening")
    with opened_database().promises.begin() as connection:
        connection.execute(text("""UPDATE drawings SET data = '{"steps": []}'"""))
    at = again()
    assert point(at)["name"] == "First steps"
    assert "not saved" not in text_of(at)
    assert rows() == 0


def test_what_says_the_same_as_what_is_stored_is_no_drawing(
    mine: AppTest, again: Again, clock: list[datetime]
) -> None:
    rename(mine, "The first evening")
    with work() as session:
        document = journeys.read_document(draft_of(mine).data)
        journeys.save_draft(session, document, by="ben@fern.example", now=clock[0] + LATER)
    at = again()
    assert "not saved" not in text_of(at)
    assert rows() == 0


def test_somebody_who_may_no_longer_sign_in_leaves_no_drawing(mine: AppTest, look: Look) -> None:
    rename(mine, "The first evening")
    at = look("team.py", Role.ADMIN)
    at.session_state["people"] = {"ids": ["manager@fern.example"]}
    press(at.run(), "Do not let them sign in any more")
    assert rows() == 0


def test_only_a_change_is_written(mine: AppTest) -> None:
    written: list[str] = []

    @event.listens_for(opened_database().marks, "before_cursor_execute")
    def _(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "drawings" in statement:
            written.append(statement.split()[0])

    mine.run()
    open_point(mine, "First steps")
    assert written == []
    box(mine, "text_input", "Name").set_value("The first evening").run()
    mine.run()
    open_point(mine, "Thank you")
    assert written == ["INSERT"]
    press(mine, "Save draft")
    mine.run()
    assert written == ["INSERT"]


def test_a_database_that_is_busy_keeps_nobody_from_drawing(
    mine: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: Any, **__: Any) -> None:
        raise DatabaseProblem("The database is busy with another program.")

    monkeypatch.setattr(journeys, "keep_drawing", busy)
    at = rename(mine, "The first evening")
    assert not at.exception
    assert not at.error
    assert point(at)["name"] == "The first evening"


def test_a_journey_that_was_archived_has_no_drawing(
    mine: AppTest, again: Again, clock: list[datetime]
) -> None:
    rename(mine, "The first evening")
    with work() as session:
        journeys.archive(session, KEY, now=clock[0])
    assert "not saved" not in text_of(again())
    assert rows() == 0


@pytest.mark.parametrize(
    ("tabs", "to"), [("px_part", "Message"), ("px_journey_tabs", "Preview")], ids=["part", "page"]
)
def test_what_was_typed_is_kept_when_another_tab_is_opened_at_once(
    mine: AppTest, tabs: str, to: str
) -> None:
    at = open_point(mine, "First steps", "When")
    box(at, "number_input", "How long after").set_value(3)
    at.session_state[tabs] = to
    at.run()
    assert point(at)["after"] == "3d"
    assert not [one for one in at.number_input if one.label == "How long after"]
    at.run()
    assert point(at)["after"] == "3d"
