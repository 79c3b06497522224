from collections import Counter
from datetime import datetime, timedelta
from threading import Thread

import pytest

from db.kinds import Channel, MessageStatus, Purpose, SuppressionReason, SuppressionScope
from px.core.work import marking, reading, work
from px.customers import suppress, suppressed_among, unsubscribe
from px.messages.actions import cancel
from px.messages.send import Claimed, Desk, begin, claim
from px.messages.sender import Sender, send_due
from tests.fakes.smtp import mail_server
from tests.px.messages.rows import live, messages, note, people, queue, template, tries


@pytest.fixture
def server():
    with mail_server() as running:
        yield running


def send(settings, now: datetime) -> Counter[str]:
    return send_due(settings=settings, clock=lambda: now)[0]


def test_a_queued_mail_leaves_once_and_its_row_says_so(database, settings, server, now):
    shop = live(settings, server.port)
    (ada,) = people("ada@example.com", now=now)
    queue(shop, note(ada, template("Your order", now=now), now=now), now=now)
    assert send(shop, now) == {"sent": 1}
    assert send(shop, now) == {}
    (row,) = messages()
    (mail,) = server.mails
    assert (row.status, row.reason, row.sent_at, row.settled_at) == ("sent", None, now, now)
    assert (row.subject, row.attempts, row.claimed_by) == ("Your order", 1, None)
    assert mail.parsed["Message-ID"] == row.header_id
    assert mail.parsed["Date"] == "Mon, 04 May 2026 12:00:00 +0000"
    assert [(t.attempt, t.outcome, t.code, t.provider) for t in tries()] == [
        (1, "sent", "250", "email")
    ]


def test_queueing_the_same_key_again_changes_nothing(database, settings, server, now):
    shop = live(settings, server.port)
    version = template(now=now)
    first = note(None, version, now=now)
    queue(shop, first, now=now)
    header = messages()[0].header_id
    queue(shop, note(None, version, now=now, to="eve@example.com", key=first.key), now=now)
    (row,) = messages()
    assert (row.header_id, row.to_address) == (header, "ada@example.com")
    assert header.endswith("@fern.example>")


def test_transactional_mail_leaves_before_marketing_and_higher_priority_before_lower(
    database, settings, server, now
):
    shop = live(settings, server.port, cap_messages=0)
    ids = people("a@x.example", "b@x.example", "c@x.example", now=now)
    version, earlier = template(now=now), now - timedelta(hours=1)
    market = {"purpose": Purpose.MARKETING, "due_at": earlier}
    queue(
        shop,
        note(ids[0], version, now=now, to="a@x.example", **market),
        note(ids[1], version, now=now, to="b@x.example", priority=5, **market),
        note(ids[2], version, now=now, to="c@x.example"),
        now=now,
    )
    assert send_due(settings=shop, clock=lambda: now, connections=1)[0] == {"sent": 3}
    assert server.to() == ["c@x.example", "b@x.example", "a@x.example"]


def test_what_is_not_due_stays(database, settings, server, now):
    shop = live(settings, server.port)
    late = now + timedelta(minutes=1)
    queue(shop, note(None, template(now=now), now=now, due_at=late), now=now)
    assert send(shop, now) == {}
    assert send(shop, late) == {"sent": 1}


def test_nobody_who_unsubscribed_after_it_was_queued_gets_it(database, settings, server, now):
    shop = live(settings, server.port)
    (ada,) = people("ada@example.com", now=now)
    queue(shop, note(ada, template(now=now), now=now, purpose=Purpose.MARKETING), now=now)
    with work() as session:
        unsubscribe(session, ada, Channel.EMAIL, source="test", key=shop.key, now=now)
    assert send(shop, now) == {"skipped": 1}
    (row,) = messages()
    assert (row.status, row.reason, row.attempts) == ("skipped", "suppressed", 0)
    assert row.detail == "The customer unsubscribed from marketing."
    assert row.settled_at == now
    assert server.mails == []


def test_an_address_suppressed_between_claim_and_intent_is_not_written_to(database, settings, now):
    (ada,) = people("ada@example.com", now=now)
    queue(settings, note(ada, template(now=now), now=now), now=now)
    (claimed,) = _claim("one", now)
    with work() as session:
        suppress(
            session,
            "ada@example.com",
            Channel.EMAIL,
            scope=SuppressionScope.ALL,
            reason=SuppressionReason.COMPLAINED,
            source="test",
            key=settings.key,
            now=now,
        )
    with marking() as session:
        verdict = begin(session, claimed, Desk("one", settings), now=now)
    assert verdict is not None
    assert messages()[0].status == "skipped"


