"""The page of one journey: every box writes the document, and nothing invalid is saved."""

from datetime import datetime
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from px import journeys
from px.core.work import reading, work
from px.journeys import to_data
from tests.pages.conftest import Look
from tests.pages.conftest import text_of as marked_text_of

KEY = "first-weeks"


@pytest.fixture
def example(database, now: datetime) -> str:
    with work() as session:
        return journeys.start_example(session, by="Mia", now=now)


@pytest.fixture
def drawn(example: str, look: Look) -> AppTest:
    """The page of the example."""
    return look("journey.py", key=example)


def text_of(at: AppTest) -> str:
    """Every word on the page, without the signs that keep markdown out."""
    return marked_text_of(at).replace("\\", "")


def press(at: AppTest, label: str, nth: int = 0) -> AppTest:
    found = [button for button in at.button if button.label == label]
    return found[nth].click().run()


def open_point(at: AppTest, name: str) -> AppTest:
    return press(at, name)


def box(at: AppTest, kind: str, label: str) -> Any:
    return next(one for one in at.get(kind) if one.label == label)


def draft_of(at: AppTest) -> Any:
    """What is being drawn in this tab."""
    return at.session_state[f"px_journey_draft_{KEY}"]


def point(at: AppTest, key: str = "first-steps") -> dict[str, Any]:
    """The touchpoint as it is being drawn."""
    points = draft_of(at).data["touchpoints"]
    return next(one for one in points if one["key"] == key)


def stored() -> dict[str, Any]:
    with reading() as session:
        return to_data(journeys.draft_document(session, journeys.journey_row(session, KEY)))


def test_every_touchpoint_is_a_sentence(drawn: AppTest) -> None:
    words = text_of(drawn)
    assert "5 minutes after the order is placed, by email: Thank you" in words
    assert (
        "1 day after the parcel is delivered, at 09:15, "
        "Mon to Fri between 09:00 and 20:00, by email: First steps" in words
    )
    assert (
        "8 weeks after the parcel is delivered, at 10:00, by email, "
        "only if order placed did not happen within 30 days: Running low" in words
    )


def test_opening_a_touchpoint_and_the_settings_changes_nothing(drawn: AppTest) -> None:
    for name in ("Thank you", "On its way", "First steps", "Good care", "Running low"):
        at = open_point(drawn, name)
        assert not at.exception
        assert not draft_of(at).is_changed, name
    drawn.session_state["px_journey_tabs"] = "Settings"
    at = drawn.run()
    assert box(at, "text_input", "Name").value == "The first weeks"
    assert not draft_of(at).is_changed


BOXES: list[tuple[str, str, Any, str, Any]] = [
    ("text_input", "Name", "Hello", "name", "Hello"),
    ("selectbox", "Phase", "care", "phase", "care"),
    ("selectbox", "Purpose", "transactional", "purpose", "transactional"),
    ("selectbox", "What happens", "shipped", "anchor", "shipped"),
    ("number_input", "How long after", 3, "after", "3d"),
    ("selectbox", "Unit of how long after", "w", "after", "3w"),
    ("text_input", "At", "9:30", "at", "09:30"),
    ("text_input", "At", "", "at", None),
    ("text_input", "Not after", "", "window",
     {"from": "09:00", "days": ["mon", "tue", "wed", "thu", "fri"]}),
    ("text_input", "Not before", "10", "window",
     {"from": "10:00", "days": ["mon", "tue", "wed", "thu", "fri"]}),
    ("button_group", "On these days only", ["sun", "sat"], "window",
     {"from": "10:00", "days": ["sat", "sun"]}),
    ("multiselect", "Channels, the first that reaches the customer is taken",
     ["whatsapp", "email"], "channels", ["whatsapp", "email"]),
    ("selectbox", "Text", "good-care", "message", "good-care"),
    ("text_input", "Key", "first-evening", "key", "first-evening"),
]  # fmt: skip


def test_each_box_writes_its_part(drawn: AppTest) -> None:
    at = open_point(drawn, "First steps")
    for kind, label, value, part, written in BOXES:
        box(at, kind, label).set_value(value)
        at.run()
        key = "first-evening" if part == "key" else "first-steps"
        assert point(at, key).get(part) == written, label
    assert "You have changes that are not saved" in text_of(at)


