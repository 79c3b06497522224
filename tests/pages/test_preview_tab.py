"""The preview of a journey: as whom, in which format, and what became of each value."""

from datetime import datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from db.kinds import Role
from px.channels import recorded
from px.core import settings as px_settings
from px.core.work import reading, work
from px.customers import CustomerFacts, identify
from px.journeys import import_journey
from px.messages import TemplateParts, save_template
from px.orders import order_by_number
from tests.builders import settle_in
from tests.pages.conftest import Look, text_of

JOURNEY = """
format: 1
journey: care
name: Care
enter: {on: order_placed}
touchpoints:
  - {key: tips, name: Tips, anchor: order_placed, after: 2d, message: tips}
  - key: note
    name: A note
    purpose: transactional
    anchor: order_placed
    channels: [sms, email]
    variants: [{weight: 1, message: tips}, {weight: 1, message: other}]
"""
WORDS = TemplateParts(
    "Tips for {{ customer.name }}", "Hello {{ customer.first_name }}, {{ shipment.carrier }}"
)


def opened(look: Look, now: datetime, *, with_customers: bool = True) -> AppTest:
    with work() as session:
        if with_customers:
            settle_in(session, now=now, key=px_settings.current(session).key)
        save_template(session, "tips", "Tips", WORDS, by="Mia", now=now)
        save_template(session, "other", "Other", TemplateParts("Other", "Other"), by="M", now=now)
        import_journey(session, JOURNEY, overwrite=False, by="Mia", now=now)
    at = look("journey.py", Role.MANAGER, key="care")
    at.session_state["px_journey_tabs"] = "Preview"
    return at.run()


@pytest.fixture
def preview(look: Look, now: datetime) -> AppTest:
    """The preview of the first touchpoint, for the cast."""
    return opened(look, now)


def pictures(at: AppTest) -> str:
    return "\n".join(element.proto.body for element in at.get("html"))


def choose(at: AppTest, label: str, value: object) -> AppTest:
    boxes = [*at.selectbox, *at.get("button_group")]
    next(one for one in boxes if one.label == label).set_value(value)
    return at.run()


def frames(at: AppTest) -> list[str]:
    return [frame.proto.alt for frame in at.get("iframe")]


def test_three_telling_customers_stand_side_by_side_with_what_they_get(preview: AppTest) -> None:
    said = text_of(preview)
    assert "**Typical**" in said
    assert "**Longest name, largest basket**" in said
    assert "**Least data**" in said
    assert "Gets it by email" in said or "Would get it by email" in said
    assert "the address is on the do\\-not\\-write list" in said
    assert len(frames(preview)) == 3
    assert all(alt.endswith("as on a phone") for alt in frames(preview))
    assert "Tips for" in pictures(preview)


def test_the_table_says_what_each_variable_became_and_who_lacks_it(preview: AppTest) -> None:
    table = preview.dataframe[0].value
    row = table[table["Variable"] == "shipment.carrier"].iloc[0]
    assert row["Typical"] == "nothing"
    assert row["Where it comes from"] == "the latest parcel of the order"
    assert row["Who lacks it"] == "6 of 6 latest orders"
    assert "`shipment.carrier` for 6 of 6 latest orders" in text_of(preview)
    first = table[table["Variable"] == "customer.first_name"].iloc[0]
    assert first["Who lacks it"] == "nobody"


def test_one_customer_is_seen_in_every_format_with_the_order_that_is_chosen(
    preview: AppTest,
) -> None:
    at = choose(preview, "As", "One customer")
    box = next(one for one in at.text_input if one.label == "Find a customer")
    box.set_value("lovelace")
    at.run()
    assert "**Ada Lovelace**, order \\#ada3" in text_of(at)
    assert frames(at) == ["The email as on a phone", "The email as on a desk"]
    assert "SMS: 1 part" in text_of(at)
    with reading() as session:
        first = order_by_number(session, "#ada1")
    assert first is not None
    at = choose(at, "With the order", first.id)
    assert "**Ada Lovelace**, order \\#ada1" in text_of(at)


def test_a_format_can_be_chosen_and_sms_counts_its_parts(preview: AppTest) -> None:
    at = choose(preview, "Shown as", "SMS")
    assert frames(at) == []
    assert text_of(at).count("SMS: 1 part") == 3
    assert "background:#e9e9eb" in pictures(at)


def test_what_an_sms_costs_is_said_with_the_shops_currency(preview: AppTest, now: datetime) -> None:
    with work() as session:
        prices = {"price_sms": 0.075, "shop_currency": "EUR"}
        px_settings.save(session, prices, by="Mia", now=now)
    at = choose(preview, "Shown as", "SMS")
    assert "SMS: 1 part, 10 characters in GSM-7 · 0.075\u00a0EUR" in text_of(at)


def test_variants_can_be_switched(preview: AppTest) -> None:
    at = choose(preview, "Touchpoint", "note")
    at = choose(at, "Text", "other")
    at = choose(at, "Shown as", "Plain text")
    assert all(block.value.startswith("Other") for block in at.code)
    assert len(at.code) == 3


def test_what_is_drawn_and_not_saved_is_what_is_seen(preview: AppTest) -> None:
    at = preview
    draft = at.session_state["px_journey_draft_care"]
    (tips, _note) = draft.data["touchpoints"]
    draft.put(draft.data | {"touchpoints": [tips | {"name": "Drawn", "channels": ["sms"]}]})
    at.run()
    assert draft.is_changed
    assert text_of(at).count("there is no address for any of its channels") == 3
    assert next(one for one in at.selectbox if one.label == "Touchpoint").options == ["Drawn"]


def test_a_draft_that_cannot_be_read_is_shown_as_it_was_saved(preview: AppTest) -> None:
    draft = preview.session_state["px_journey_draft_care"]
    draft.put(draft.data | {"touchpoints": [{"key": "tips"}]})
    preview.run()
    assert "this is the journey as it was saved last" in text_of(preview)
    assert len(frames(preview)) == 3


def test_a_test_goes_to_whoever_looks_and_counts_nowhere(preview: AppTest) -> None:
    next(button for button in preview.button if button.label == "Send test to me").click()
    preview.run()
    with reading() as session:
        folder = px_settings.current(session).data_dir / "recorder"
    (mail,) = recorded(folder)
    assert mail.to == "manager@fern.example"
    assert mail.subject.startswith("[Test] Tips for")
    assert "/c/" not in mail.text
    assert preview.toast


def test_without_customers_it_says_what_to_do(look: Look, now: datetime) -> None:
    at = opened(look, now, with_customers=False)
    assert "There are no customers yet. Import orders" in text_of(at)
    assert frames(at) == []
    at = choose(at, "As", "One customer")
    assert "There are no customers yet." in text_of(at)


def test_hostile_names_are_shown_as_words(look: Look, now: datetime) -> None:
    at = opened(look, now)
    with work() as session:
        facts = [
            CustomerFacts(source="shop", external_id=f"c-{who}", first_name="<img src=x onerror=a>")
            for who in ("ada", "ben", "cleo", "dora")
        ]
        identify(session, facts, now=now + timedelta(seconds=1))
    at = choose(at, "Shown as", "Chat")
    assert "<img" not in pictures(at)
    assert "&lt;img src=x onerror=a&gt;" in pictures(at)