def test_a_message_cancelled_between_claim_and_intent_is_not_sent(database, settings, now):
    queue(settings, note(None, template(now=now), now=now), now=now)
    (claimed,) = _claim("one", now)
    with work() as session:
        assert cancel(session, [claimed.id], by="Mia", now=now) == 1
    with marking() as session:
        assert begin(session, claimed, Desk("one", settings), now=now) is None
    (row,) = messages()
    assert (row.status, row.reason, row.detail) == ("cancelled", "cancelled", "Cancelled by Mia.")


def test_somebody_without_consent_gets_no_marketing_but_the_notice(database, settings, server, now):
    shop = live(settings, server.port)
    (ben,) = people("ben@example.com", now=now, agreed=False)
    version = template(now=now)
    queue(
        shop,
        note(ben, version, now=now, key="a", to="ben@example.com", purpose=Purpose.MARKETING),
        note(ben, version, now=now, key="b", to="ben@example.com"),
        now=now,
    )
    assert send(shop, now) == {"skipped": 1, "sent": 1}
    assert [row.reason for row in messages()] == ["no_consent", None]


def test_quiet_hours_hold_marketing_until_the_morning_where_the_customer_lives(
    database, settings, server, now
):
    shop = live(settings, server.port, quiet_from="21:00", quiet_to="08:00")
    (ada,) = people("ada@example.com", now=now)
    night = datetime.fromisoformat("2026-05-04T20:30:00+00:00")
    morning = datetime.fromisoformat("2026-05-05T06:00:00+00:00")
    message = note(ada, template(now=now), now=now, purpose=Purpose.MARKETING, zone="Europe/Berlin")
    queue(shop, message, now=now)
    assert send(shop, night) == {"held": 1}
    (row,) = messages()
    assert (row.status, row.reason, row.due_at) == ("held", "quiet_hours", morning)
    assert row.settled_at is None
    assert send(shop, morning - timedelta(seconds=1)) == {}
    assert send(shop, morning) == {"sent": 1}


def test_the_cap_holds_over_all_journeys_and_frees_in_time(database, settings, server, now):
    shop = live(settings, server.port, cap_messages=2, cap_days=7, send_connections=1)
    (ada,) = people("ada@example.com", now=now)
    version, week = template(now=now), timedelta(days=7)
    market = {"purpose": Purpose.MARKETING, "expires_at": now + timedelta(days=30)}
    queue(
        shop,
        *(note(ada, version, now=now, key=f"m{n}", **market) for n in range(3)),
        now=now,
    )
    assert send(shop, now) == {"sent": 2, "held": 1}
    (held,) = (row for row in messages() if row.status != "sent")
    assert (held.status, held.reason, held.due_at) == ("held", "capped", now + week)
    assert send(shop, now + week) == {"sent": 1}


def test_two_workers_cannot_both_take_the_last_place_under_the_cap(database, settings, now):
    shop = settings.model_copy(update={"cap_messages": 1, "quiet_from": "", "quiet_to": ""})
    (ada,) = people("ada@example.com", now=now)
    version = template(now=now)
    for number in range(8):
        queue(
            shop,
            note(ada, version, now=now, key=f"m{number}", purpose=Purpose.MARKETING),
            now=now,
        )
    claimed = [(name, _claim(name, now, limit=4)) for name in ("one", "two")]
    verdicts: list[str] = []

    def begin_all(owner: str, batch: list[Claimed]) -> None:
        for message in batch:
            with marking() as session:
                verdict = begin(session, message, Desk(owner, shop), now=now)
            verdicts.append(type(verdict).__name__)

    threads = [Thread(target=begin_all, args=pair) for pair in claimed]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # One that is asked before its turn is held for a moment instead.
    assert verdicts.count("Allowed") == 1
    assert len(verdicts) == 8


