"""The list of customers and the page of one of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from db.kinds import Channel, Role, SuppressionReason, SuppressionScope
from px import customers, journeys
from px.core import settings
from px.core.work import reading, work
from px.orders import LineFacts, record_orders
from px.team import audit
from tests.builders import order, settle_in
from tests.pages.conftest import Look
from tests.pages.conftest import text_of as marked_text_of
from tests.walk.test_order_to_message import run


def text_of(at: AppTest) -> str:
    """Every word on the page, without the signs that keep markdown out."""
    return marked_text_of(at).replace("\\", "")


def press(at: AppTest, label: str) -> AppTest:
    return next(button for button in at.button if button.label == label).click().run()


@pytest.fixture
def cast(database, now: datetime) -> dict[str, int]:
    with work() as session:
        return settle_in(session, now=now, key=settings.current(session).key)


@pytest.fixture
def first_weeks(database, now: datetime) -> None:
    """The example is live."""
    with work() as session:
        journeys.start_example(session, by="Mia", now=now)
        journeys.publish(session, "first-weeks", by="Mia", now=now)


def buys(name: str, number: str, now: datetime) -> None:
    """An order comes in just now, and what it begins has begun."""
    fresh = order(name, number, at=now)
    with work() as session:
        key = settings.current(session).key
        record_orders(session, [fresh], now=now, historic_before=now - timedelta(days=9), key=key)
    run(now)


def test_without_customers_the_page_leads_to_the_imports(look: Look) -> None:
    at = look("customers.py")
    assert "No customers yet" in text_of(at)
    assert [b.label for b in at.button if b.label.startswith("Import")] == ["Import your orders"]


def test_support_finds_customers_by_name_and_by_order(look: Look, cast: dict[str, int]) -> None:
    at = look("customers.py", Role.SUPPORT)
    assert "4 customers. Choose one to see everything about them." in text_of(at)
    at.text_input[0].set_value("lovel").run()
    assert "1 of 4 customers." in text_of(at)
    at.text_input[0].set_value("#dora1").run()
    assert "1 of 4 customers." in text_of(at)
    at.text_input[0].set_value("no one *here*").run()
    assert "Nobody is found for “no one *here*” among 4 customers." in text_of(at)


def test_a_country_and_what_they_agreed_to_narrow_the_list(
    look: Look, cast: dict[str, int]
) -> None:
    at = look("customers.py")
    at.selectbox[0].set_value("GB").run()
    assert "1 of 4 customers." in text_of(at)
    at.selectbox[0].set_value(None)
    at.selectbox[1].set_value("not").run()
    assert "1 of 4 customers." in text_of(at)


def test_a_customer_who_does_not_exist_is_said_not_to(look: Look, cast: dict[str, int]) -> None:
    at = look("customer.py", id="9999")
    for number in ("9999", "-1", "1 OR 1=1", "9" * 40, ""):
        at.query_params["id"] = number
        assert "There is no such customer" in text_of(at.run())


def test_the_person_and_what_happened_stand_on_one_page(look: Look, cast: dict[str, int]) -> None:
    words = text_of(look("customer.py", Role.SUPPORT, id=str(cast["ada"])))
    assert "3 orders for 147.00 USD" in words
    assert "ada@example.com" in words
    assert "Europe/London" in words
    assert "Email: agreed to marketing" in words
    assert "Ordered #ada3 for 49.00 USD" in words
    assert "1 x Night Fern serum" in words
    assert words.index("Ordered #ada3") < words.index("Ordered #ada1")
    assert "Nothing is planned." in words


def test_an_order_of_many_items_names_four_of_them(
    look: Look, cast: dict[str, int], now: datetime
) -> None:
    lines = tuple(LineFacts(f"SOAP-{n}", f"Soap {n}", quantity=1) for n in range(6))
    with work() as session:
        facts = [order("ben", "#ben9", at=now, lines=lines)]
        record_orders(session, facts, now=now, historic_before=now - timedelta(days=9))
    words = text_of(look("customer.py", id=str(cast["ben"])))
    assert "1 x Soap 0, 1 x Soap 1, 1 x Soap 2, 1 x Soap 3 and 2 more" in words


def test_what_comes_next_and_what_was_not_sent_says_why(
    look: Look, cast: dict[str, int], first_weeks: None, now: datetime
) -> None:
    buys("ben", "#ben2", now)
    words = text_of(look("customer.py", id=str(cast["ben"])))
    assert "Thank you" in words
    assert "Planned for 12:05." in words
    assert "Waits until the parcel is delivered." in words
    assert "Does not want marketing by email" in words


def test_the_timeline_can_be_narrowed(look: Look, cast: dict[str, int]) -> None:
    at = look("customer.py", id=str(cast["ada"]))
    at.get("button_group")[0].set_value(["consent"]).run()
    words = text_of(at)
    assert "Agreed to marketing by email" in words
    assert "Ordered #ada3" not in words


def test_a_bounce_can_be_lifted_but_a_complaint_cannot(
    look: Look, cast: dict[str, int], now: datetime
) -> None:
    at = look("customer.py", id=str(cast["cleo"]))
    assert "Email to cleo@example.com: **nothing is sent**" in text_of(at)
    assert [b.label for b in at.button if b.label.startswith("Lift")] == ["Lift this"]
    with work() as session:
        customers.suppress(
            session,
            "dora@example.com",
            Channel.EMAIL,
            scope=SuppressionScope.ALL,
            reason=SuppressionReason.COMPLAINED,
            source="mail server",
            key=settings.current(session).key,
            now=now,
        )
    at.query_params["id"] = str(cast["dora"])
    at.run()
    assert "they marked a message as spam" in text_of(at)
    assert [b.label for b in at.button if b.label.startswith("Lift")] == []


def test_whoever_was_erased_has_no_name_and_nothing_can_be_done(
    look: Look, cast: dict[str, int], now: datetime
) -> None:
    with work() as session:
        key = settings.current(session).key
        customers.erase_customer(session, cast["ada"], key=key, now=now)
    at = look("customer.py", id=str(cast["ada"]))
    assert at.title[0].value == "Erased customer"
    assert "What stays are numbers without a name." in text_of(at)
    assert not [b for b in at.button if b.label == "Erase customer"]


def erasing(customer_id: int) -> None:
    """A page that opens the dialog on every run, as a browser keeps it open."""
    from pages._customer.deeds import erase_dialog
    from pages._ui.page import page
    from px import customers
    from px.core.work import reading

    with page("Customer") as at:
        with reading() as session:
            known = customers.known_customers(session, [customer_id])[customer_id]
        if not known.erased_at:
            erase_dialog(known, at)


def test_erasing_says_what_stays_and_asks_for_the_name(
    sign_in: Callable[[Role], str], cast: dict[str, int]
) -> None:
    at = AppTest.from_function(erasing, kwargs={"customer_id": cast["ada"]}, default_timeout=20)
    at.user = {"session": sign_in(Role.MANAGER)}
    said = text_of(at.run())
    assert (
        "Nothing will say any more who **Ada Lovelace** was. 3 orders and 0 messages stay" in said
    )
    (button,) = at.button
    assert (button.label, button.disabled) == ("Erase customer", True)
    at.text_input[0].set_value("ada lovelace").run()
    press(at, "Erase customer")
    assert not at.button
    with reading() as session:
        known = customers.known_customers(session, [cast["ada"]])[cast["ada"]]
        deed = audit(session)[0]
    assert known.name == ""
    assert (deed.by, deed.verb, deed.noun, deed.noun_id) == (
        "manager@fern.example",
        "erased",
        "customer",
        str(cast["ada"]),
    )


def test_names_with_markdown_are_shown_as_they_are(look: Look, now: datetime, database) -> None:
    plain = order("ada", "#1", at=now)
    assert plain.customer
    rough = replace(plain.customer, first_name="**Bold**", last_name="[x](javascript:1)")
    with work() as session:
        key = settings.current(session).key
        facts = [replace(plain, customer=rough)]
        record_orders(session, facts, now=now, historic_before=now - timedelta(days=9), key=key)
    at = look("customer.py", id="1")
    assert at.title[0].value.startswith(r"\*\*Bold\*\* \[x\]\(javascript\:")


def test_the_next_thirty_days_say_what_is_sure_and_what_depends(
    look: Look, cast: dict[str, int], first_weeks: None, now: datetime
) -> None:
    buys("ada", "#ada9", now)
    words = text_of(look("customer.py", id=str(cast["ada"])))
    assert "What Ada gets in the next 30 days" in words
    assert "1 message from 1 journey, if nothing new happens" in words
    assert "If the parcel is delivered" in words
    assert "All journeys on one line" in words


def test_why_they_are_not_in_a_journey_is_said(
    look: Look, cast: dict[str, int], first_weeks: None, now: datetime
) -> None:
    words = text_of(look("customer.py", id=str(cast["ada"])))
    assert "Why, and why not" in words
    assert "Not in **The first weeks**: their last order is of 3 May 2026" in words


def test_anybody_is_found_from_the_journeys(
    look: Look, cast: dict[str, int], now: datetime
) -> None:
    with work() as session:
        journeys.start_example(session, by="Mia", now=now)
    at = look("journeys.py")
    box = next(one for one in at.text_input if one.key == "px_find")
    box.set_value("lovel").run()
    assert "Ada Lovelace" in " ".join(found.proto.label for found in at.get("page_link"))
    box = next(one for one in at.text_input if one.key == "px_find")
    box.set_value("nobody").run()
    assert "Nobody is found for “nobody”." in text_of(at)
