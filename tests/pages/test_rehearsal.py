"""The Rehearsal tab: asked for, under way, come to figures, compared."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from db.kinds import Role
from pages._journey.rehearsal_lines import how_far, over
from pages._journey.rehearsal_tables import reason_rows
from pages._journey.rehearsal_words import difference_sentence, entered_sentence, sentence
from px import journeys
from px.core import settings
from px.core.work import reading, work
from px.journeys import Difference, Figures, RehearsalScope
from px.journeys.rehearsal.figures import PointFigures
from px.orders import record_orders
from tests.pages.conftest import Look
from tests.pages.conftest import text_of as marked_text_of
from tests.px.journeys.test_rehearsals import JOURNEY, PEOPLE, order


@pytest.fixture
def shop(database, now: datetime) -> None:
    """Five orders, one of somebody without a first name, and a journey that is a draft."""
    with work() as session:
        orders = [order(n, name, 20 - 2 * n) for n, name in enumerate(PEOPLE)]
        orders.append(order(9, "nameless", 9, first_name=""))
        record_orders(session, orders, now=now, historic_before=now - timedelta(days=30))
        journeys.import_journey(session, JOURNEY, overwrite=False, by="Mia", now=now)


def ask(scope: RehearsalScope, now: datetime, text: str = JOURNEY) -> None:
    with work() as session:
        document = journeys.read_document(text)
        journeys.ask_rehearsal(session, document, scope=scope, by="mia@example.com", now=now)


def tab(look: Look) -> AppTest:
    at = look("journey.py", Role.MANAGER, key="care")
    at.session_state["px_journey_tabs"] = "Rehearsal"
    return at.run()


def text_of(at: AppTest) -> str:
    return marked_text_of(at).replace("\\", "").replace("*", "")


def press(at: AppTest, label: str) -> AppTest:
    return next(button for button in at.button if button.label == label).click().run()


def tables(at: AppTest) -> list[list[dict[str, object]]]:
    return [frame.value.to_dict("records") for frame in at.dataframe]


def test_pressing_rehearse_asks_for_one_and_shows_how_far_it_is(shop, look):
    at = press(tab(look), "Rehearse")
    with reading() as session:
        (line,) = journeys.rehearsals_of(session, "care")
    assert (line.status, line.scope, line.by) == (
        "waiting",
        RehearsalScope(days=30),
        "manager@fern.example",
    )
    assert [button.label for button in at.button if "ancel" in button.label] == ["Cancel rehearsal"]


def test_a_rehearsal_under_way_can_be_cancelled(shop, look, now):
    ask(RehearsalScope(days=30), now)
    at = press(tab(look), "Cancel rehearsal")
    with reading() as session:
        assert journeys.rehearsals_of(session, "care")[0].status == "cancelled"
    assert "It was cancelled; nothing of it is kept." in text_of(at)


def test_a_rehearsal_that_waits_long_asks_whether_px_runs(shop, now):
    ask(RehearsalScope(days=30), now)
    with reading() as session:
        (line,) = journeys.rehearsals_of(session, "care")
    assert how_far(line, now + timedelta(seconds=19)) == "Waits its turn"
    assert how_far(line, now + timedelta(seconds=20)) == "Waits for px to get to it. Is px running?"


def test_what_it_came_to_is_said_in_a_sentence(shop, look, now):
    ask(RehearsalScope(days=30), now)
    journeys.run_rehearsals(now=now)
    at = tab(look)
    said = text_of(at)
    assert (
        "Over the last 30 days this journey would have sent 11 messages to 6 customers, "
        "2 with a missing name." in said
    )
    assert "Left out: 1 without consent." in said
    assert "Messages to read" in said
    assert "Thank you, Ada." in [text.value for text in at.text]


@pytest.mark.parametrize(
    ("per", "said"),
    [
        ("order", "3 orders entered."),
        ("order_line", "3 items entered."),
        ("subscription", "3 subscriptions entered."),
        ("customer", "2 customers entered, 3 times in all."),
    ],
)
def test_those_who_entered_are_called_what_the_journey_runs_for(per, said):
    assert entered_sentence(Figures(customers=2, enrolments=3), per) == said


def test_one_who_entered_once_is_one_of_them():
    once = Figures(customers=1, enrolments=1)
    assert entered_sentence(once, "customer") == "1 customer entered."
    assert entered_sentence(once, "order_line") == "1 item entered."


def test_a_journey_per_customer_says_how_many_customers_entered(shop, look, now):
    per_customer = JOURNEY.replace("name: Care", "name: Care\nper: customer")
    with work() as session:
        journeys.import_journey(session, per_customer, overwrite=True, by="Mia", now=now)
    ask(RehearsalScope(days=30), now, text=per_customer)
    journeys.run_rehearsals(now=now)
    assert "6 customers entered." in text_of(tab(look))


def test_the_busiest_day_and_who_was_held_out_are_said(shop, now):
    ask(RehearsalScope(days=30), now)
    with reading() as session:
        (line,) = journeys.rehearsals_of(session, "care")
    figures = Figures(
        customers=3,
        enrolments=3,
        messages=2,
        written_to=2,
        outcomes=[("sent", None, 2), ("skipped", "holdout", 2)],
        held={"exception": 1},
        per_day=[(date(2026, 11, 12), "email", 2)],
    )
    assert sentence(replace(line, figures=figures), "UTC", {}) == (
        "Over the last 30 days this journey would have sent **2 messages** to **2 customers**, "
        "1 held because of trouble with the order. Busiest day: Thu 12 Nov, 2. "
        "Left out: 2 held out."
    )


def test_a_difference_in_those_held_out_is_said_once():
    found = Difference(messages=-2, customers=0, touchpoints=[], held={}, stopped={"holdout": 2})
    assert difference_sentence(found, "what is live") == (
        "Against what is live: 2 fewer messages, 2 more held out."
    )


def test_trouble_with_an_order_is_why_a_message_waited():
    figures = Figures(per_touchpoint={"tips": PointFigures(held={"exception": 1})})
    assert [row["Why"] for row in reason_rows(figures, {})] == [
        "Held because of trouble with the order"
    ]


def test_the_funnel_the_reasons_and_the_cost_stand_in_tables(shop, look, now):
    with work() as session:
        chosen = {"price_email": 0.5, "shop_currency": "EUR"}
        settings.save(session, chosen, by="Mia", now=now)
    ask(RehearsalScope(days=30), now)
    journeys.run_rehearsals(now=now)
    at = tab(look)
    found = tables(at)
    funnel = next(rows for rows in found if rows and "Reached" in rows[0])
    assert [(row["Touchpoint"], row["Reached"], row["Messages"]) for row in funnel] == [
        ("Thanks", 100, 6),
        ("Tips", 83, 5),
    ]
    reasons = next(rows for rows in found if rows and "Why" in rows[0])
    assert [(row["Touchpoint"], row["Messages"]) for row in reasons] == [("Tips", 1)]
    assert "It would have cost 5.50\u00a0EUR." in text_of(at)


def test_a_draft_is_told_from_what_is_live(shop, look, now):
    with work() as session:
        journeys.publish(session, "care", by="Mia", now=now)
    changed = JOURNEY.replace("key: tips, anchor", "key: tips, channels: [sms], anchor")
    ask(RehearsalScope(days=30), now, text=changed)
    journeys.run_rehearsals(now=now)
    said = text_of(tab(look))
    assert "Against what is live: 5 fewer messages" in said
    assert "The draft was changed since this rehearsal." in said


def test_two_rehearsals_can_be_compared(shop, look, now):
    ask(RehearsalScope(days=30), now)
    ask(RehearsalScope(days=15), now)
    journeys.run_rehearsals(now=now)
    at = tab(look)
    other = next(box for box in at.selectbox if box.label == "Compared with")
    said = text_of(other.select_index(1).run())
    assert "Over the last 15 days" in said
    assert "5 fewer messages, 3 fewer customers" in said


def test_a_rehearsal_is_called_by_its_customer_as_they_write_themselves():
    assert over(RehearsalScope(customer_id=7), "UTC", {7: "Anna-Maria"}) == "For Anna-Maria"
    assert over(RehearsalScope(customer_id=8), "UTC", {7: "Anna-Maria"}) == "For this customer"


def test_too_much_to_play_is_said_in_words(shop, look, now, monkeypatch):
    monkeypatch.setattr("px.journeys.rehearsal.rehearsing.MOST_ORDERS", 2)
    ask(RehearsalScope(days=30), now)
    journeys.run_rehearsals(now=now)
    at = tab(look)
    assert "There are 6 orders in this time; a rehearsal plays at most 2." in str(
        at.warning[0].value
    ).replace("\\", "")


def test_without_orders_it_says_so(database, look, now):
    with work() as session:
        journeys.import_journey(session, JOURNEY, overwrite=False, by="Mia", now=now)
    ask(RehearsalScope(days=30), now)
    journeys.run_rehearsals(now=now)
    assert "Over the last 30 days there were no orders to play it over." in text_of(tab(look))