def test_two_senders_never_send_one_message_twice(database, settings, server, now):
    shop = live(settings, server.port)
    version = template(now=now)
    queue(
        shop,
        *(note(None, version, now=now, to=f"c{n}@x.example") for n in range(120)),
        now=now,
    )
    counts: list[Counter[str]] = []
    threads = [Thread(target=lambda: counts.append(send(shop, now))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts[0] + counts[1] == {"sent": 120}
    assert sorted(server.to()) == sorted(f"c{n}@x.example" for n in range(120))


def test_a_refusal_for_now_is_tried_again_later_with_the_same_bytes(
    database, settings, server, now
):
    server.replies[("RCPT", "ada@example.com")] = ["451 4.7.1 greylisted"]
    shop = live(settings, server.port)
    queue(shop, note(None, template(now=now), now=now), now=now)
    assert send(shop, now) == {"later": 1}
    (row,) = messages()
    assert row.status == "queued"
    assert row.detail == "Refused for now: 451 4.7.1 greylisted"
    assert timedelta(seconds=30) <= row.due_at - now <= timedelta(seconds=90)
    assert send(shop, row.due_at) == {"sent": 1}
    assert [(t.attempt, t.outcome) for t in tries()] == [(1, "later"), (2, "sent")]


def test_a_refusal_that_lasts_is_given_up_when_the_message_is_of_no_use(
    database, settings, server, now
):
    server.replies["RCPT"] = "451 4.3.0 try later"
    shop = live(settings, server.port)
    hour = timedelta(hours=1)
    queue(shop, note(None, template(now=now), now=now, expires_at=now + hour), now=now)
    at = now
    while messages()[0].status == "queued":
        at = messages()[0].due_at
        send(shop, at)
    (row,) = messages()
    assert (row.status, row.reason) == ("failed", "channel_error")
    assert row.detail.startswith("Given up after ")
    assert row.settled_at is not None
    assert row.settled_at < now + hour


def test_a_dead_address_fails_and_is_never_written_to_again(database, settings, server, now):
    server.replies[("RCPT", "ada@example.com")] = "550 5.1.1 no such user"
    shop = live(settings, server.port)
    (ada,) = people("ada@example.com", now=now)
    version = template(now=now)
    queue(shop, note(ada, version, now=now, key="a"), now=now)
    assert send(shop, now) == {"failed": 1}
    place = (Channel.EMAIL, "ada@example.com")
    with reading() as session:
        assert suppressed_among(session, [place], key=shop.key) == {place: SuppressionScope.ALL}
    queue(shop, note(ada, version, now=now, key="b"), now=now)
    assert send(shop, now) == {"skipped": 1}
    assert [(row.status, row.reason) for row in messages()] == [
        ("failed", "rejected"),
        ("skipped", "suppressed"),
    ]


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "DOT"])
def test_a_refusal_by_policy_never_suppresses_the_person(database, settings, now, step):
    with mail_server(replies={step: "550 5.7.1 blocked"}) as server:
        shop = live(settings, server.port)
        (ada,) = people("ada@example.com", now=now)
        queue(shop, note(ada, template(now=now), now=now), now=now)
        send(shop, now)
    with reading() as session:
        place = (Channel.EMAIL, "ada@example.com")
        assert suppressed_among(session, [place], key=shop.key) == {}


def test_a_provider_that_refuses_everybody_is_left_alone_and_its_messages_wait(
    database, settings, server, now
):
    server.replies["MAIL"] = "550 5.7.1 account suspended"
    shop = live(settings, server.port)
    version = template(now=now)
    queue(
        shop,
        *(note(None, version, now=now, to=f"c{n}@x.example") for n in range(200)),
        now=now,
    )
    counts, problems = send_due(settings=shop, clock=lambda: now, connections=1)
    assert counts == {"down": 5}
    assert "account suspended" in problems["email"]
    tried = [row for row in messages() if row.attempts]
    waiting = [row for row in messages() if not row.attempts]
    assert (len(tried), len(waiting)) == (5, 195)
    assert {row.status for row in messages()} == {"queued"}
    assert {row.claimed_by for row in messages()} == {None}
    del server.replies["MAIL"]
    assert send(shop, now) == {"sent": 195}
    assert send(shop, now + timedelta(minutes=2)) == {"sent": 5}


def test_everything_leaves_once_the_mail_server_is_back(database, settings, now):
    with mail_server() as server:
        port = server.port
    shop = live(settings, port)
    version = template(now=now)
    queue(
        shop,
        *(note(None, version, now=now, to=f"c{n}@x.example") for n in range(60)),
        now=now,
    )
    counts, problems = send_due(settings=shop, clock=lambda: now)
    assert counts == {}
    assert problems["email"].startswith("Nothing answers at 127.0.0.1")
    assert {(row.status, row.attempts) for row in messages()} == {("queued", 0)}
    assert messages()[0].detail.startswith("Nothing answers at 127.0.0.1")
    with mail_server(port=port) as server:
        assert send(shop, now) == {"sent": 60}
        assert len(server.mails) == 60


def test_a_refused_password_is_tried_once_a_pass_and_never_written_down(
    database, settings, now, caplog
):
    with mail_server(login=("shop", "right")) as server:
        shop = live(settings, server.port, smtp_user="shop", smtp_password="s3cret-word")
        queue(shop, note(None, template(now=now), now=now), now=now)
        counts, problems = send_due(settings=shop, clock=lambda: now, connections=4)
        assert len([c for c in server.commands if c.startswith("AUTH")]) == 1
    assert counts == {}
    assert problems == {"email": "The mail account refuses the user name or the password (535)."}
    assert "s3cret-word" not in caplog.text
    assert "s3cret-word" not in messages()[0].detail


