"""px rehearse: one JSON line a touch on standard output, one sentence on standard error."""

import json

import pytest

from tests.px.cli.terminal import px

JOURNEY = """
format: 1
journey: care
name: Care
enter: {on: order_placed}
touchpoints:
  - {key: thanks, purpose: transactional, anchor: order_placed, message: thanks}
  - {key: tips, anchor: delivered, after: 1d, at: "09:15", message: tips}
  - {key: later, anchor: delivered, after: 90d, message: tips}
templates:
  thanks:
    subject: "Order {{ order.id }}"
    body: "Thank you, **{{ customer.first_name }}**."
"""
EVENTS = [
    {
        "at": "2026-05-01T14:00:00Z",
        "kind": "order_placed",
        "customer": {
            "id": "c1",
            "email": "ada@example.com",
            "first_name": "Ada",
            "zone": "America/New_York",
            "traits": {},
            "consent": {"email": True},
        },
        "order": {
            "id": "o1",
            "lines": [{"sku": "SERUM-30", "quantity": 1, "price_minor": 4900}],
            "currency": "USD",
        },
        "data": {},
    },
    {
        "at": "2026-05-05T18:30:00Z",
        "kind": "delivered",
        "customer": {"id": "c1"},
        "order": {"id": "o1"},
    },
]


@pytest.fixture
def files(tmp_path):
    journey, events = tmp_path / "care.yaml", tmp_path / "events.jsonl"
    journey.write_text(JOURNEY)
    events.write_text("\n".join(json.dumps(event) for event in EVENTS))
    return str(journey), str(events)


def test_every_touch_has_one_line_in_the_order_of_time(files):
    journey, events = files
    status, out, err = px(
        "rehearse", journey, "--events", events, "--until", "2026-05-20T00:00:00Z"
    )
    assert (status, err) == (0, "")
    first, second, third = (json.loads(line) for line in out.splitlines())
    assert first == {
        "enrolment": "o1",
        "customer": "c1",
        "touchpoint": "thanks",
        "occurrence": 1,
        "due_at": "2026-05-01T14:00:00Z",
        "status": "sent",
        "reason": None,
        "channel": "email",
        "variant": None,
        "subject": "Order o1",
        "text": "Thank you, Ada.",
    }
    assert (second["due_at"], second["status"]) == ("2026-05-06T13:15:00Z", "sent")
    assert (second["subject"], second["text"]) == ("tips", "tips")
    assert (third["due_at"], third["status"], third["subject"]) == (
        "2026-08-03T18:30:00Z",
        "planned",
        None,
    )


def test_a_shop_file_gives_quiet_hours_cap_and_words(files, tmp_path):
    journey, events = files
    shop = tmp_path / "shop.yaml"
    shop.write_text(
        "templates: {tips: {subject: Tips, body: 'Use it *daily*.'}}\n"
        "quiet_hours: {from: '08:00', to: '10:00'}\n"
    )
    _, out, _ = px("rehearse", journey, "--events", events, "--settings", str(shop))
    tips = json.loads(out.splitlines()[1])
    assert (tips["subject"], tips["text"], tips["due_at"]) == (
        "Tips",
        "Use it daily.",
        "2026-05-06T14:00:00Z",
    )


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        (
            "care.yaml",
            JOURNEY.replace("anchor: delivered", "anchor: delivred"),
            "touchpoints[1].anchor: 'delivred'",
        ),
        ("care.yaml", "a: [", "line 1"),
        ("events.jsonl", '{"kind": "nap"}', "events line 1: kind: 'nap' is not an event kind"),
        ("events.jsonl", "\udc80", "is not text in UTF-8"),
    ],
)
def test_what_is_not_valid_ends_with_two_and_one_line(files, tmp_path, file, content, said):
    journey, events = files
    (tmp_path / file).write_bytes(content.encode("utf-8", "surrogateescape"))
    status, out, err = px("rehearse", journey, "--events", events)
    assert (status, out) == (2, "")
    assert said in err
    assert len(err.strip().splitlines()) == 1


def test_a_template_that_cannot_be_filled_fails_its_touch_only(files, tmp_path):
    journey, events = files
    (tmp_path / "care.yaml").write_text(
        JOURNEY.replace("{{ customer.first_name }}", "{{ customer.frist_name }}")
    )
    status, out, _ = px("rehearse", journey, "--events", events)
    assert status == 0
    assert [(r["status"], r["reason"]) for r in map(json.loads, out.splitlines())][:2] == [
        ("failed", "template_error"),
        ("sent", None),
    ]


@pytest.mark.parametrize("arguments", [(), ("--events", "nowhere.jsonl"), ("--events", ".")])
def test_a_missing_file_is_said(files, arguments):
    status, _, err = px("rehearse", files[0], *arguments)
    assert status == 2
    assert "Traceback" not in err
