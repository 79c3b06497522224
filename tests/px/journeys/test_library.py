"""The library: every journey can be sent as it is, and a shop's own texts are never overwritten."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from db.kinds import Channel, Purpose, Stage, TouchStatus
from px import journeys, messages
from px.core.errors import NotFound
from px.core.work import reading, work
from px.journeys import LibraryJourney, Wanted, to_data
from px.journeys.document import Document, Touchpoint, split_anchor
from px.journeys.rehearsal.event_file import read_events
from px.journeys.rehearsal.rehearsal import Rehearsal, RehearsedTouch, rehearse
from px.messages import TemplateParts, make_context, render, sms_size, typical_context
from px.messages.variables import empty_among, variables_of

ROOT = Path(__file__).parents[3]
LIBRARY = journeys.library()
KEYS = [one.key for one in LIBRARY]
PARTS = [
    pytest.param(one, key, id=key) for one in LIBRARY for key in (one.document.templates or {})
]
FROM = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SHOP = {"name": "Fern & Fable", "url": "https://fern.example"}
HEALTH_CLAIM = re.compile(
    r"\b(?:cures?|heals?|treats?|prevents?|boosts?|strengthens?|detox|immun\w*|clinically|proven|"
    r"supports? your|lowers?|improves? your)\b",
    re.IGNORECASE,
)


@pytest.fixture(params=LIBRARY, ids=KEYS)
def item(request: pytest.FixtureRequest) -> LibraryJourney:
    return request.param


def points(item: LibraryJourney) -> list[Touchpoint]:
    return list(item.document.touchpoints)


# --- What is in it


def test_every_file_stands_on_the_shelf_under_its_own_name() -> None:
    assert sorted(path.stem for path in ROOT.glob("px/library/*.yaml")) == sorted(KEYS)
    assert len(KEYS) == len(set(KEYS)) == 14


def test_no_two_journeys_share_a_text() -> None:
    texts = Counter(key for one in LIBRARY for key in one.texts)
    assert [key for key, count in texts.items() if count > 1] == []


def test_a_text_bears_the_key_of_its_journey_and_is_used(item: LibraryJourney) -> None:
    assert set(item.document.message_keys) == set(item.texts)
    assert all(key.startswith(f"{item.key}-") for key in item.texts)


def test_each_says_what_the_customer_wants_and_what_is_measured(item: LibraryJourney) -> None:
    said = item.document.map
    assert said is not None
    assert said.customer_goal.startswith("I want ")
    assert said.summary
    assert set(said.stages) == {point.stage for point in points(item)}


def test_each_touchpoint_says_its_phase_stage_and_how_late_it_may_be(item: LibraryJourney) -> None:
    assert all(point.phase and point.stage and point.name for point in points(item))
    if item.key != "first-weeks":
        assert all(point.late for point in points(item))


def test_what_is_named_in_other_languages_is_found_by_what_it_is_about() -> None:
    found = [one.key for one in LIBRARY if one.speaks_of("parcel late")]
    assert "delay-apology" in found
    assert [one.key for one in LIBRARY if one.speaks_of("no such thing here")] == []


# --- Its texts


@pytest.mark.parametrize(("item", "key"), PARTS)
def test_a_text_can_be_sent(item: LibraryJourney, key: str) -> None:
    assert messages.check_template(item.texts[key]) == []


def full() -> dict[str, Any]:
    """A customer of whom everything is known, with a long name and a long product."""
    context = typical_context() | {"shop": make_context(shop=SHOP)["shop"]}
    long = {"name": "Night cream with rosehip and oat for very dry skin, 50 ml, refill pouch"}
    return context | {
        "customer": context["customer"] | {"first_name": "Maximiliana"},
        "line": context["line"] | long,
        "order": context["order"] | {"lines": [context["line"] | long, *context["order"]["lines"]]},
    }


def least() -> dict[str, Any]:
    """An order with a number and nothing else, in a shop with nothing but a name."""
    return make_context(
        customer={"email": "a@example.com"}, order={"number": "7"}, shop={"name": "Fern"}
    )


def used_on(item: LibraryJourney, key: str) -> set[Channel]:
    return {c for point in points(item) for c in point.channels if key in point.messages}


@pytest.mark.parametrize("context", [full(), least()], ids=["full", "least"])
@pytest.mark.parametrize(("item", "key"), PARTS)
def test_a_text_has_no_hole_on_any_of_its_channels(
    item: LibraryJourney, key: str, context: dict[str, Any]
) -> None:
    parts = item.texts[key]
    assert empty_among(variables_of(parts, context)) == []
    for channel in used_on(item, key):
        shown = render(parts, context, channel, messages.Brand(name="Fern"))
        assert shown.text
        assert re.search(r"[{}]|\bNone\b|  [,.]| [,.]( |$)|\(\)", shown.text) is None, shown.text
        if channel is Channel.EMAIL:
            assert 5 < len(shown.subject) <= 100
        if channel is Channel.SMS:
            assert sms_size(shown.text).alphabet == "GSM-7", sms_size(shown.text).odd
            assert sms_size(shown.text).segments <= 2


@pytest.mark.parametrize(("item", "key"), PARTS)
def test_a_text_for_a_phone_is_its_own(item: LibraryJourney, key: str) -> None:
    channels = used_on(item, key)
    assert (Channel.SMS in channels) == bool(item.texts[key].sms)
    assert (Channel.WHATSAPP in channels) == bool(item.texts[key].whatsapp)


def test_a_notice_about_the_order_sells_nothing(item: LibraryJourney) -> None:
    sells = re.compile(
        r"coupon|voucher|discount|% off|\[order again|\breview\b|gift", re.IGNORECASE
    )
    for point in points(item):
        if point.purpose is Purpose.TRANSACTIONAL:
            for key in point.messages:
                parts = item.texts[key]
                words = " ".join((parts.subject, parts.body, parts.sms, parts.whatsapp))
                assert sells.search(words) is None, key


def test_nobody_is_asked_for_a_review_before_it_has_arrived_or_only_when_content() -> None:
    asking = [
        (one, point)
        for one in LIBRARY
        for point in points(one)
        for key in point.messages
        if "honest review" in one.texts[key].body
    ]
    assert len(asking) >= 6
    for one, point in asking:
        assert point.purpose is Purpose.MARKETING
        root = point
        while split_anchor(root.anchor)[0] != "event":
            root = one.document.touchpoint(split_anchor(root.anchor)[1])  # type: ignore[assignment]
        assert root.anchor == "delivered"
        assert "answer" not in json.dumps(point.condition or {})


def test_the_supplement_promises_nothing_about_health() -> None:
    item = journeys.library_journey("supplement")
    for key, parts in item.texts.items():
        words = " ".join((parts.subject, parts.body, parts.sms, parts.whatsapp))
        assert HEALTH_CLAIM.search(words) is None, key
    safe = item.texts["supplement-how-to-take-it"].body
    for said in (
        "Do not exceed the recommended daily amount",
        "does not replace",
        "out of the reach of young children",
    ):
        assert said in safe


def test_the_recall_notice_says_what_a_recall_notice_must() -> None:
    notice = journeys.library_journey("recall").texts["recall-notice"]
    assert notice.subject.startswith("Product safety recall")
    for said in ("# Product safety recall", "stop using", "The danger", "Batches", "refund"):
        assert said in notice.body
    for parts in journeys.library_journey("recall").texts.values():
        words = f"{parts.subject} {parts.body} {parts.sms}".casefold()
        for softened in ("voluntary", "precaution", "discretion", "rare", "as a gesture"):
            assert softened not in words


def test_a_blank_stands_in_a_text_and_every_blank_is_asked_for(item: LibraryJourney) -> None:
    words = " ".join(f"{p.subject} {p.body} {p.sms} {p.whatsapp}" for p in item.texts.values())
    found = set(re.findall("\u2039[^\u203a]+\u203a", words))
    assert found == {blank.blank for blank in item.blanks}


def test_the_builder_finds_nothing_to_warn_of(item: LibraryJourney) -> None:
    warnings = journeys.warnings_of(to_data(item.document), texts=item.texts)
    assert [one for one in warnings if one.kind != "blank"] == []
    assert any(one.kind == "blank" for one in warnings) == bool(item.blanks)


# --- Its touchpoints can all be reached


def stories(document: Document) -> Iterator[dict[str, Any]]:
    """Customers with different luck: each a list of events of one customer."""
    answers: dict[str, set[str]] = {}
    for point in document.touchpoints:
        word, about = split_anchor(point.anchor)
        if word in ("answered", "unanswered"):
            said = re.findall(r'"value": (\[.*?\]|".*?")', json.dumps(point.condition or {}))
            values = {one for text in said for one in re.findall(r'"([^"]+)"', text)}
            answers.setdefault(about, set()).update(values or {"refund"})
    customers = 0
    for luck in LUCKS:
        for asked, values in [("", {""}), *answers.items()]:
            for value in sorted(values):
                customers += 1
                yield from story(document, f"c{customers}", luck, asked, value)


LUCKS = (
    "usual",
    "two",
    "often",
    "never_sent",
    "never_comes",
    "late",
    "missed",
    "promise_passed",
    "broken",
    "lost",
    "damaged",
    "cancelled",
    "renewed",
    "done",
    "spoke",
)
EXTRA = {
    "late": (("shipment_delayed", 3), ("shipment_stalled", 4)),
    "missed": (("out_for_delivery", 3), ("delivery_attempted", 3), ("pickup_ready", 4)),
    "never_comes": (("pickup_ready", 4),),
    "lost": (("shipment_lost", 9),),
    "damaged": (("shipment_damaged", 5),),
    "cancelled": (("order_cancelled", 1), ("order_refunded", 2)),
    "renewed": (("renewal_due", 25),),
    "done": (("milestone:setup-done", 8),),
    "spoke": (("feedback_received", 40),),
}


def story(
    document: Document, customer: str, luck: str, asked: str, answer: str
) -> Iterator[dict[str, Any]]:
    def event(kind: str, day: float, **more: Any) -> dict[str, Any]:
        at = (FROM + timedelta(days=day)).isoformat()
        return {"at": at, "kind": kind, "customer": person, "order": {"id": own}} | more

    own = f"{customer}-o"
    line = {"sku": "YOUR-SKU", "name": "Serum", "quantity": 2 if luck == "two" else 1}
    line["price_minor"] = 4900
    person = {
        "id": customer,
        "email": f"{customer}@example.com",
        "phone": "+31612345678",
        "consent": {"email": True, "sms": True, "whatsapp": True},
    }
    ordered = {"id": own, "currency": "EUR", "lines": [line], "tags": ["subscription"]}
    if luck == "often":
        for nth in range(3):
            before = ordered | {"id": f"{own}{nth}", "lines": [line | {"sku": "OTHER"}], "tags": []}
            yield event("order_placed", -25 * (nth + 1), order=before)
    yield event("order_placed", 0, order=ordered)
    if luck not in ("never_sent", "cancelled"):
        data = {"carrier": "PostNL", "promised_on": "2026-03-05"}
        yield event("shipped", 1.2, data=data)
    if luck not in ("never_sent", "never_comes", "promise_passed", "lost", "damaged", "cancelled"):
        yield event("delivered", 5, data={})
    for kind, day in EXTRA.get(luck, ()):
        yield event(kind, day, data={})
    if asked:
        point = document.touchpoint(asked)
        assert point is not None
        assert point.ask is not None
        data = {"touchpoint": asked, "question": point.ask.question, "answer": answer}
        day = journeys.usual_days(document)[asked] + 3
        yield event("answered", day, data=data)


def rehearsed(item: LibraryJourney) -> list[RehearsedTouch]:
    lines = [json.dumps(event) for event in stories(item.document)]
    until = FROM + timedelta(days=2200)
    return rehearse(
        Rehearsal(
            item.document,
            read_events(lines),
            templates=item.texts,
            shop_words=SHOP,
            until=until,
        )
    )


def test_some_customer_reaches_each_touchpoint_and_nothing_fails(item: LibraryJourney) -> None:
    rows = rehearsed(item)
    sent = {row.touch.touchpoint for row in rows if row.touch.status is TouchStatus.SENT}
    assert sent == {point.key for point in points(item)}
    assert [row for row in rows if row.touch.status is TouchStatus.FAILED] == []


def test_who_bought_again_is_not_asked_to() -> None:
    rows = rehearsed(journeys.library_journey("skincare"))
    late = [row for row in rows if row.touch.touchpoint == "running-low"]
    assert {str(row.touch.status) for row in late} >= {"sent", "waiting"}


# --- Taking one


def test_taking_a_journey_makes_a_draft_with_texts_of_its_own(database, now):
    with work() as session:
        taken = journeys.take(session, "skincare", by="Mia", now=now)
        own = journeys.take(session, "skincare", Wanted(name="Serum & oil"), by="Mia", now=now)
    assert (taken.key, taken.name, taken.kept) == ("skincare", "Skincare, the first two months", ())
    assert (own.key, own.name) == ("serum-oil", "Serum & oil")
    with reading() as session:
        known = messages.template_versions(
            session, ["skincare-first-evening", "serum-oil-first-evening"]
        )
        row = journeys.journey_row(session, "serum-oil")
        document = journeys.draft_document(session, row)
    assert len(known) == 2
    assert row.status == "draft"
    assert all(key.startswith("serum-oil-") for key in document.message_keys)


def test_taking_it_twice_makes_two_with_other_names(database, now):
    with work() as session:
        taken = [journeys.take(session, "win-back", by="Mia", now=now) for _ in range(2)]
    assert [(one.key, one.name) for one in taken] == [
        ("win-back", "Win back"),
        ("win-back-2", "Win back 2"),
    ]


def test_every_journey_of_the_library_can_be_published(database, now):
    with work() as session:
        for key in KEYS:
            taken = journeys.take(session, key, by="Mia", now=now)
            assert journeys.publish(session, taken.key, by="Mia", now=now) == 1


def test_a_text_that_was_changed_stays_unless_it_is_to_be_replaced(database, now):
    ours = TemplateParts(subject="Ours", body="Our own words.")
    with work() as session:
        messages.save_template(session, "win-back-goodbye", "Bye", ours, by="Mia", now=now)
        assert journeys.changed_texts(session, "win-back", Wanted()) == [
            "Win back, shall we stop writing"
        ]
        taken = journeys.take(session, "win-back", by="Mia", now=now)
        assert taken.kept == ("win-back-goodbye",)
        known = messages.template_versions(session, ["win-back-goodbye"])
        assert known["win-back-goodbye"][1] == ours


def test_a_changed_text_is_replaced_when_asked(database, now):
    ours = TemplateParts(subject="Ours", body="Our own words.")
    with work() as session:
        messages.save_template(session, "win-back-goodbye", "Bye", ours, by="Mia", now=now)
        taken = journeys.take(session, "win-back", overwrite=True, by="Mia", now=now)
        known = messages.template_versions(session, ["win-back-goodbye"])
    assert taken.kept == ()
    assert known["win-back-goodbye"][1].subject == "Shall we stop writing?"


def test_a_journey_for_some_items_lets_in_only_their_orders(database, now):
    with work() as session:
        one = journeys.take(session, "skincare", Wanted(skus=["SERUM-30"]), by="Mia", now=now)
        two = journeys.take(session, "coffee", Wanted(skus=["A", "B"]), by="Mia", now=now)
        line = journeys.take(session, "recall", Wanted(skus=["A", "B"]), by="Mia", now=now)
    with reading() as session:
        where = [
            journeys.draft_document(session, journeys.journey_row(session, key)).enter.where
            for key in (one.key, two.key, line.key)
        ]
    assert where[0] == {"field": "order.skus", "op": "contains", "value": "SERUM-30"}
    assert where[1] is not None
    assert where[1]["all"][0] == {"field": "order.tags", "op": "contains", "value": "subscription"}
    assert where[2] == {"field": "line.sku", "op": "in", "value": ["A", "B"]}


def test_the_answers_to_the_blanks_stand_in_the_texts(database, now):
    item = journeys.library_journey("recall")
    answers = {item.blanks[0].blank: "The lamp can give an electric shock."}
    with work() as session:
        journeys.take(session, "recall", Wanted(name="Lamp", blanks=answers), by="Mia", now=now)
        known = messages.template_versions(session, ["lamp-notice"])
    body = known["lamp-notice"][1].body
    assert "**The danger:** The lamp can give an electric shock." in body
    assert item.blanks[1].blank in body


def test_a_journey_that_is_not_in_the_library_is_said_to_be_unknown() -> None:
    with pytest.raises(NotFound, match="There are: first-weeks, skincare"):
        journeys.library_journey("perfume")


def test_stages_of_the_library_cover_the_whole_map() -> None:
    assert {point.stage for one in LIBRARY for point in points(one)} == set(Stage)