def test_a_touchpoint_may_count_from_another_one_or_from_a_date(drawn: AppTest) -> None:
    at = open_point(drawn, "First steps")
    box(at, "selectbox", "Counted from").set_value("sent").run()
    assert "The touchpoint it counts from is gone" in text_of(at)
    box(at, "selectbox", "Which touchpoint").set_value("on-its-way").run()
    assert point(at)["anchor"] == "sent:on-its-way"
    box(at, "selectbox", "Counted from").set_value("date").run()
    box(at, "selectbox", "Which date").set_value("shipment.promised_on").run()
    assert point(at)["anchor"] == "date:shipment.promised_on"
    box(at, "selectbox", "Before or after, how long after").set_value("before").run()
    assert point(at)["after"] == "-1d"


def test_being_late_and_repeating_have_boxes(drawn: AppTest) -> None:
    at = open_point(drawn, "First steps")
    next(t for t in at.toggle if t.label.startswith("Its own rule")).set_value(True).run()
    box(at, "selectbox", "When it is later").set_value("review").run()
    next(t for t in at.toggle if t.label == "Comes again").set_value(True).run()
    box(at, "number_input", "How often in all").set_value(12).run()
    assert point(at)["late"] == {"within": "24h", "else": "review"}
    assert point(at)["repeat"] == {"every": "30d", "times": 12}


def test_a_condition_is_built_row_by_row(drawn: AppTest) -> None:
    at = press(open_point(drawn, "First steps"), "Add a condition")
    assert "A condition has no value yet" in text_of(at)
    box(at, "selectbox", "Only if, row 1: what").set_value("customer.country").run()
    box(at, "selectbox", "Only if, row 1: comparison").set_value("in").run()
    box(at, "text_input", "Only if, row 1: value").set_value("DE, AT").run()
    first = {"field": "customer.country", "op": "in", "value": ["DE", "AT"]}
    assert point(at)["if"] == first
    press(at, "Add a condition")
    box(at, "selectbox", "Only if, row 2: what").set_value("did").run()
    box(at, "selectbox", "Only if, row 2: what happened").set_value("order_placed").run()
    box(at, "number_input", "At least, times").set_value(2)
    box(at, "text_input", "Within").set_value("90d").run()
    did = {"did": "order_placed", "within": "90d", "times": 2}
    assert point(at)["if"] == {"all": [first, did]}
    joint = next(b for b in at.get("button_group") if b.label.startswith("Only if: how"))
    joint.set_value("any").run()
    assert point(at)["if"] == {"any": [first, did]}
    press(at, "Remove")
    assert point(at)["if"] == {"any": [did]}
    press(at, "Remove")
    assert "if" not in point(at)


def test_a_nested_condition_is_edited_as_yaml_and_refused_in_words(drawn: AppTest) -> None:
    at = press(open_point(drawn, "First steps"), "Add a condition")
    box(at, "selectbox", "Only if, row 1: what").set_value("yaml").run()
    text = box(at, "text_area", "Only if, row 1: nested condition as YAML")
    text.set_value("not: {did: eaten}").run()
    assert "'eaten' is not an event kind" in text_of(at)
    box(at, "text_area", "Only if, row 1: nested condition as YAML").set_value(
        "not: {did: delivered}"
    ).run()
    assert point(at)["if"] == {"not": {"did": "delivered"}}


def test_a_question_and_what_its_answers_do(drawn: AppTest) -> None:
    at = open_point(drawn, "First steps")
    asks = next(t for t in at.toggle if t.label.startswith("Asks a question"))
    asks.set_value(True).run()
    assert "Question: fill this in" in text_of(at)
    box(at, "text_input", "What the answer is called").set_value("Skin type").run()
    press(at, "Add what an answer does")
    box(at, "multiselect", "Then, in case 1").set_value(["open_feedback", "hold"]).run()
    box(at, "number_input", "Give points, case 1").set_value(50).run()
    assert point(at)["ask"] == {"question": "skin-type", "wait": "3d"}
    assert point(at)["react"] == [
        {
            "if": {"field": "answer", "op": "lte", "value": 6},
            "do": ["open_feedback", {"hold": True}, {"award": 50}],
        }
    ]
    press(at, "Remove case 1")
    assert "react" not in point(at)


