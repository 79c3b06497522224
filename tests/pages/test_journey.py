"""The page of one journey: every box writes the document, and nothing invalid is saved."""

import json
from datetime import datetime
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from px import journeys, messages
from px.core import settings as px_settings
from px.core.work import reading, work
from px.journeys import to_data
from tests.pages.conftest import Look
from tests.pages.conftest import text_of as marked_text_of

KEY = "first-weeks"
JOURNEY = """
format: 1
journey: first-weeks
name: The first weeks
per: order
enter:
  on: order_placed
exit_on: [order_cancelled]
hold_on: [shipment_stalled, shipment_damaged, shipment_lost, return_requested, conversation_opened]
resume_on: [delivered, return_resolved, conversation_resolved]
goal: {on: order_placed, within: 90d}
touchpoints:
  - key: thank-you
    name: Thank you
    phase: pre_arrival
    purpose: transactional
    anchor: order_placed
    after: 5m
    channels: [email]
    message: thank-you
  - key: on-its-way
    name: On its way
    phase: pre_arrival
    purpose: transactional
    anchor: shipped
    after: "0"
    channels: [sms, email]
    message: on-its-way
  - key: first-steps
    name: First steps
    phase: unboxing
    purpose: marketing
    anchor: delivered
    after: 1d
    at: "09:15"
    window: {from: "09:00", to: "20:00", days: [mon, tue, wed, thu, fri]}
    channels: [email]
    message: first-steps
  - key: good-care
    name: Good care
    phase: care
    purpose: marketing
    anchor: delivered
    after: 3w
    at: "10:00"
    late: {within: 3d, else: skip}
    channels: [email]
    message: good-care
  - key: running-low
    name: Running low
    phase: renewal
    purpose: marketing
    anchor: delivered
    after: 8w
    at: "10:00"
    if:
      not: {did: order_placed, within: 30d}
    late: {within: 3d, else: skip}
    channels: [email]
    message: running-low
templates:
  thank-you: {name: Thank you, subject: Thank you, body: 'Hello {{ customer.first_name }}.'}
  on-its-way: {name: On its way, subject: On its way, body: 'Hello {{ customer.first_name }}.'}
  first-steps: {name: First steps, subject: First steps, body: 'Hello {{ customer.first_name }}.'}
  good-care: {name: Good care, subject: Good care, body: 'Hello {{ customer.first_name }}.'}
  running-low: {name: Running low, subject: Running low, body: 'Hello {{ customer.first_name }}.'}
"""


@pytest.fixture
def example(database, now: datetime) -> str:
    with work() as session:
        return journeys.import_journey(session, JOURNEY, overwrite=False, by="Mia", now=now).key


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


def do(at: AppTest, kind: str, touchpoint: str | None = None, **more: Any) -> AppTest:
    """What the browser says of somebody's deed on the timeline."""
    DEEDS.append(kind)
    said = {"id": f"deed-{len(DEEDS)}", "journey": KEY, "kind": kind, "touchpoint": touchpoint}
    at.session_state["px_timeline_inbox"] = [said | more]
    return at.run()


DEEDS: list[str] = []


def open_point(at: AppTest, name: str, part: str = "When") -> AppTest:
    """The touchpoint of this name is open beside the timeline, at this part of its form."""
    points = draft_of(at).data["touchpoints"]
    key = next(one["key"] for one in points if one.get("name") == name)
    return look_at(do(at, "picked", key), part)


def look_at(at: AppTest, part: str) -> AppTest:
    at.session_state["px_part"] = part
    return at.run()


def in_words(at: AppTest) -> AppTest:
    at.session_state["px_journey_view"] = "In words"
    return at.run()


def drawn_scene(at: AppTest) -> dict[str, Any]:
    """What the timeline was given to draw."""
    data = json.loads(at.get("bidi_component")[0].proto.json)
    assert isinstance(data, dict)
    return data


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
    words = text_of(in_words(drawn))
    assert "5 minutes after the order is placed, by email: Thank you" in words
    assert (
        "1 day after the parcel is delivered, at 09:15, "
        "Mon to Fri between 09:00 and 20:00, by email: First steps" in words
    )
    assert (
        "8 weeks after the parcel is delivered, at 10:00, by email, "
        "only if they did not buy within 30 days: Running low" in words
    )


def test_opening_a_touchpoint_and_the_settings_changes_nothing(drawn: AppTest) -> None:
    for name in ("Thank you", "On its way", "First steps", "Good care", "Running low"):
        for part in ("When", "For whom", "Message", "Question", "More"):
            at = open_point(drawn, name, part)
            assert not at.exception
            assert not draft_of(at).is_changed, (name, part)
    drawn.session_state["px_journey_tabs"] = "Settings"
    at = drawn.run()
    assert box(at, "text_input", "Name").value == "The first weeks"
    assert not draft_of(at).is_changed


