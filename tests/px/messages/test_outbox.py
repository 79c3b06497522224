from datetime import timedelta

import pytest

from db.kinds import Channel, MessageStatus, Purpose, Reason
from px.core.work import reading, work
from px.messages import (
    OutboxFilter,
    cancel,
    cancel_for_customer,
    cancel_for_touches,
    confirm_sent,
    count_by_status,
    deliveries,
    journeys_in_outbox,
    mark_told,
    oldest_due,
    outbox,
    outbox_message,
    outbox_size,
    retry,
    send_due,
    send_now,
    sent_marketing,
    sweep_outbox,
    take_outcomes,
)
from tests.fakes.smtp import mail_server
from tests.px.messages.rows import live, messages, note, people, queue, template


@pytest.fixture
def server():
    with mail_server() as running:
        yield running


def send(settings, now):
    return send_due(settings=settings, clock=lambda: now)[0]


def test_a_waiting_message_can_be_cancelled_and_a_sent_one_cannot(database, settings, server, now):
    shop = live(settings, server.port)
    version = template(now=now)
    queue(shop, note(None, version, now=now, key="a"), now=now)
    send(shop, now)
    queue(shop, note(None, version, now=now, key="b"), now=now)
    with work() as session:
        assert cancel(session, [1, 2, 99], by="Mia", now=now) == 1
    assert [(row.status, row.reason) for row in messages()] == [
        ("sent", None),
        ("cancelled", "cancelled"),
    ]
    assert send(shop, now) == {}


def test_a_failed_message_can_be_sent_again_and_is_told_again(database, settings, server, now):
    server.replies["RCPT"] = ["550 5.4.1 no route"]
    shop = live(settings, server.port)
    queue(shop, note(None, template(now=now), now=now), now=now)
    send(shop, now)
    with work() as session:
        (told,) = take_outcomes(session, 10)
        assert (told.status, told.reason) == ("failed", "rejected")
        mark_told(session, [told.message_id], now=now)
        assert take_outcomes(session, 10) == []
    next_day = now + timedelta(days=4)
    with work() as session:
        assert retry(session, [1], by="Mia", now=next_day) == 1
    assert messages()[0].detail == "Sent again by Mia."
    assert send(shop, next_day) == {"sent": 1}
    with reading() as session:
        (told,) = take_outcomes(session, 10)
        assert (told.status, told.sent_at) == ("sent", next_day)
        assert [line.outcome for line in deliveries(session, 1)] == ["rejected", "sent"]


def test_sending_again_never_goes_past_a_suppression(database, settings, server, now):
    server.replies["RCPT"] = ["550 5.1.1 no such user"]
    shop = live(settings, server.port)
    queue(shop, note(None, template(now=now), now=now), now=now)
    send(shop, now)
    with work() as session:
        retry(session, [1], by="Mia", now=now)
    assert send(shop, now) == {"skipped": 1}
    assert messages()[0].reason == "suppressed"


def test_a_message_whose_arrival_is_unknown_can_be_confirmed_or_sent_again(
    database, settings, server, now
):
    server.hang_up = ["DOT", "DOT"]
    shop = live(settings, server.port)
    ids = people("ada@example.com", "cleo@example.com", now=now)
    version = template(now=now)
    market = {"purpose": Purpose.MARKETING}
    queue(shop, note(ids[0], version, now=now, key="a", **market), now=now)
    queue(shop, note(ids[1], version, now=now, to="cleo@example.com", **market), now=now)
    assert send(shop, now) == {"unknown": 2}
    hour = now + timedelta(hours=1)
    with work() as session:
        assert send_now(session, [1, 2], by="Mia", now=hour) == 0
        assert confirm_sent(session, [1], by="Mia", now=hour) == 1
        assert retry(session, [1, 2], by="Mia", now=hour) == 1
    first, second = messages()
    assert (first.status, first.sent_at) == ("sent", now)
    assert (second.status, second.reason) == ("queued", None)
    assert send(shop, hour) == {"sent": 1}


def test_a_message_that_waits_for_its_time_can_leave_now(database, settings, server, now):
    shop = live(settings, server.port)
    tomorrow = now + timedelta(days=1)
    queue(shop, note(None, template(now=now), now=now, due_at=tomorrow), now=now)
    assert send(shop, now) == {}
    with work() as session:
        assert send_now(session, [1], by="Mia", now=now) == 1
        assert send_now(session, [1], by="Mia", now=now) == 0
    assert send(shop, now) == {"sent": 1}


