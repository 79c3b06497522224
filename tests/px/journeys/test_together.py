"""Two people draw one journey: whoever saves second is told, and nothing is overwritten unseen."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from px import journeys
from px.core.work import reading, work
from px.journeys import DraftChanged, Stand, read_document
from px.messages import TemplateParts, save_template

KEY = "care"


def document(name: str) -> journeys.Document:
    return read_document(
        {
            "format": 1,
            "journey": KEY,
            "name": name,
            "enter": {"on": "order_placed"},
            "touchpoints": [{"key": "thanks", "anchor": "order_placed", "message": "thanks"}],
        }
    )


@pytest.fixture
def drawn(database, now: datetime) -> Stand:
    """A saved draft, and what stood there when both people opened it."""
    with work() as session:
        save_template(session, "thanks", "Thanks", TemplateParts("Hi", "Hi"), by="Mia", now=now)
        journeys.save_draft(session, document("Care"), by="mia@fern.example", now=now)
    return stand()


def stand() -> Stand:
    with reading() as session:
        row = journeys.journey_row(session, KEY)
        return Stand(row.draft_at, row.live_version_id)


def save(name: str, by: str, at: datetime, expected: Stand | None) -> None:
    with work() as session:
        journeys.save_draft(session, document(name), by=by, now=at, expected=expected)


def stored() -> Any:
    with reading() as session:
        return journeys.draft_document(session, journeys.journey_row(session, KEY)).name


def test_the_second_to_save_is_told_who_was_first(drawn: Stand, now: datetime) -> None:
    save("Theirs", "ben@fern.example", now + timedelta(minutes=1), drawn)
    with pytest.raises(DraftChanged, match=r"ben@fern\.example has saved this journey"):
        save("Mine", "mia@fern.example", now + timedelta(minutes=2), drawn)
    assert stored() == "Theirs"


def test_who_publishes_meanwhile_counts_as_having_changed_it(drawn: Stand, now: datetime) -> None:
    with work() as session:
        journeys.publish(session, KEY, by="ben@fern.example", now=now + timedelta(minutes=1))
    with pytest.raises(DraftChanged, match=r"ben@fern\.example has published this journey"):
        save("Mine", "mia@fern.example", now + timedelta(minutes=2), drawn)
    assert stored() == "Care"


def test_a_first_draft_over_what_is_live_counts_too(drawn: Stand, now: datetime) -> None:
    with work() as session:
        journeys.publish(session, KEY, by="mia@fern.example", now=now)
    live = stand()
    save("Theirs", "ben@fern.example", now + timedelta(minutes=1), live)
    with pytest.raises(DraftChanged, match=r"ben@fern\.example has saved"):
        save("Mine", "mia@fern.example", now + timedelta(minutes=2), live)


def test_who_saw_the_other_ones_draft_may_save(drawn: Stand, now: datetime) -> None:
    save("Theirs", "ben@fern.example", now + timedelta(minutes=1), drawn)
    save("Mine and theirs", "mia@fern.example", now + timedelta(minutes=2), stand())
    assert stored() == "Mine and theirs"