BOXES: list[tuple[str, str, str, Any, str, Any]] = [
    ("When", "text_input", "Name", "Hello", "name", "Hello"),
    ("More", "selectbox", "Phase", "care", "phase", "care"),
    ("For whom", "selectbox", "Purpose", "transactional", "purpose", "transactional"),
    ("When", "selectbox", "What happens", "shipped", "anchor", "shipped"),
    ("When", "number_input", "How long after", 3, "after", "3d"),
    ("When", "selectbox", "Unit of how long after", "w", "after", "3w"),
    ("When", "text_input", "At", "9:30", "at", "09:30"),
    ("When", "text_input", "At", "", "at", None),
    ("When", "text_input", "Not after", "", "window",
     {"from": "09:00", "days": ["mon", "tue", "wed", "thu", "fri"]}),
    ("When", "text_input", "Not before", "10", "window",
     {"from": "10:00", "days": ["mon", "tue", "wed", "thu", "fri"]}),
    ("When", "button_group", "On these days only", ["sun", "sat"], "window",
     {"from": "10:00", "days": ["sat", "sun"]}),
    ("Message", "multiselect", "Channels, the first that reaches the customer is taken",
     ["whatsapp", "email"], "channels", ["whatsapp", "email"]),
    ("Message", "selectbox", "Text", "good-care", "message", "good-care"),
    ("More", "text_input", "Key", "first-evening", "key", "first-evening"),
]  # fmt: skip


def test_each_box_writes_its_part(drawn: AppTest) -> None:
    at = open_point(drawn, "First steps")
    for tab_of, kind, label, value, part, written in BOXES:
        at = look_at(at, tab_of)
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
    at = press(open_point(drawn, "First steps", "For whom"), "Add a condition")
    assert "A condition has no value yet" in text_of(at)
    box(at, "selectbox", "Only if, row 1: what").set_value("customer.country").run()
    box(at, "selectbox", "Only if, row 1: comparison").set_value("in").run()
    box(at, "text_input", "Only if, row 1: value").set_value("DE, AT").run()
    first = {"field": "customer.country", "op": "in", "value": ["DE", "AT"]}
    assert point(at)["if"] == first
    press(at, "Add a condition")
    box(at, "selectbox", "Only if, row 2: what").set_value("did").run()
    box(at, "selectbox", "Only if, row 2: what happened").set_value("order_placed").run()
    box(at, "number_input", "Only if, row 2: at least, times").set_value(2)
    box(at, "selectbox", "Only if, row 2: within, or ever").set_value("within").run()
    did = {"did": "order_placed", "within": "90d", "times": 2}
    assert point(at)["if"] == {"all": [first, did]}
    assert (
        "Only if **customer's country is one of DE or AT "
        "and they bought at least 2 times within 90 days**" in text_of(at)
    )
    box(at, "selectbox", "Only if: how the rows are joined").set_value("any").run()
    assert point(at)["if"] == {"any": [first, did]}
    press(at, "Remove")
    assert point(at)["if"] == {"any": [did]}
    press(at, "Remove")
    assert "if" not in point(at)


def test_a_condition_about_money_is_typed_and_shown_in_the_shops_currency(
    drawn: AppTest, now: datetime
) -> None:
    with work() as session:
        px_settings.save(session, {"shop_currency": "EUR"}, by="Mia", now=now)
    at = press(open_point(drawn, "First steps", "For whom"), "Add a condition")
    box(at, "selectbox", "Only if, row 1: what").set_value("order.total_minor").run()
    box(at, "selectbox", "Only if, row 1: comparison").set_value("gte").run()
    box(at, "text_input", "Only if, row 1: value").set_value("50").run()
    assert point(at)["if"] == {"field": "order.total_minor", "op": "gte", "value": 5000}
    assert "Only if **order total is at least 50.00 EUR**." in text_of(at)
    at = open_point(look_at(at, "When"), "First steps", "For whom")
    assert box(at, "text_input", "Only if, row 1: value").value == "50.00"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("fifty", "“fifty” is not an amount; write it as 50.00."),
        ("50,00", "“50,00” is not an amount; write it as 50.00."),
        ("50.005", "“50.005” has too many digits after the point; write it as 50.00."),
    ],
)
def test_what_is_no_amount_is_refused_at_its_row_and_nothing_of_it_is_saved(
    drawn: AppTest, typed: str, said: str
) -> None:
    at = press(open_point(drawn, "First steps", "For whom"), "Add a condition")
    box(at, "selectbox", "Only if, row 1: what").set_value("customer.spent_minor").run()
    box(at, "text_input", "Only if, row 1: value").set_value("50").run()
    assert not next(b for b in at.button if b.label == "Save draft").disabled
    box(at, "text_input", "Only if, row 1: value").set_value(typed).run()
    assert said in text_of(at)
    assert next(b for b in at.button if b.label == "Save draft").disabled
    assert point(at)["if"]["value"] is None
    assert "if" not in next(one for one in stored()["touchpoints"] if one["key"] == "first-steps")


