"""What a rehearsal comes to in figures, added up while it is played."""

import json
from datetime import date
from typing import Any

from px.journeys.reading import read_document, template_parts
from px.journeys.rehearsal.event_file import read_events, read_shop
from px.journeys.rehearsal.figures import Figures, Tally
from px.journeys.rehearsal.rehearsal import Player, Rehearsal
from px.journeys.rehearsal.simulation import people_of
from tests.px.journeys.play import event, journey

NOTE = """
templates:
  note: {subject: "Hello {{ customer.first_name }}", body: "Your order {{ order.number }}."}
  long: {subject: "Long", body: "Hello", sms: "LONG"}
""".replace("LONG", "word " * 40)
THANKS = "{key: thanks, purpose: transactional, anchor: order_placed, message: note}"
TIPS = "{key: tips, anchor: order_placed, after: 1d, message: note}"


def figures(
    points: str, *events: dict[str, Any], shop: str = "", zone: str = "UTC", **keys: str
) -> Figures:
    document = read_document(journey(points, **keys) + NOTE)
    happened = read_events(json.dumps(one) for one in events)
    rules, _, _ = read_shop(shop)
    texts = {key: template_parts(text) for key, text in (document.templates or {}).items()}
    rehearsal = Rehearsal(document, happened, rules, texts)
    assert rehearsal.ends_at
    player = Player(rehearsal, rehearsal.ends_at)
    tally = Tally(player.journey, zone=zone)
    for customer, own in people_of(happened):
        tally.add(*player.play(customer, own))
    return tally.figures()


def ada(**more: Any) -> dict[str, Any]:
    known = {"id": "ada", "email": "ada@example.com", "first_name": "Ada", "zone": "Europe/Berlin"}
    return known | {"consent": {"email": True}} | more


def bought(at: str = "2026-05-04T10:00:00Z", **who: Any) -> dict[str, Any]:
    person = ada(**who)
    return event(at, "order_placed", customer=person, order=f"order-of-{person['id']}")


BEN = {"id": "ben", "email": "ben@example.com", "first_name": "Ben", "consent": {"email": False}}


def test_messages_customers_and_reasons_are_counted():
    found = figures(f"{THANKS}\n{TIPS}", bought(), bought(**BEN))
    assert (found.customers, found.enrolments) == (2, 2)
    assert (found.messages, found.written_to) == (3, 2)
    assert found.outcomes == [("sent", None, 3), ("skipped", "no_consent", 1)]
    tips = found.per_touchpoint["tips"]
    assert (tips.sent, tips.reached, tips.why, tips.channels) == (
        1,
        1,
        {"skipped:no_consent": 1},
        {"email": 1},
    )


def test_a_day_is_a_day_of_the_shop():
    evening = bought("2026-05-04T22:30:00Z")
    assert figures(THANKS, evening, zone="UTC").per_day == [(date(2026, 5, 4), "email", 1)]
    assert figures(THANKS, evening, zone="Europe/Berlin").per_day == [
        (date(2026, 5, 5), "email", 1)
    ]


def test_the_busiest_day_is_the_one_with_the_most_messages():
    found = figures(f"{THANKS}\n{TIPS}", bought(), bought(id="cleo", email="cleo@example.com"))
    assert found.busiest == (date(2026, 5, 5), 2)


def test_what_waited_for_quiet_hours_is_counted_whether_it_was_held_or_planned_so():
    now = "{key: now, anchor: order_placed, message: note}"
    later = "{key: later, anchor: order_placed, after: 1d, message: note}"
    quiet = 'quiet_hours: {from: "21:00", to: "08:00"}'
    found = figures(f"{now}\n{later}", bought("2026-05-04T20:00:00Z"), shop=quiet)
    assert found.messages == 2
    assert found.held == {"quiet_hours": 2}


def test_what_the_cap_holds_or_stops_is_counted_apart():
    daily = (
        "{key: daily, anchor: order_placed, after: 1d, message: note, "
        "repeat: {every: 1d, times: 3}, late: {within: 30h, else: skip}}"
    )
    found = figures(daily, bought(), shop="cap: {messages: 1, days: 2}")
    assert found.messages == 2
    assert found.held == {"capped": 1}
    assert found.outcomes == [("sent", None, 2), ("skipped", "capped", 1)]


def test_a_missing_name_is_counted_in_the_messages_that_show_it():
    found = figures(f"{THANKS}\n{TIPS}", bought(first_name=""), bought(**BEN))
    assert found.with_missing == 2
    assert found.missing == {"customer.first_name": 2}
    assert found.per_touchpoint["thanks"].missing == 1


def test_a_text_message_costs_as_many_parts_as_the_network_makes_of_it():
    text = "{key: text, purpose: transactional, anchor: order_placed, channels: [sms], message: M}"
    person = bought(phone="+4915112345678")
    assert figures(text.replace("M", "note"), person).parts == {"sms": 1}
    assert figures(text.replace("M", "long"), person).parts == {"sms": 2}


def test_the_goal_is_reached_by_whoever_did_it_in_time():
    again = event("2026-06-01T10:00:00Z", "order_placed", customer=ada(), order="second")
    goal = "{on: order_placed, within: 60d}"
    found = figures(THANKS, bought(), bought(**BEN), again, goal=goal)
    assert (found.enrolments, found.goal) == (3, 1)
    assert figures(THANKS, bought()).goal is None


def test_five_customers_at_most_are_shown_with_their_messages_in_order_of_time():
    people = [bought(id=f"c{n}", email=f"c{n}@example.com") for n in range(9)]
    found = figures(f"{TIPS}\n{THANKS}", *people)
    assert len(found.examples) == 5
    assert [m.touchpoint for m in found.examples[0].messages] == ["thanks", "tips"]
    assert found.examples[0].messages[0].subject == "Hello Ada"


def test_somebody_with_something_missing_is_among_the_examples():
    people = [bought(id=f"c{n}", email=f"c{n}@example.com") for n in range(9)]
    found = figures(THANKS, *people, bought(id="late", email="late@example.com", first_name=""))
    assert found.examples[-1].customer == "late"
    assert found.examples[-1].messages[0].missing == ["customer.first_name"]


def test_figures_are_kept_and_read_again_unchanged():
    found = figures(f"{THANKS}\n{TIPS}", bought(), bought(**BEN))
    assert Figures.from_data(json.loads(json.dumps(found.to_data()))) == found


def test_nothing_rehearsed_is_nothing_counted():
    found = figures(THANKS, event("2026-05-04T10:00:00Z", "delivered", customer=ada()))
    assert (found.messages, found.busiest, found.examples) == (0, None, [])
