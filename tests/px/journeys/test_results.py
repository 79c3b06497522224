"""What came of a journey, per touchpoint and variant, counted from touches and messages."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import event

from db.engine import Database
from db.models.journeys import Enrolment, Journey, JourneyVersion, Touch
from db.models.messages import Message, Template, TemplateVersion
from px.core.work import reading, work
from px.journeys.results.results import Results, as_figures, touchpoint_results, variant_of

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
SEEN = {"opened_at": NOW, "clicked_at": NOW}


@pytest.fixture
def _journeys(database: Database) -> None:
    """Journey serum, per order; touchpoint `care` has the texts mild and bold."""
    with work() as session:
        session.add(Journey(id=1, key="serum", name="Serum", created_at=NOW))
        session.add(Journey(id=2, key="brush", name="Brush", created_at=NOW))
        session.flush()
        for number in (1, 2):
            session.add(
                JourneyVersion(
                    id=number, journey_id=number, number=1, document={}, published_at=NOW
                )
            )
        session.flush()
        for number in range(1, 21):
            session.add(
                Enrolment(
                    id=number,
                    journey_id=2 if number == 20 else 1,
                    version_id=2 if number == 20 else 1,
                    key=f"order:{number}",
                    entered_at=NOW,
                )
            )
        for number, key in enumerate(("welcome", "mild", "bold"), 1):
            session.add(Template(id=number, key=key, name=key, created_at=NOW))
        session.flush()
        for number, template in enumerate((1, 1, 2, 3), 1):
            session.add(
                TemplateVersion(id=number, template_id=template, number=number, created_at=NOW)
            )


def touch(
    enrolment: int,
    touchpoint: str,
    status: str,
    reason: str | None = None,
    variant: str | None = None,
    text: int | None = None,
    **deeds: datetime,
) -> None:
    """A touch, and with `text` its message of that version of a template."""
    journey = 2 if enrolment == 20 else 1
    with work() as session:
        row = Touch(
            enrolment_id=enrolment,
            journey_id=journey,
            touchpoint=touchpoint,
            purpose="marketing",
            status=status,
            reason=reason,
            variant=variant,
        )
        session.add(row)
        session.flush()
        if text is None:
            return
        session.add(
            Message(
                key=f"{touchpoint}:{enrolment}",
                touch_id=row.id,
                journey_key="brush" if journey == 2 else "serum",
                touchpoint=touchpoint,
                template_version_id=text,
                channel="email",
                purpose="marketing",
                to_address="ada@example.com",
                status=status,
                due_at=NOW,
                queued_at=NOW,
                header_id="<1@px>",
                header_date=NOW,
                sent_at=NOW if status == "sent" else None,
                **deeds,
            )
        )


def results(journey: str = "serum") -> dict[str, Results]:
    with reading() as session:
        return touchpoint_results(session, journey)


@pytest.mark.usefixtures("_journeys")
def test_every_touch_is_counted_where_it_stands():
    for number, (status, reason) in enumerate(
        [
            ("waiting", None),
            ("planned", None),
            ("held", "quiet_hours"),
            ("review", "late"),
            ("queued", None),
            ("skipped", "no_consent"),
            ("skipped", "no_consent"),
            ("skipped", "capped"),
            ("failed", "rejected"),
        ],
        1,
    ):
        touch(number, "welcome", status, reason)
    touch(10, "welcome", "sent", text=1)
    touch(20, "welcome", "sent", text=1)
    found = results()["welcome"]
    assert (found.planned, found.sent, found.failed) == (5, 1, 1)
    assert found.skipped == {"no_consent": 2, "capped": 1}
    assert found.left_out == 3


@pytest.mark.usefixtures("_journeys")
def test_what_readers_did_is_counted_over_all_versions_of_a_text():
    touch(1, "welcome", "sent", text=1, **SEEN)
    touch(2, "welcome", "sent", text=2, opened_at=NOW, prefetched_at=NOW, answered_at=NOW)
    touch(3, "welcome", "sent", text=2, prefetched_at=NOW, unsubscribed_at=NOW)
    assert results() == {
        "welcome": Results(sent=3, opened=2, prefetched=1, clicked=1, answered=1, unsubscribed=1)
    }


@pytest.mark.usefixtures("_journeys")
def test_the_texts_of_a_touchpoint_stand_side_by_side():
    touch(1, "care", "sent", variant="mild", text=3, **SEEN)
    touch(2, "care", "sent", variant="mild", text=3)
    touch(3, "care", "sent", variant="bold", text=4)
    touch(4, "care", "planned")
    touch(5, "care", "skipped", "condition")
    found = results()["care"]
    assert (found.sent, found.planned, found.clicked) == (3, 1, 1)
    assert found.by_variant == {
        "bold": Results(sent=1),
        "mild": Results(sent=2, opened=1, clicked=1),
    }


@pytest.mark.usefixtures("_journeys")
def test_a_touchpoint_with_one_text_has_no_variants():
    touch(1, "welcome", "sent", text=1)
    assert results()["welcome"].by_variant == {}


@pytest.mark.usefixtures("_journeys")
def test_what_left_just_now_is_counted_before_the_journey_knows():
    touch(1, "welcome", "queued", text=1)
    with work() as session:
        session.get_one(Message, 1).sent_at = NOW
    assert results()["welcome"].sent == 1


@pytest.mark.usefixtures("_journeys")
def test_other_journeys_and_unknown_ones_have_their_own():
    touch(1, "welcome", "sent", text=1)
    assert results("brush") == {}
    assert results("no-such-journey") == {}


@pytest.mark.usefixtures("_journeys")
def test_it_takes_three_questions_whatever_there_is(database: Database):
    for number in range(1, 15):
        touch(number, f"p{number % 5}", "sent", variant="mild", text=3)
    asked: list[str] = []
    engine = database.promises
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    assert len(results()) == 5
    assert len([one for one in asked if one.startswith("SELECT")]) == 3


@pytest.mark.usefixtures("_journeys")
def test_which_text_a_touch_was_given_can_be_asked():
    touch(1, "care", "sent", variant="mild", text=3)
    touch(2, "welcome", "sent", text=1)
    with reading() as session:
        assert [variant_of(session, number) for number in (1, 2, 99, None)] == [
            "mild",
            None,
            None,
            None,
        ]


def test_the_timeline_gets_plain_numbers():
    one = Results(planned=1, sent=2, opened=1, clicked=1, skipped={"capped": 3, "late": 1})
    assert as_figures({"welcome": one}) == {
        "welcome": {
            "planned": 1,
            "sent": 2,
            "opened": 1,
            "clicked": 1,
            "answered": 0,
            "unsubscribed": 0,
            "skipped": 4,
            "failed": 0,
        }
    }