def test_several_texts_share_the_customers(drawn: AppTest) -> None:
    at = press(open_point(drawn, "First steps"), "Add a variant")
    assert "Choose the text to send" in text_of(at)
    box(at, "selectbox", "Text 2").set_value("good-care").run()
    box(at, "number_input", "Share of text 2").set_value(3).run()
    assert point(at)["variants"] == [
        {"weight": 1, "message": "first-steps"},
        {"weight": 3, "message": "good-care"},
    ]
    press(at, "Remove", nth=1)
    assert point(at)["message"] == "first-steps"
    assert "variants" not in point(at)


def test_a_text_can_be_written_without_leaving(drawn: AppTest) -> None:
    at = open_point(drawn, "First steps")
    box(at, "text_input", "Name of the text").set_value("A quiet start")
    box(at, "text_input", "Subject").set_value("Hello {{ customer.first_name }}")
    box(at, "text_area", "Text").set_value("Welcome.")
    press(at, "Save text")
    assert point(at)["message"] == "a-quiet-start"
    assert "First steps" not in str(point(at)["message"])


def test_a_text_with_a_mistake_is_refused_with_its_place(drawn: AppTest) -> None:
    at = open_point(drawn, "First steps")
    box(at, "text_area", "Text").set_value("Hello {{ custmer.name }}")
    press(at, "Save text")
    assert "custmer" in text_of(at)
    assert point(at)["message"] == "first-steps"


def test_what_is_not_valid_is_said_at_its_touchpoint_and_cannot_be_saved(drawn: AppTest) -> None:
    at = open_point(drawn, "First steps")
    box(at, "text_input", "At").set_value("25:00").run()
    words = text_of(at)
    assert "Time of day: '25:00' is not a time of day" in words
    assert "1 thing to mend before it can be saved" in words
    save = next(b for b in at.button if b.label == "Save draft")
    assert save.disabled
    assert stored()["touchpoints"][2]["at"] == "09:15"


def test_saving_keeps_what_was_drawn(drawn: AppTest) -> None:
    at = open_point(drawn, "First steps")
    box(at, "text_input", "Name").set_value("The first evening").run()
    press(at, "Save draft")
    assert stored()["touchpoints"][2]["name"] == "The first evening"
    assert "This draft is saved and not published yet" in text_of(at)
    assert not [b for b in at.button if b.label == "Save draft"]


def test_undo_takes_back_one_change_after_another(drawn: AppTest) -> None:
    at = open_point(drawn, "First steps")
    for name in ("One", "Two"):
        box(at, "text_input", "Name").set_value(name).run()
    press(at, "Undo")
    assert point(at)["name"] == "One"
    assert box(at, "text_input", "Name").value == "One"
    press(at, "Undo")
    assert point(at)["name"] == "First steps"
    assert next(b for b in at.button if b.label == "Undo").disabled


def test_no_more_than_twenty_changes_can_be_taken_back(drawn: AppTest) -> None:
    at = open_point(drawn, "First steps")
    for number in range(23):
        box(at, "number_input", "How long after").set_value(number + 2).run()
    assert len(draft_of(at).history) == 20


def test_touchpoints_are_added_to_their_phase(drawn: AppTest) -> None:
    at = press(drawn, "Add to usage")
    assert point(at, "message")["phase"] == "usage"
    assert box(at, "text_input", "Name").value == "New message"
    assert "Choose the text to send" in text_of(at)


def test_somebody_elses_save_is_said_and_neither_is_lost(drawn: AppTest, now: datetime) -> None:
    at = open_point(drawn, "First steps")
    box(at, "text_input", "Name").set_value("Mine").run()
    with work() as session:
        row = journeys.journey_row(session, KEY)
        document = journeys.draft_document(session, row)
        theirs = document.model_copy(update={"name": "Theirs"})
        journeys.save_draft(session, theirs, by="ben@fern.example", now=now.replace(hour=13))
    at.run()
    assert "ben@fern.example saved this journey" in text_of(at)
    press(at, "Save draft")
    assert "ben@fern.example has saved this journey" in text_of(at)
    assert point(at)["name"] == "Mine"
    press(at, "Open theirs, drop mine")
    assert at.title[0].value == "Theirs"
    assert point(at)["name"] == "First steps"


