"""What somebody has drawn and not saved is kept for them alone, until they save or drop it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from db.engine import Database
from db.kinds import Role
from px import journeys, team
from px.core.work import marking, reading, work
from px.journeys import Drawing, KeptDrawing, Stand, read_document, to_data
from px.messages import TemplateParts, save_template
from tests.px.journeys.test_together import KEY, document

NAMES = ("mia", "ben")


@pytest.fixture
def drawn(database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """A saved draft of one journey, and the numbers of the two who draw it."""
    monkeypatch.setattr("px.team.actions.hash_password", lambda _password: "x")
    with work() as session:
        save_template(session, "thanks", "Thanks", TemplateParts("Hi", "Hi"), by="Mia", now=now)
        journeys.save_draft(session, document("Care"), by="mia@fern.example", now=now)
        return {name: added(session, name, now) for name in NAMES}


def added(session: Any, name: str, now: datetime) -> int:
    return team.add_staff(
        session,
        email=f"{name}@fern.example",
        role=Role.ADMIN,
        password="correct horse battery",
        by="x",
        now=now,
    )


def drawing(name: str = "Care, longer", pending: str | None = None, **more: Any) -> Drawing:
    saved = to_data(document("Care"))
    return Drawing({**saved, "name": name, **more}, saved, stand(), pending)


def stand() -> Stand:
    with reading() as session:
        row = journeys.journey_row(session, KEY)
        return Stand(row.draft_at, row.live_version_id)


def keep(who: int, what: Drawing, now: datetime) -> None:
    with marking() as session:
        journeys.keep_drawing(session, KEY, who, what, now=now)


def kept(who: int, key: str = KEY) -> KeptDrawing | None:
    with reading() as session:
        return journeys.kept_drawing(session, key, who)


def rows(database: Database) -> int:
    with database.promises.connect() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM drawings")) or 0)


def test_what_is_drawn_is_there_again_as_it_was(drawn: dict[str, int], now: datetime) -> None:
    unfinished = drawing(touchpoints=[{"key": "thanks", "anchor": "sent:"}], pending="name: [")
    keep(drawn["mia"], unfinished, now)
    assert kept(drawn["mia"]) == KeptDrawing(unfinished, now)


def test_the_last_that_was_drawn_is_kept(
    drawn: dict[str, int], database: Database, now: datetime
) -> None:
    keep(drawn["mia"], drawing("First", pending="name: ["), now)
    keep(drawn["mia"], drawing("Second"), now + timedelta(minutes=1))
    assert kept(drawn["mia"]) == KeptDrawing(drawing("Second"), now + timedelta(minutes=1))
    assert rows(database) == 1


def test_each_person_has_their_own(drawn: dict[str, int], now: datetime) -> None:
    keep(drawn["mia"], drawing("Hers"), now)
    assert kept(drawn["ben"]) is None
    keep(drawn["ben"], drawing("His"), now)
    assert kept(drawn["mia"]) == KeptDrawing(drawing("Hers"), now)
    with reading() as session:
        assert journeys.journeys_drawn_by(session, drawn["ben"]) == {KEY}


def test_who_drops_theirs_keeps_that_of_the_other(drawn: dict[str, int], now: datetime) -> None:
    for name in NAMES:
        keep(drawn[name], drawing(name), now)
    with work() as session:
        journeys.drop_drawing(session, KEY, drawn["mia"])
        journeys.drop_drawing(session, "another-journey", drawn["ben"])
    assert kept(drawn["mia"]) is None
    assert kept(drawn["ben"]) == KeptDrawing(drawing("ben"), now)
    with reading() as session:
        assert journeys.journeys_drawn_by(session, drawn["mia"]) == set()


def test_nobody_has_drawn_in_a_journey_that_is_not_there(drawn: dict[str, int]) -> None:
    assert kept(drawn["mia"], "another-journey") is None


def test_an_archived_journey_keeps_nothing_of_anybody(
    drawn: dict[str, int], database: Database, now: datetime
) -> None:
    for name in NAMES:
        keep(drawn[name], drawing(name), now)
    with work() as session:
        journeys.archive(session, KEY, now=now)
    assert rows(database) == 0


def test_who_leaves_the_team_leaves_no_drawing(drawn: dict[str, int], now: datetime) -> None:
    for name in NAMES:
        keep(drawn[name], drawing(name), now)
    with work() as session:
        gone = team.deactivate(session, "mia@fern.example", by="ben@fern.example", now=now)
        journeys.drop_drawings_of(session, gone)
    assert kept(drawn["mia"]) is None
    assert kept(drawn["ben"]) is not None


@pytest.mark.parametrize("table", ["journeys", "staff"])
def test_a_drawing_goes_with_its_journey_and_its_person(
    drawn: dict[str, int], database: Database, now: datetime, table: str
) -> None:
    for name in NAMES:
        keep(drawn[name], drawing(name), now)
    with database.promises.begin() as connection:
        connection.execute(text(f"DELETE FROM {table}"))
    assert rows(database) == 0


@pytest.mark.parametrize(
    "what",
    [
        {"name": "x" * 1_000_001},
        {"pending": "é" * 500_001},
        {"name": "a zero\0byte"},
        {"pending": "a zero\0byte"},
        {"name": "half a letter \ud800"},
        {"pending": "half a letter \ud800"},
        {"holdout": 10**30},
    ],
    ids=["large", "large text", "zero", "zero text", "half", "half text", "number"],
)
def test_what_no_journey_can_hold_is_not_kept_and_the_one_before_stays(
    drawn: dict[str, int], now: datetime, what: dict[str, Any]
) -> None:
    keep(drawn["mia"], drawing("Before"), now)
    keep(drawn["mia"], drawing(**what), now + timedelta(minutes=1))
    assert kept(drawn["mia"]) == KeptDrawing(drawing("Before"), now)


SAVED = to_data(read_document(to_data(document("Care"))))


@pytest.mark.parametrize(
    ("data", "saved"),
    [
        (SAVED, {**SAVED, "format": 0}),
        (SAVED, {"steps": []}),
        (SAVED, []),
        (SAVED, {**SAVED, "journey": "another"}),
        ({**SAVED, "format": 0}, SAVED),
        ({**SAVED, "journey": "another"}, SAVED),
        ([], SAVED),
        ({**SAVED, "touchpoints": {"thanks": {}}}, SAVED),
        ({**SAVED, "touchpoints": ["thanks"]}, SAVED),
        ({**SAVED, "touchpoints": [{"key": 7}]}, SAVED),
    ],
)
def test_what_cannot_be_read_any_more_is_nothing_to_draw_on(
    drawn: dict[str, int], now: datetime, data: Any, saved: Any
) -> None:
    keep(drawn["mia"], Drawing(data, saved, stand()), now)
    assert kept(drawn["mia"]) == KeptDrawing(None, now)


def test_a_journey_without_touchpoints_can_be_drawn_on(
    drawn: dict[str, int], now: datetime
) -> None:
    data = {name: value for name, value in SAVED.items() if name != "touchpoints"}
    keep(drawn["mia"], Drawing(data, SAVED, stand()), now)
    assert kept(drawn["mia"]) == KeptDrawing(Drawing(data, SAVED, stand()), now)