def test_messages_of_touches_that_were_called_off_do_not_leave(database, settings, server, now):
    shop = live(settings, server.port)
    queue(shop, note(None, template(now=now), now=now), now=now)
    with work() as session:
        assert cancel_for_touches(session, [1], reason=Reason.EXITED, now=now) == 0
        assert cancel_for_touches(session, [], reason=Reason.EXITED, now=now) == 0
    assert send(shop, now) == {"sent": 1}


def test_an_erased_customer_gets_nothing_and_no_message_names_them(database, settings, now):
    (ada,) = people("ada@example.com", now=now)
    queue(settings, note(ada, template(now=now), now=now, context={"x": "Ada"}), now=now)
    with work() as session:
        cancel_for_customer(session, ada, now=now)
    (row,) = messages()
    assert (row.status, row.reason) == ("skipped", "unreachable")
    assert (row.to_address, row.to_name, row.context) == ("", "", {})
    with work() as session:
        assert retry(session, [1], by="Mia", now=now) == 0


def test_messages_of_no_more_use_come_to_an_end_with_the_reason(database, settings, now):
    hour = now + timedelta(hours=1)
    version = template(now=now)
    with mail_server(replies={"RCPT": "451 4.3.0 later"}) as server:
        shop = live(settings, server.port)
        queue(shop, note(None, version, now=now, key="tried", expires_at=hour), now=now)
        send(shop, now)
    queue(shop, note(None, version, now=now, key="new", expires_at=hour), now=now)
    with work() as session:
        assert sweep_outbox(session, now=now) == 0
        assert sweep_outbox(session, now=hour) == 2
    tried, new = messages()
    assert (tried.status, tried.reason) == ("failed", "channel_error")
    assert tried.detail == "Refused for now: 451 4.3.0 later"
    assert (new.status, new.reason) == ("skipped", "late")
    assert new.detail == "Its time had passed before it could be sent."


def test_the_cap_counts_what_left_is_leaving_or_may_have_left(database, settings, now):
    shop = settings.model_copy(update={"cap_messages": 0, "quiet_from": "", "quiet_to": ""})
    ada, cleo = people("ada@example.com", "cleo@example.com", now=now)
    version = template(now=now)
    market = {"purpose": Purpose.MARKETING}
    queue(shop, note(ada, version, now=now, key="a", **market), now=now)
    queue(shop, note(cleo, version, now=now, key="b", to="cleo@example.com"), now=now)
    send(shop, now)
    with reading() as session:
        week = now - timedelta(days=7)
        assert sent_marketing(session, [ada, cleo], since=week) == {ada: [now]}
        assert sent_marketing(session, [ada], since=now + timedelta(seconds=1)) == {}
        assert sent_marketing(session, [], since=week) == {}


def test_the_outbox_is_filtered_counted_and_read_in_pages(database, settings, server, now):
    shop = live(settings, server.port)
    version = template("About 100% of it_", now=now)
    queue(shop, note(None, version, now=now, key="a", journey_key="serum"), now=now)
    send(shop, now)
    phone = "+31612345678"
    message = note(
        None, version, now=now, key="b", to=phone, channel=Channel.SMS, journey_key="oil"
    )
    queue(shop, message, now=now)
    with reading() as session:
        found = [row.key for row in outbox(session, OutboxFilter())]
        assert found == ["b", "a"]
        assert [row.key for row in outbox(session, OutboxFilter(), limit=1, offset=1)] == ["a"]
        for chosen in (
            OutboxFilter(status="sent"),
            OutboxFilter(channel="email"),
            OutboxFilter(journey_key="serum"),
            OutboxFilter(search="ADA@example"),
            OutboxFilter(search="100% of it_"),
        ):
            assert [row.key for row in outbox(session, chosen)] == ["a"]
            assert outbox_size(session, chosen) == 1
        for hostile in ("%", "_x", "' OR 1=1 --", "\\"):
            assert outbox_size(session, OutboxFilter(search=f"{hostile}zzz")) == 0
        assert count_by_status(session) == {MessageStatus.SENT: 1, MessageStatus.QUEUED: 1}
        assert journeys_in_outbox(session) == ["oil", "serum"]
        assert oldest_due(session, now=now) == now
        assert outbox_message(session, 99) is None
        row = outbox_message(session, 1)
        assert row is not None
        assert row.subject == "About 100% of it_"