def test_somebody_elses_save_is_taken_over_while_nothing_here_is_unsaved(
    drawn: AppTest, now: datetime
) -> None:
    with work() as session:
        row = journeys.journey_row(session, KEY)
        document = journeys.draft_document(session, row).model_copy(update={"name": "Theirs"})
        journeys.save_draft(session, document, by="ben@fern.example", now=now.replace(hour=13))
    at = drawn.run()
    assert at.title[0].value == "Theirs"
    assert "saved this journey" not in text_of(at)


def tab(at: AppTest, name: str) -> AppTest:
    at.session_state["px_journey_tabs"] = name
    return at.run()


def test_yaml_and_form_are_the_same_document(drawn: AppTest) -> None:
    at = tab(drawn, "YAML")
    area = at.text_area[0]
    area.set_value(area.value.replace("name: First steps", "name: Typed here")).run()
    assert point(at)["name"] == "Typed here"
    at = tab(at, "Touchpoints")
    box(press(at, "Typed here"), "text_input", "Name").set_value("And here").run()
    assert "name: And here" in tab(at, "YAML").text_area[0].value


def test_yaml_that_is_no_journey_is_kept_and_never_saved(drawn: AppTest) -> None:
    at = tab(drawn, "YAML")
    broken = at.text_area[0].value.replace("anchor: shipped", "anchor: eaten")
    at.text_area[0].set_value(broken).run()
    words = text_of(at)
    assert "This is not a journey yet" in words
    assert "'eaten' is not an event kind" in words
    assert next(b for b in at.button if b.label == "Publish journey").disabled
    assert not [b for b in at.button if b.label == "Save draft"]
    at = tab(at, "Touchpoints")
    assert "The YAML tab holds changes that are not a valid journey yet" in text_of(at)
    assert tab(at, "YAML").text_area[0].value == broken
    press(at, "Drop these changes")
    assert "anchor: shipped" in at.text_area[0].value
    assert point(at, "on-its-way")["anchor"] == "shipped"


def test_the_settings_write_the_journey(drawn: AppTest) -> None:
    at = tab(drawn, "Settings")
    box(at, "text_input", "Name").set_value("Serum care").run()
    box(at, "selectbox", "It runs once for").set_value("customer").run()
    box(at, "selectbox", "The same customer enters").set_value("after").run()
    box(at, "multiselect", "It ends when").set_value(["order_cancelled", "delivered"]).run()
    box(at, "number_input", "Held out, in percent").set_value(10.0).run()
    press(at, "Add a condition to enter")
    box(at, "text_input", "Only if, row 1: value").set_value("SERUM-30").run()
    box(at, "multiselect", "Phases, in order").set_value(
        ["pre_arrival", "unboxing", "care", "renewal"]
    )
    at.run()
    data = draft_of(at).data
    assert data["name"] == "Serum care"
    assert data["enter"] == {
        "on": "order_placed",
        "where": {"field": "order.skus", "op": "contains", "value": "SERUM-30"},
        "again": {"after": "90d"},
    }
    assert data["exit_on"] == ["order_cancelled", "delivered"]
    assert data["holdout"] == 0.1
    assert data["phases"] == ["pre_arrival", "unboxing", "care", "renewal"]
    press(at, "Save draft")
    assert stored() == data


def test_a_version_is_drawn_on_again(drawn: AppTest, now: datetime) -> None:
    with work() as session:
        journeys.publish(session, KEY, by="Mia", now=now, note="The first one")
    at = open_point(drawn.run(), "First steps")
    box(at, "text_input", "Name").set_value("Changed").run()
    at = tab(at, "Versions")
    assert "The first one" in text_of(at)
    press(at, "Draw on from version 1")
    assert point(at)["name"] == "First steps"


def test_a_rehearsal_without_orders_says_what_to_do(drawn: AppTest) -> None:
    at = press(tab(drawn, "Rehearsal"), "Rehearse")
    assert "there were no orders to play it over. Import your orders first." in text_of(at)


def test_a_journey_that_does_not_exist_says_so(look: Look) -> None:
    at = look("journey.py", key="<b>no</b>")
    assert "There is no such journey" in text_of(at)
