"""What a rehearsal reads: events in any order, a shop's rules; every bad line is named."""

import json

import pytest

from px.core.errors import InvalidInput
from px.journeys.rehearsal.event_file import read_events, read_shop

PLACED = {
    "at": "2026-05-01T14:00:00Z",
    "kind": "order_placed",
    "customer": {"id": "c1"},
    "order": {"id": "o1"},
}


def lines(*rows: object) -> list[str]:
    return [row if isinstance(row, str) else json.dumps(row) for row in rows]


def test_events_are_read_by_time_whatever_their_order_and_once_each():
    shipped = PLACED | {"at": "2026-05-02T00:00:00+02:00", "kind": "shipped"}
    events = read_events(lines(shipped, PLACED, "", shipped))
    assert [(e.kind, e.at.isoformat()) for e in events] == [
        ("order_placed", "2026-05-01T14:00:00+00:00"),
        ("shipped", "2026-05-01T22:00:00+00:00"),
    ]


def test_an_event_of_a_known_order_needs_no_customer():
    events = read_events(
        lines({"at": "2026-05-03T00:00:00Z", "kind": "delivered", "order": {"id": "o1"}}, PLACED)
    )
    assert [e.customer_id for e in events] == ["c1", "c1"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{", "events line 2: is not a JSON object"),
        ("[1]", "events line 2: is not a JSON object"),
        ("[" * 100_000, "events line 2: is not a JSON object"),
        (PLACED | {"kind": "order_plced"}, "kind: 'order_plced' is not an event kind; allowed:"),
        (PLACED | {"kind": 3}, "kind: 3 is not an event kind"),
        (PLACED | {"colour": 1}, "unknown key 'colour'; allowed: at, kind, customer"),
        (
            PLACED | {"at": "yesterday"},
            "at: 'yesterday' is not a time; write it as 2026-05-01T14:00:00Z",
        ),
        (PLACED | {"at": "2026-05-01T14:00:00"}, "has no zone"),
        (PLACED | {"at": None}, "at: None is not a time"),
        (PLACED | {"at": "0001-01-01T00:00:00+14:00"}, "out of range"),
        (PLACED | {"customer": "c1"}, "customer: 'c1' is not an object"),
        (PLACED | {"customer": {"email": "a@example.com"}}, "customer.id: None is not an id"),
        (PLACED | {"order": {"id": "o1", "lines": {"sku": "A"}}}, "order.lines: is not a list"),
        (
            {"at": "2026-05-01T14:00:00Z", "kind": "delivered", "order": {"id": "o9"}},
            "says no customer",
        ),
    ],
)
def test_a_bad_line_is_named_with_what_is_allowed(row, said):
    with pytest.raises(InvalidInput) as caught:
        read_events(lines(PLACED, row))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("zone: Mars/Base", "zone: 'Mars/Base' is not a time zone"),
        ("colour: red", "unknown key colour; allowed: zone, quiet_hours, cap, templates, name"),
        ("quiet_hours: {from: '21:00'}", "quiet_hours: needs from and to"),
        ("quiet_hours: {from: '21:00', to: '25:00'}", "not a time of day"),
        ("quiet_hours: {from: '21:00', to: '21:00'}", "from and to are equal"),
        ("cap: {messages: 3}", "cap: needs messages and days"),
        ("cap: {messages: 0, days: 7}", "cap.messages: 0 is not a whole number of at least 1"),
        (
            "templates: {a: {text: x}}",
            "templates.a: not a template; allowed: name, subject, body, sms, whatsapp",
        ),
        ("- a", "not a list of keys"),
    ],
)
def test_a_bad_shop_file_is_explained(text, said):
    with pytest.raises(InvalidInput) as caught:
        read_shop(text)
    assert said in str(caught.value)