def test_conditions_are_put_in_groups_as_deep_as_one_likes(drawn: AppTest) -> None:
    at = press(open_point(drawn, "First steps", "For whom"), "Add a condition")
    box(at, "text_input", "Only if, row 1: value").set_value("SERUM-30").run()
    press(at, "Add a group")
    box(at, "selectbox", "Only if, row 2.1: what").set_value("did not").run()
    press(at, "Add a condition to group 2")
    box(at, "selectbox", "Only if, row 2.2: what").set_value("customer.tier").run()
    box(at, "selectbox", "Only if, row 2.2: comparison").set_value("missing").run()
    first = {"field": "order.skus", "op": "contains", "value": "SERUM-30"}
    rows = [
        {"not": {"did": "order_placed"}},
        {"field": "customer.tier", "op": "missing"},
    ]
    assert point(at)["if"] == {"all": [first, {"any": rows}]}
    box(at, "selectbox", "Only if, row 2: how the rows are joined").set_value("none").run()
    assert point(at)["if"] == {"all": [first, {"not": {"any": rows}}]}
    press(at, "Remove", nth=1)
    press(at, "Remove", nth=1)
    assert point(at)["if"] == first


def test_a_question_and_what_its_answers_do(drawn: AppTest) -> None:
    at = open_point(drawn, "First steps", "Question")
    asks = next(t for t in at.toggle if t.label.startswith("Asks a question"))
    asks.set_value(True).run()
    assert "Question: fill this in" in text_of(at)
    box(at, "text_input", "What the answer is called").set_value("Skin type").run()
    press(at, "Add what an answer does")
    box(at, "multiselect", "Then, in case 1").set_value(["open_feedback", "hold"]).run()
    box(at, "number_input", "Give points, case 1").set_value(50).run()
    box(at, "selectbox", "Enter this journey, case 1").set_value(KEY).run()
    box(at, "selectbox", "If, row 1: comparison").set_value("gte").run()
    assert point(at)["ask"] == {"question": "skin-type", "wait": "3d"}
    assert point(at)["react"] == [
        {
            "if": {"field": "answer", "op": "gte", "value": 6},
            "do": ["open_feedback", {"hold": True}, {"enrol": KEY}, {"award": 50}],
        }
    ]
    press(at, "Remove case 1")
    assert "react" not in point(at)


def test_several_texts_share_the_customers(drawn: AppTest) -> None:
    at = press(open_point(drawn, "First steps", "Message"), "Add a variant")
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
    at = press(open_point(drawn, "First steps", "Message"), "Write a new text")
    box(at, "text_input", "Name of the text").set_value("A quiet start")
    box(at, "text_input", "Subject").set_value("Hello {{ customer.first_name }}")
    box(at, "text_area", "SMS").set_value("Hello")
    box(at, "text_area", "Body").set_value("Welcome.")
    press(at, "Save text")
    assert point(at)["message"] == "a-quiet-start"
    assert box(at, "text_area", "Body").value == "Welcome."
    assert box(at, "text_area", "SMS").value == "Hello"


def test_a_new_touchpoint_shows_the_boxes_for_its_text(drawn: AppTest) -> None:
    at = look_at(do(drawn, "added", anchor="delivered", days=21.0), "Message")
    assert "Choose the text to send" in text_of(at)
    box(at, "text_input", "Subject").set_value("Three weeks in")
    box(at, "text_area", "Body").set_value("How is it?")
    press(at, "Save text")
    assert point(at, "message")["message"] == "new-message"
    assert "Choose the text to send" not in text_of(at)


def test_a_text_with_a_mistake_is_refused_with_its_place(drawn: AppTest) -> None:
    at = press(open_point(drawn, "First steps", "Message"), "Write a new text")
    box(at, "text_area", "Body").set_value("Hello {{ custmer.name }}")
    press(at, "Save text")
    assert "custmer" in text_of(at)
    assert point(at)["message"] == "first-steps"
    assert box(at, "text_area", "Body").value == "Hello {{ custmer.name }}"


def test_the_words_of_a_text_are_changed_beside_the_timeline(drawn: AppTest) -> None:
    at = open_point(drawn, "First steps", "Message")
    box(at, "text_input", "Subject").set_value("Other words").run()
    assert "The words of First steps are not saved" in text_of(at)
    press(open_point(at, "Thank you", "Message"), "Close")
    at = open_point(at, "First steps", "Message")
    assert box(at, "text_input", "Subject").value == "Other words"
    press(at, "Save text")
    with reading() as session:
        stored_words = messages.template_versions(session, ["first-steps"])["first-steps"][1]
    assert stored_words.subject == "Other words"
    assert "are not saved" not in text_of(at)


