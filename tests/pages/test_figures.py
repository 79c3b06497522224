"""The Figures tab of a journey, and what the outbox tells of readers."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from db.models.journeys import Enrolment, Touch
from db.models.messages import Message
from px import journeys
from px.core import settings as px_settings
from px.core.work import work
from px.messages import TemplateParts, save_template, template_versions
from tests.pages.conftest import Look
from tests.pages.conftest import text_of as marked_text_of

JOURNEY = """
format: 1
journey: care
name: Care
enter: {on: order_placed}
touchpoints:
  - {key: thanks, name: Thank you, purpose: transactional, anchor: order_placed, message: thanks}
  - key: tips
    name: "Tips | and [tricks](https://evil.example)"
    anchor: delivered
    variants: [{weight: 1, message: mild}, {weight: 1, message: bold}]
templates:
  thanks: {name: Thanks, subject: Thanks, body: Thanks}
  mild: {name: Mild, subject: Mild, body: "[a](https://fern.example/a)"}
  bold: {name: Bold, subject: Bold, body: "[b](https://fern.example/b)"}
"""


@pytest.fixture
def journey(database: object, now: datetime) -> dict[str, int]:
    """A published journey; the versions of its texts."""
    with work() as session:
        journeys.import_journey(session, JOURNEY, overwrite=False, by="Mia", now=now)
        journeys.publish(session, "care", by="Mia", now=now)
        versions = template_versions(session, ["thanks", "mild", "bold"])
    return {key: version for key, (version, _parts) in versions.items()}


def happened(journey: dict[str, int], now: datetime, *, each: int = 60) -> None:
    """Thanks to one; tips in both texts to `each`, of whom some clicked, and why two got none."""
    rows: list[tuple[str, str, str | None, str | None, bool]] = [
        ("thanks", "sent", None, None, False),
        ("tips", "skipped", "no_consent", None, False),
        ("tips", "skipped", "no_consent", None, False),
        ("tips", "planned", None, None, False),
    ]
    for text, share in (("mild", 10), ("bold", 3)):
        rows += [("tips", "sent", None, text, n % share == 0) for n in range(each)]
    with work() as session:
        for number, (touchpoint, status, reason, text, clicked) in enumerate(rows, 1):
            session.add(
                Enrolment(
                    id=number, journey_id=1, version_id=1, key=f"order:{number}", entered_at=now
                )
            )
            session.flush()
            touch = Touch(
                id=number,
                enrolment_id=number,
                journey_id=1,
                touchpoint=touchpoint,
                purpose="marketing",
                status=status,
                reason=reason,
                variant=text,
            )
            session.add(touch)
            session.flush()
            if status == "sent":
                session.add(
                    Message(
                        key=f"m{number}",
                        touch_id=number,
                        journey_key="care",
                        touchpoint=touchpoint,
                        template_version_id=journey[text or "thanks"],
                        channel="email",
                        purpose="marketing",
                        to_address="ada@example.com",
                        status="sent",
                        due_at=now,
                        queued_at=now,
                        header_id="<1@px>",
                        header_date=now,
                        sent_at=now,
                        settled_at=now,
                        clicked_at=now + timedelta(minutes=3) if clicked else None,
                        opened_at=now + timedelta(minutes=2) if clicked else None,
                        prefetched_at=None if clicked else now,
                    )
                )


def text_of(at: AppTest) -> str:
    return marked_text_of(at).replace("\\", "")


def figures(look: Look) -> AppTest:
    at = look("journey.py", key="care")
    at.session_state["px_journey_tabs"] = "Figures"
    at.run()
    assert not at.exception, at.exception[0].value
    return at


def cells(at: AppTest, place: int = 0) -> dict[str, list[str]]:
    frame = at.table[place].value
    return {str(name): [str(cell) for cell in frame[name]] for name in frame.columns}


def test_before_anything_left_it_says_what_will_stand_there(look: Look, journey) -> None:
    assert "No figures yet" in text_of(figures(look))


def test_it_says_in_a_sentence_what_came_of_the_journey(look: Look, journey, now) -> None:
    happened(journey, now)
    assert (
        "121 messages left. 26 of the 120 with counted links were clicked (21.7 %)."
        " 1 is still to come." in text_of(figures(look))
    )


def test_each_number_is_a_link_to_what_it_counts(look: Look, journey, now) -> None:
    happened(journey, now)
    found = cells(figures(look))
    assert found["Sent"] == [
        "[1](/outbox?journey=care&touchpoint=thanks&status=sent)",
        "[120](/outbox?journey=care&touchpoint=tips&status=sent)",
    ]
    assert found["Clicked"] == [
        ":gray[not counted]",
        "[26](/outbox?journey=care&touchpoint=tips&became=clicked) (21.7 %)",
    ]
    assert found["Opened, a guess"][1].startswith("[~26](/outbox?")
    assert found["Skipped"] == ["·", "2"]
    assert "Failed" not in found


def test_a_text_without_a_link_cannot_be_clicked(look: Look, journey, now) -> None:
    happened(journey, now)
    with work() as session:
        for key in ("mild", "bold"):
            save_template(session, key, key, TemplateParts("Hi", "No link"), by="Mia", now=now)
        for message in session.scalars(select(Message)):
            message.clicked_at = None
    assert cells(figures(look))["Clicked"] == [":gray[not counted]", ":gray[no link]"]


def test_names_are_shown_as_they_are(look: Look, journey, now) -> None:
    happened(journey, now)
    name = cells(figures(look))["Touchpoint"][1]
    assert "](" not in name.replace("\\", "\0")


def test_openings_are_called_a_guess(look: Look, journey, now) -> None:
    happened(journey, now)
    said = text_of(figures(look))
    assert "Opened is a guess" in said
    assert "95 that only Apple's own machines fetched are left out" in said


def test_the_texts_of_a_touchpoint_are_compared(look: Look, journey, now) -> None:
    happened(journey, now)
    at = figures(look)
    assert "Bold is clicked more: 33.3 % against 10.0 %" in text_of(at)
    assert "The true difference most likely lies between +8.7 and +37.0 points" in text_of(at)
    found = cells(at, 1)
    assert found["Text"] == ["Bold", "Mild"]
    assert found["Clicked"][0] == (
        "[20](/outbox?journey=care&touchpoint=tips&template=bold&became=clicked) (33.3 %)"
    )


def test_a_shop_that_counts_no_links_is_told_so(look: Look, journey, now) -> None:
    happened(journey, now)
    with work() as session:
        px_settings.save(session, {"track_links": False}, by="Mia", now=now)
    assert "Links are not counted in this shop" in text_of(figures(look))


def test_why_somebody_got_nothing_stands_below(look: Look, journey, now) -> None:
    happened(journey, now)
    (rows,) = (frame.value for frame in figures(look).dataframe if "Why" in frame.value.columns)
    assert list(rows["Touches"]) == [2]
    assert "not agreed to marketing" in rows["Why"][0]


def test_the_outbox_shows_what_a_figure_counts(look: Look, journey, now) -> None:
    happened(journey, now)
    at = look("outbox.py", journey="care", touchpoint="tips", became="clicked", template="bold")
    assert "Only messages of “Tips”, with the text “Bold”, with a followed link." in text_of(at)
    assert "20 messages" in text_of(at)
    next(button for button in at.button if button.label == "Show all").click().run()
    assert "Only messages" not in text_of(at)
    assert "121 messages" in text_of(at)


def test_the_story_of_a_message_tells_of_its_reader(look: Look, journey, now) -> None:
    happened(journey, now, each=1)
    at = look("outbox.py")
    at.session_state["px_outbox"] = {"ids": ["2"]}
    said = text_of(at.run())
    assert "Mon 4 May 2026, 12:02: Opened, as far as one can tell" in said
    assert "Mon 4 May 2026, 12:03: A link in it was followed" in said
    at.session_state["px_outbox"] = {"ids": ["1"]}
    assert "A mail program fetched its image by itself" in text_of(at.run())
