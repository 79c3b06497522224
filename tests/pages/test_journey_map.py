"""The page of the journey map, for a library journey and for the shop's own."""

from datetime import datetime

from streamlit.testing.v1 import AppTest

from px import journeys
from px.core.work import work
from tests.pages.conftest import Look, text_of
from tests.px.journeys.test_rehearsals import JOURNEY


def html_of(at: AppTest) -> str:
    return "\n".join(str(element.proto.body) for element in at.get("html"))


def test_the_map_of_a_library_journey_has_its_stages_and_metrics(look: Look) -> None:
    at = look("journey_map.py", library="skincare")
    page = html_of(at)
    assert "Skincare, the first two months speaks at 5 stages" in text_of(at).replace("\\", "")
    for title in ("Order confirmation", "Delivery", "Onboarding and setup", "Usage and support"):
        assert f"<h2>{title}</h2>" in page
    assert "Second order within 90 days" in page
    assert "Nothing is said here." in page
    assert 'href="library?key=skincare"' in page


def test_the_map_of_an_own_journey_leads_to_its_touchpoints(look: Look, now: datetime) -> None:
    with work() as session:
        journeys.take(session, "win-back", by="Mia", now=now)
    page = html_of(look("journey_map.py", key="win-back"))
    assert 'href="journey?key=win-back&amp;touchpoint=goodbye"' in page
    assert "About day 90: 90 days after the order is placed, at 10:00" in page


def test_a_metric_that_the_journey_does_not_name_is_called_a_common_one(
    look: Look, now: datetime
) -> None:
    with work() as session:
        journeys.import_journey(session, JOURNEY, overwrite=False, by="Mia", now=now)
    page = html_of(look("journey_map.py", key="care"))
    assert page.count("A common one; the journey names none of its own.") == 2


def test_a_live_journey_with_a_draft_can_be_seen_as_both(look: Look, now: datetime) -> None:
    with work() as session:
        journeys.take(session, "win-back", by="Mia", now=now)
        journeys.publish(session, "win-back", by="Mia", now=now)
        row = journeys.journey_row(session, "win-back")
        data = journeys.to_data(journeys.live_document(session, row))
        data["touchpoints"][3]["name"] = "So long"
        journeys.save_draft(session, journeys.read_document(data), by="Mia", now=now)
    at = look("journey_map.py", key="win-back")
    assert "Shall we stop writing?" in html_of(at)
    at.get("button_group")[0].set_value("The draft").run()
    assert "So long" in html_of(at)


def test_a_stage_without_a_word_names_another_journey_that_speaks_there(
    look: Look, now: datetime
) -> None:
    with work() as session:
        journeys.take(session, "win-back", by="Mia", now=now)
        journeys.take(session, "order-notices", by="Mia", now=now)
        journeys.publish(session, "order-notices", by="Mia", now=now)
    page = html_of(look("journey_map.py", key="win-back"))
    assert "“Order and delivery notices” of yours speaks here." in page


def test_two_journeys_that_speak_there_are_both_named(look: Look, now: datetime) -> None:
    with work() as session:
        journeys.take(session, "win-back", by="Mia", now=now)
        for name in ("Notices", "Parcels"):
            named = journeys.Wanted(name=name)
            key = journeys.take(session, "order-notices", named, by="Mia", now=now).key
            journeys.publish(session, key, by="Mia", now=now)
    page = html_of(look("journey_map.py", key="win-back"))
    assert "“Notices” and “Parcels” of yours speak here." in page


def test_what_a_journey_is_called_is_never_code(look: Look, now: datetime) -> None:
    with work() as session:
        named = journeys.Wanted(name="<b>Bold</b>")
        key = journeys.take(session, "win-back", named, by="Mia", now=now).key
        journeys.publish(session, key, by="Mia", now=now)
        journeys.take(session, "order-notices", by="Mia", now=now)
    page = html_of(look("journey_map.py", key="order-notices"))
    assert "<b>Bold</b>" not in page
    assert "&lt;b&gt;Bold&lt;/b&gt;" in page


def test_without_an_address_the_first_journey_is_shown(look: Look) -> None:
    assert "<h2>Delivery</h2>" in html_of(look("journey_map.py"))


def test_an_old_link_is_answered_kindly(look: Look) -> None:
    assert "There is no such journey" in text_of(look("journey_map.py", key="gone"))