def test_changed_words_and_a_new_text_are_discarded_on_request(drawn: AppTest) -> None:
    at = open_point(drawn, "First steps", "Message")
    kept = box(at, "text_input", "Subject").value
    box(at, "text_input", "Subject").set_value("Other words").run()
    press(at, "Discard my changes")
    assert box(at, "text_input", "Subject").value == kept
    assert "are not saved" not in text_of(at)
    press(at, "Write a new text")
    box(at, "text_area", "Body").set_value("Half a thought").run()
    press(at, "Discard it")
    assert box(at, "text_area", "Body").value != "Half a thought"
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
    press(at, "Redo")
    press(at, "Redo")
    assert point(at)["name"] == "Two"
    assert next(b for b in at.button if b.label == "Redo").disabled


def test_after_a_change_nothing_can_be_made_again(drawn: AppTest) -> None:
    at = open_point(drawn, "First steps")
    box(at, "text_input", "Name").set_value("One").run()
    press(at, "Undo")
    box(at, "text_input", "Name").set_value("Other").run()
    assert next(b for b in at.button if b.label == "Redo").disabled


def test_letters_typed_one_after_another_are_one_change(drawn: AppTest) -> None:
    at = open_point(drawn, "First steps")
    for name in ("First steps a", "First steps at", "First steps at home"):
        box(at, "text_input", "Name").set_value(name).run()
    press(at, "Undo")
    assert point(at)["name"] == "First steps"


def test_what_is_done_on_the_timeline_is_in_the_draft_and_can_be_taken_back(
    drawn: AppTest,
) -> None:
    at = do(drawn, "moved", "first-steps", anchor="delivered", days=4.0)
    assert (point(at)["after"], point(at)["at"]) == ("4d", "09:15")
    at = do(at, "duplicated", "first-steps")
    assert box(at, "text_input", "Name").value == "First steps (copy)"
    at = do(at, "deleted", "first-steps-2")
    assert "“First steps (copy)” is deleted" in text_of(at)
    press(at, "Bring it back")
    assert point(at, "first-steps-2")["after"] == "4d"
    do(do(do(do(at, "undo"), "undo"), "redo"), "redo")
    keys = [one["key"] for one in draft_of(at).data["touchpoints"]]
    assert "first-steps-2" in keys
    assert [card["key"] for card in drawn_scene(at)["cards"]] == keys


def test_a_place_where_a_touchpoint_cannot_stand_is_refused_in_words(drawn: AppTest) -> None:
    at = do(drawn, "moved", "first-steps", anchor="answered:on-its-way", days=1.0)
    assert "asks no question" in text_of(at)
    assert not draft_of(at).is_changed


def test_no_more_than_twenty_changes_can_be_taken_back(drawn: AppTest) -> None:
    at = open_point(drawn, "First steps")
    for number in range(23):
        box(at, "number_input", "How long after").set_value(number + 2).run()
    assert len(draft_of(at).history) == 20


def test_touchpoints_are_added_to_their_phase(drawn: AppTest) -> None:
    at = press(in_words(drawn), "Add to usage")
    assert point(at, "message")["phase"] == "usage"
    assert box(at, "text_input", "Name").value == "New message"
    assert "Choose the text to send" in text_of(at)


def tab(at: AppTest, name: str) -> AppTest:
    at.session_state["px_journey_tabs"] = name
    return at.run()


def test_yaml_and_form_are_the_same_document(drawn: AppTest) -> None:
    at = tab(drawn, "YAML")
    area = at.text_area[0]
    area.set_value(area.value.replace("name: First steps", "name: Typed here")).run()
    assert point(at)["name"] == "Typed here"
    at = tab(at, "Timeline")
    box(open_point(at, "Typed here"), "text_input", "Name").set_value("And here").run()
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
    at = tab(at, "Timeline")
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
    box(at, "text_input", "The customer's goal").set_value("Calm skin").run()
    box(at, "text_input", "Onboarding").set_value("Opened within a day").run()
    data = draft_of(at).data
    assert data["name"] == "Serum care"
    assert data["enter"] == {
        "on": "order_placed",
        "where": {"field": "order.skus", "op": "contains", "value": "SERUM-30"},
        "again": {"after": "90d"},
    }
    assert data["exit_on"] == ["order_cancelled", "delivered"]
    assert data["holdout"] == 0.1
    assert data["map"] == {
        "customer_goal": "Calm skin",
        "stages": {"onboarding": {"metric": "Opened within a day"}},
    }
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
    press(at, "Continue from version 1")
    assert point(at)["name"] == "First steps"


def test_a_journey_that_does_not_exist_says_so(look: Look) -> None:
    at = look("journey.py", key="<b>no</b>")
    assert "There is no such journey" in text_of(at)