def test_a_cut_after_the_dot_is_sent_again_later_if_it_is_part_of_the_purchase(
    database, settings, server, now
):
    server.hang_up = ["DOT"]
    shop = live(settings, server.port)
    queue(shop, note(None, template(now=now), now=now), now=now)
    assert send(shop, now) == {"unknown": 1}
    (row,) = messages()
    assert (row.status, row.reason) == ("queued", "unknown_outcome")
    assert row.due_at == now + timedelta(minutes=5)
    assert send(shop, now + timedelta(minutes=4)) == {}
    assert send(shop, now + timedelta(minutes=5)) == {"sent": 1}
    first, second = server.mails
    assert first.raw == second.raw
    assert messages()[0].reason is None


def test_a_cut_after_the_dot_of_marketing_waits_for_a_person(database, settings, server, now):
    server.hang_up = ["DOT"]
    shop = live(settings, server.port)
    (ada,) = people("ada@example.com", now=now)
    queue(shop, note(ada, template(now=now), now=now, purpose=Purpose.MARKETING), now=now)
    assert send(shop, now) == {"unknown": 1}
    assert send(shop, now + timedelta(days=1)) == {}
    (row,) = messages()
    assert (row.status, row.reason, row.settled_at) == ("held", "unknown_outcome", None)
    assert row.detail.startswith("The connection was cut after the message was handed over")


def test_a_template_that_cannot_be_filled_fails_and_says_so(database, settings, server, now):
    shop = live(settings, server.port)
    queue(shop, note(None, template(body="Hello {% nonsense %}", now=now), now=now), now=now)
    assert send(shop, now) == {"failed": 1}
    (row,) = messages()
    assert (row.status, row.reason) == ("failed", "template_error")
    assert server.mails == []


def test_a_subject_with_a_line_break_is_refused_before_it_leaves(database, settings, server, now):
    shop = live(settings, server.port)
    queue(shop, note(None, template("x\r\nBcc: eve@x.example", now=now), now=now), now=now)
    send(shop, now)
    assert all("eve" not in (mail.parsed["Bcc"] or "") for mail in server.mails)
    assert all("eve@x.example" not in mail.to for mail in server.mails)


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.WHATSAPP])
def test_a_channel_without_a_provider_says_so(database, settings, server, now, channel):
    shop = live(settings, server.port)
    message = note(None, template(now=now), now=now, channel=channel, to="+31612345678")
    queue(shop, message, now=now)
    assert send(shop, now) == {"failed": 1}
    (row,) = messages()
    assert (row.status, row.reason) == ("failed", "channel_error")
    assert row.detail in ("No SMS provider is set up.", "No WhatsApp provider is set up.")


def test_in_the_sandbox_nothing_leaves_and_everything_is_written_down(
    database, settings, server, now
):
    shop = live(settings, server.port, mode="sandbox")
    version = template("Hello", now=now)
    queue(
        shop,
        note(None, version, now=now),
        note(None, version, now=now, channel=Channel.SMS, to="+31612345678"),
        now=now,
    )
    assert send(shop, now) == {"sent": 2}
    assert server.connections == 0
    written = sorted(path.suffix for path in (shop.data_dir / "recorder").iterdir())
    assert written == [".eml", ".json"]


def test_a_lost_lease_is_noticed_before_anything_is_sent(database, settings, now):
    queue(settings, note(None, template(now=now), now=now), now=now)
    (claimed,) = _claim("one", now)
    later = now + timedelta(minutes=3)
    (again,) = _claim("two", later)
    assert again.id == claimed.id
    with marking() as session:
        assert begin(session, claimed, Desk("one", settings), now=later) is None
        assert begin(session, again, Desk("two", settings), now=later) is not None


def test_a_lease_from_a_clock_that_has_since_gone_back_counts_as_expired(database, settings, now):
    queue(settings, note(None, template(now=now), now=now), now=now)
    ahead = now + timedelta(days=1)
    assert len(_claim("one", ahead)) == 1
    assert len(_claim("two", now)) == 1


def test_stopping_begins_nothing_and_leaves_nothing_claimed(database, settings, server, now):
    shop = live(settings, server.port)
    version = template(now=now)
    queue(
        shop,
        *(note(None, version, now=now, to=f"c{n}@x.example") for n in range(300)),
        now=now,
    )
    sender = Sender(clock=lambda: now, connections=2)
    running = Thread(target=sender.run, args=(shop,))
    running.start()
    while len(server.mails) < 20:
        pass
    sender.stop()
    running.join(10)
    assert not running.is_alive()
    sender.close()
    assert {row.status for row in messages()} == {"sent", "queued"}
    assert {row.claimed_by for row in messages()} == {None}
    sent = sum(row.status == MessageStatus.SENT for row in messages())
    assert sent == len(server.mails)


def _claim(owner: str, now: datetime, limit: int = 50) -> list[Claimed]:
    with marking() as session:
        return claim(session, owner=owner, channels=list(Channel), limit=limit, now=now)
