"""A touchpoint before it is sent: whom it is looked at as, what they would get, what they lack."""

from datetime import datetime, timedelta
from html import escape
from typing import Any

import pytest

from db.kinds import Channel, Purpose, SuppressionReason, SuppressionScope
from px import flow
from px.core import settings as px_settings
from px.core.settings import Settings
from px.core.work import reading, work
from px.customers import CustomerFacts, customer_by_email, erase_customer, identify, suppress
from px.journeys import (
    Document,
    Lacking,
    TouchpointPreview,
    import_journey,
    lacking_of,
    publish,
    read_document,
    start_test,
    telling_customers,
    texts_of,
    touchpoint_preview,
)
from px.messages import TemplateParts, save_template
from px.orders import LineFacts, orders_of, record_orders
from tests.builders import SERUM, order, person, settle_in

SOAP = LineFacts(sku="SOAP", name="Soap", quantity=2, unit_minor=900)
BODY = """Hello {{ customer.first_name | default: "friend" }}, {{ customer.traits.skin_type }}.

{% if shipment.tracking_url %}[Follow it]({{ shipment.tracking_url }}){% endif %}
"""


def journey(**more: Any) -> Document:
    point = {"key": "tips", "anchor": "order_placed", "after": "2d", "message": "tips"} | more
    return read_document(
        {
            "format": 1,
            "journey": point.pop("journey", "care"),
            "name": "Care",
            "per": point.pop("per", "order"),
            "holdout": point.pop("holdout", 0),
            "enter": {"on": "order_placed", "where": point.pop("where", None)},
            "exit_on": ["order_cancelled"],
            "touchpoints": [point],
        }
    )


@pytest.fixture
def shop(database, now: datetime) -> dict[str, int]:
    """The cast with their orders, and the text of the touchpoint."""
    with work() as session:
        cast = settle_in(session, now=now, key=px_settings.current(session).key)
        save_template(
            session, "tips", "Tips", TemplateParts("Tips", BODY, sms="Hi"), by="Mia", now=now
        )
    return cast


def settings() -> Settings:
    with reading() as session:
        return px_settings.current(session)


def seen(
    document: Document, customer_id: int, *, now: datetime, place: int = 0, **more: Any
) -> TouchpointPreview:
    """The touchpoint as this customer gets it with their newest order, or another."""
    with reading() as session:
        found = orders_of(session, customer_id)
        return touchpoint_preview(
            session,
            document,
            document.touchpoints[0],
            customer_id,
            found[place].id if found else None,
            settings=more.pop("settings", None) or px_settings.current(session),
            now=now,
            **more,
        )


def told(document: Document, now: datetime) -> list[tuple[int, str]]:
    with reading() as session:
        texts = texts_of(session, document, document.touchpoints[0])
        found = telling_customers(session, document, document.touchpoints[0], texts=texts, now=now)
    return [(one.customer_id, one.why) for one in found]


def test_a_customer_sees_their_own_values_and_gets_it_when_it_is_due(shop, now):
    one = seen(journey(), shop["ada"], now=now)
    assert (one.name, one.order_number, one.template) == ("Ada Lovelace", "#ada3", "tips")
    assert one.shown is not None
    assert "Hello Ada, ." in one.shown.mail.text
    assert (one.gets, one.channel) == (True, Channel.EMAIL)
    assert one.verdict == "Gets it by email. Planned for tomorrow 12:00."


def test_another_order_of_the_customer_can_be_looked_at(shop, now):
    one = seen(journey(), shop["ada"], now=now, place=2)
    assert one.order_number == "#ada1"
    assert one.verdict == (
        "Would get it by email, but not for this order any more: its time had passed."
    )


@pytest.mark.parametrize(
    ("name", "more", "verdict"),
    [
        ("ben", {}, "the address is on the do-not-write list."),
        ("cleo", {"purpose": "transactional"}, "the address is on the do-not-write list."),
        ("ada", {"channels": ["sms"]}, "there is no address for any of its channels."),
        (
            "ada",
            {"if": {"field": "customer.country", "op": "eq", "value": "NL"}},
            "it goes only if",
        ),
        (
            "ada",
            {"if": {"field": "order.total_minor", "op": "gte", "value": 990000}},
            "it goes only if order total is at least 9,900.00 USD, and as things stand that is not",
        ),
        (
            "ada",
            {"where": {"field": "order.skus", "op": "contains", "value": "SOAP"}},
            "the journey takes them in only if",
        ),
        (
            "dora",
            {"journey": "skin-care", "holdout": 0.25},
            "the customer is in the held-out group that measures the journey.",
        ),
    ],
)
def test_whoever_would_not_get_it_is_told_why(shop, now, name, more, verdict):
    one = seen(journey(**more), shop[name], now=now)
    assert not one.gets
    assert one.verdict.startswith(f"Does not get it: {verdict}")
    assert one.shown is not None


