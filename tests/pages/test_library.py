"""The library's page: finding a journey, reading it whole, and using it."""

from datetime import datetime

from streamlit.testing.v1 import AppTest

from db.kinds import Role
from px import journeys
from px.core.work import reading
from tests.pages.conftest import Look
from tests.pages.conftest import text_of as marked_text_of


def text_of(at: AppTest) -> str:
    """Every word on the page, without the signs that keep markdown out."""
    return marked_text_of(at).replace("\\", "")


def labels(at: AppTest) -> list[str]:
    return [button.label for button in at.button]


def test_every_journey_has_a_card_with_what_the_customer_wants(look: Look) -> None:
    at = look("library.py")
    words = text_of(at)
    assert "14 ready-made journeys with all their texts." in words
    for one in journeys.library():
        assert f"**{one.name}**" in words
        assert one.customer_goal in words
    assert labels(at).count("Use this journey") == 14
    assert "Needs orders and parcels with their delivery." in words
    assert "9 touchpoints · over 54 days" in words


def test_a_search_leaves_what_speaks_of_it(look: Look) -> None:
    at = look("library.py")
    at.text_input[0].set_value("recall").run()
    assert "Product recall" in text_of(at)
    assert "Win back" not in text_of(at)
    at.text_input[0].set_value("perfume").run()
    assert "No ready-made journey speaks of “perfume”" in text_of(at)
    at = next(b for b in at.button if b.label.startswith("See all journeys")).click().run()
    assert labels(at).count("Use this journey") == 14


def test_a_kind_of_shop_sees_its_own_and_those_for_every_shop(look: Look) -> None:
    at = look("library.py")
    at.get("button_group")[0].set_value("Sport").run()
    words = text_of(at)
    assert "Fitness equipment" in words
    assert "Order and delivery notices" in words
    assert "Coffee subscription" not in words


def test_a_journey_can_be_read_whole(look: Look) -> None:
    at = look("library.py", key="skincare")
    assert at.title[0].value == "Skincare, the first two months"
    words = text_of(at)
    assert "It begins for each order when the order is placed. Kind of shop: beauty." in words
    assert "1 day after the parcel is delivered, at 18:30, by WhatsApp, else email" in words
    assert "Asks a question" in words
    assert "Parcels with their delivery" in words


def test_an_open_message_is_shown_as_a_customer_gets_it(look: Look) -> None:
    at = look("library.py", key="skincare")
    at.session_state["px_text_skincare-first-evening"] = True
    at.run()
    assert not at.exception
    assert len(at.get("iframe")) == 1
    bubbles = "".join(str(element.proto.body) for element in at.get("html"))
    assert "For the first evening: try a little on the inside of your arm" in bubbles


def test_an_old_link_is_answered_kindly(look: Look) -> None:
    at = look("library.py", key="perfume")
    assert "There is no such journey in the library" in text_of(at)


def test_support_has_no_library(look: Look) -> None:
    at = look("", Role.SUPPORT)
    assert "Library" not in text_of(at)


def test_no_journey_is_made_by_looking(look: Look, now: datetime) -> None:
    look("library.py", key="recall")
    with reading() as session:
        assert journeys.journey_lines(session) == []
