"""What the sender keeps to while it sends: pace, quiet hours, equal bytes, silence in logs."""

import logging
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from db.kinds import Purpose
from px.messages import send_due
from tests.fakes.smtp import mail_server
from tests.px.messages.rows import live, messages, note, people, queue, template

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def server():
    with mail_server() as running:
        yield running


def test_mail_leaves_no_faster_than_the_provider_takes_it(database, settings, server, now):
    shop = live(settings, server.port, send_per_second=40)
    version = template(now=now)
    mails = [note(None, version, now=now, to=f"c{n}@x.example") for n in range(20)]
    queue(shop, *mails, now=now)
    started = time.monotonic()
    counts, _ = send_due(settings=shop, clock=lambda: now, connections=4)
    assert counts == {"sent": 20}
    assert time.monotonic() - started >= 18 / 40


def test_starting_again_does_not_begin_with_a_full_bucket(database, settings, server, now):
    shop = live(settings, server.port, send_per_second=10)
    version = template(now=now)
    started = time.monotonic()
    for number in range(6):
        queue(shop, note(None, version, now=now, to=f"c{number}@x.example"), now=now)
        assert send_due(settings=shop, clock=lambda: now)[0] == {"sent": 1}
    assert time.monotonic() - started >= 0.45


@pytest.mark.parametrize("around", ["2026-03-29", "2026-10-25", "2026-05-04"])
def test_no_marketing_leaves_in_quiet_hours_however_the_clock_jumps(
    database, settings, server, around
):
    """Both changes of summer time, and a clock set by two hours and by a day, there and back."""
    shop = live(settings, server.port, quiet_from="21:00", quiet_to="08:00", cap_messages=0)
    start = datetime.fromisoformat(f"{around}T00:00:00+00:00") - timedelta(hours=8)
    (ada,) = people("ada@example.com", now=start)
    version = template(now=start)
    jumps = [0, 2, -2, 24, -24, 0]
    for step in range(24):
        at = start + timedelta(hours=step, minutes=37) + timedelta(hours=jumps[step % 6])
        kept = at + timedelta(days=3)
        message = note(
            ada,
            version,
            now=at,
            key=f"m{step}",
            purpose=Purpose.MARKETING,
            zone="Europe/Berlin",
            expires_at=kept,
        )
        queue(shop, message, now=at)
        send_due(settings=shop, clock=lambda at=at: at, connections=1)
    sent = [row.sent_at.astimezone(BERLIN) for row in messages() if row.sent_at]
    assert len(sent) > 5
    assert [moment for moment in sent if not 8 <= moment.hour < 21] == []
    held = [row for row in messages() if row.status == "held"]
    assert {row.reason for row in held} <= {"quiet_hours"}


def test_every_attempt_has_the_same_bytes(database, settings, server, now):
    server.replies["DOT"] = ["451 4.3.0 later", "451 4.3.0 later"]
    shop = live(settings, server.port)
    (ada,) = people("ada@example.com", now=now)
    queue(shop, note(ada, template(now=now), now=now, purpose=Purpose.MARKETING), now=now)
    taken, at = [], now
    raw = server.mails
    for _ in range(3):
        before = len(raw)
        counts, _problems = send_due(settings=shop, clock=lambda at=at: at)
        taken.append(counts)
        assert len(raw) - before == counts.get("sent", 0)
        at += timedelta(minutes=30)
    assert taken == [{"later": 1}, {"later": 1}, {"sent": 1}]
    assert server.offered[0] == server.offered[1] == server.offered[2]


def test_addresses_and_words_of_customers_are_not_logged(database, settings, server, now, caplog):
    caplog.set_level(logging.DEBUG, logger="px")
    shop = live(settings, server.port)
    queue(shop, note(None, template("Secret words", now=now), now=now), now=now)
    send_due(settings=shop, clock=lambda: now)
    assert "ada@example.com" not in caplog.text
    assert "Secret words" not in caplog.text