def test_what_has_happened_to_the_touch_already_is_told(shop, now):
    text = "format: 1\njourney: care\nname: Care\nenter: {on: order_placed}\ntouchpoints:\n"
    text += "  - {key: tips, purpose: transactional, anchor: order_placed, message: tips}\n"
    live = now - timedelta(days=2)
    with work() as session:
        import_journey(session, text, overwrite=False, by="Mia", now=live)
        publish(session, "care", by="Mia", now=live)
    while flow.react(now=now):
        pass
    one = seen(read_document(text), shop["ada"], now=now)
    assert (one.gets, one.verdict) == (True, "Goes out now: its message is in the outbox.")


def test_whoever_is_not_chosen_for_the_test_of_a_journey_is_told_so(shop, now):
    text = "format: 1\njourney: care\nname: Care\nenter: {on: order_placed}\ntouchpoints:\n"
    text += "  - {key: tips, anchor: order_placed, after: 2d, message: tips}\n"
    with work() as session:
        import_journey(session, text, overwrite=False, by="Mia", now=now)
        start_test(session, "care", ["ada@example.com"], by="Mia", now=now)
    assert seen(read_document(text), shop["ada"], now=now).gets
    assert seen(read_document(text), shop["dora"], now=now).verdict == (
        "Does not get it: the journey is being tested, and only chosen addresses enter."
    )


def test_somebody_without_an_order_does_not_enter_a_journey_about_orders(database, now):
    with work() as session:
        identify(session, [person("ada", now=now)], now=now)
        ada = customer_by_email(session, "ada@example.com") or 0
        save_template(session, "tips", "Tips", TemplateParts("Tips", BODY), by="Mia", now=now)
    one = seen(journey(), ada, now=now)
    assert one.verdict == (
        "Does not get it: there is no order yet that would bring them into the journey."
    )
    assert one.shown is not None
    assert told(journey(), now) == []
    assert seen(journey(per="customer"), ada, now=now).gets
    assert told(journey(per="customer"), now) == [(ada, "typical")]


def test_somebody_who_was_erased_gets_nothing_and_is_not_offered(shop, now):
    with work() as session:
        erase_customer(session, shop["ada"], key=px_settings.current(session).key, now=now)
    one = seen(journey(), shop["ada"], now=now)
    assert (one.gets, one.name) == (False, "")
    assert one.verdict == "Does not get it: this customer's data was erased."
    assert shop["ada"] not in {customer for customer, _why in told(journey(), now)}


def test_a_text_that_is_not_there_or_not_right_says_so(shop, now):
    missing = seen(journey(message="nothing"), shop["ada"], now=now)
    assert (missing.shown, missing.problem) == (
        None,
        "The text of this touchpoint is not written yet.",
    )
    wrong = {"tips": TemplateParts("Hi", "one\n{{ customer.nam }}")}
    broken = seen(journey(), shop["ada"], now=now, texts=wrong)
    assert broken.shown is None
    assert broken.problem.startswith("Body, line 2: customer.nam is not known.")
    failing = {"tips": TemplateParts("Hi", "{{ 1 | divided_by: customer.orders }}")}
    assert seen(journey(), shop["ada"], now=now, texts=failing).shown is not None


def test_words_that_are_not_saved_are_looked_at(shop, now):
    one = seen(
        journey(), shop["ada"], now=now, texts={"tips": TemplateParts("New", "{{ order.number }}")}
    )
    assert one.shown is not None
    assert (one.shown.mail.subject, "#ada3" in one.shown.mail.text) == ("New", True)


def test_each_customer_has_their_own_variant_and_the_others_can_be_seen(shop, now):
    with work() as session:
        save_template(session, "b", "B", TemplateParts("B", "B"), by="Mia", now=now)
    split = journey(
        message=None, variants=[{"weight": 1, "message": "tips"}, {"weight": 1, "message": "b"}]
    )
    own = seen(split, shop["ada"], now=now).template
    other = seen(split, shop["ada"], now=now, template="b" if own == "tips" else "tips")
    assert {own, other.template} == {"tips", "b"}
    assert other.shown is not None


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", "{{ shop.address }}{% for", "a\r\nBcc: x@y.z", "\u202egnp.exe"],
)
def test_a_hostile_name_stays_words(shop, now, name):
    facts = CustomerFacts(source="shop", external_id="c-ada", first_name=name, last_name="'\"&")
    with work() as session:
        identify(session, [facts], now=now)
        parts = TemplateParts(
            "For {{ customer.name }}", "{{ customer.name }}", "{{ customer.name }}"
        )
        save_template(session, "tips", "Tips", parts, by="Mia", now=now)
    one = seen(journey(), shop["ada"], now=now)
    assert one.shown is not None
    html = (one.shown.mail.html or "").split("<body")[1]
    assert "<script" not in html
    assert escape(" ".join(name.replace("\u202e", "").split())) in html
    assert "\n" not in one.shown.mail.subject
    assert "\u202e" not in one.shown.mail.subject


def test_prices_are_those_of_the_settings(shop, now):
    priced = settings().model_copy(update={"price_sms": 0.07})
    one = seen(journey(channels=["sms"]), shop["ada"], now=now, settings=priced)
    assert one.shown is not None
    assert one.shown.prices == {Channel.SMS: 0.07}


def test_a_price_without_an_order_is_in_the_shops_currency(database, now):
    with work() as session:
        identify(session, [person("ada", now=now)], now=now)
        ada = customer_by_email(session, "ada@example.com") or 0
        words = "{{ customer.spent }}, {{ shop.currency }}, {{ shop.url }}"
        parts = TemplateParts(words, "Hello")
        save_template(session, "tips", "Tips", parts, by="Mia", now=now)
        places = {"shop_currency": "EUR", "shop_url": "https://fern.example"}
        px_settings.save(session, places, by="Mia", now=now)
    one = seen(journey(per="customer"), ada, now=now)
    assert one.shown is not None
    assert one.shown.mail.subject == "0.00 EUR, EUR, https://fern.example"


def test_the_telling_ones_are_typical_of_the_longest_name_and_basket_and_of_least_data(shop, now):
    long = CustomerFacts(
        source="shop",
        external_id="long",
        email="long@example.com",
        first_name="Wolfeschlegelstein",
        last_name="Hausenbergerdorff",
        traits={"skin_type": "dry"},
    )
    blank = CustomerFacts(source="shop", external_id="blank", email="blank@example.com")
    lines = (SERUM, SOAP, SOAP, SOAP)
    at = now - timedelta(days=1)
    with work() as session:
        facts = [
            order("ada", "#long", at=at, lines=lines, customer=long, email="long@example.com"),
            order("ada", "#blank", at=at, customer=blank, email="blank@example.com"),
        ]
        record_orders(session, facts, now=now, historic_before=now - timedelta(days=30))
        longest = customer_by_email(session, "long@example.com")
        least = customer_by_email(session, "blank@example.com")
    (typical, why), *others = told(journey(), now)
    assert why == "typical"
    assert typical in shop.values()
    assert others == [(longest, "most"), (least, "least")]


def test_who_does_not_enter_the_journey_is_not_offered_while_others_do(shop, now):
    at = now - timedelta(days=1)
    with work() as session:
        soap = order("dora", "#soap", at=at, lines=(SOAP,))
        record_orders(session, [soap], now=now, historic_before=now - timedelta(days=30))
    where = {"field": "order.skus", "op": "contains", "value": "SOAP"}
    assert told(journey(where=where), now) == [(shop["dora"], "typical")]


def test_of_a_journey_per_item_the_item_that_it_is_for_is_shown(shop, now):
    at = now - timedelta(days=1)
    with work() as session:
        both = order("dora", "#both", at=at, lines=(SERUM, SOAP))
        record_orders(session, [both], now=now, historic_before=now - timedelta(days=30))
        parts = TemplateParts("{{ line.name }}", "{{ line.total }}")
        save_template(session, "tips", "Tips", parts, by="Mia", now=now)
    where = {"field": "line.sku", "op": "eq", "value": "SOAP"}
    one = seen(journey(per="order_line", where=where), shop["dora"], now=now)
    assert one.shown is not None
    assert one.shown.mail.subject == "Soap"
    assert one.gets


def test_how_many_lack_a_variable_is_counted(shop, now):
    document = journey()
    with work() as session:
        facts = CustomerFacts(source="shop", external_id="c-ada", traits={"skin_type": "dry"})
        identify(session, [facts], now=now)
    with reading() as session:
        point = document.touchpoints[0]
        found = lacking_of(
            session,
            document,
            point,
            texts_of(session, document, point),
            settings=px_settings.current(session),
            now=now,
        )
    assert found == {
        "customer.first_name": Lacking(0, 4, are_customers=True),
        "customer.traits.skin_type": Lacking(3, 4, are_customers=True),
        "shipment.tracking_url": Lacking(6, 6, are_customers=False),
    }


@pytest.mark.parametrize("name", ["x' OR 1=1 --", 'a"b', "a.b", "ü", "$", "skin-type"])
def test_a_trait_of_any_name_can_be_asked_for(shop, now, name):
    text = TemplateParts(
        "Hi", "Hello", sms="{{ customer.traits['" + name.replace("'", "") + "'] }}"
    )
    document = journey(channels=["sms"])
    with reading() as session:
        found = lacking_of(
            session, document, document.touchpoints[0], [text], settings=settings(), now=now
        )
    assert all(lack.count == lack.of for lack in found.values())


def test_suppression_of_one_channel_leaves_the_next(shop, now):
    facts = CustomerFacts(source="shop", external_id="c-ada", phone="+447911123456", country="GB")
    with work() as session:
        key = px_settings.current(session).key
        identify(session, [facts], now=now)
        suppress(
            session,
            "+447911123456",
            Channel.SMS,
            scope=SuppressionScope.ALL,
            reason=SuppressionReason.BOUNCED,
            source="test",
            key=key,
            now=now,
        )
    one = seen(journey(channels=["sms", "email"]), shop["ada"], now=now)
    assert (one.gets, one.channel) == (True, Channel.EMAIL)
    assert one.message.purpose == Purpose.MARKETING
    assert one.message.to_address == "ada@example.com"
