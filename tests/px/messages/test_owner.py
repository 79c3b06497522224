import os
import subprocess
import sys
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import text

from db.kinds import Channel, MessageStatus, Purpose
from px.core.work import marking
from px.messages.owner import Owner
from px.messages.send import Desk, begin, claim
from px.messages.sender import Sender
from px.messages.tidy import holders, recover
from tests.fakes.smtp import mail_server
from tests.px.messages.rows import live, messages, note, people, queue, template, tries

HOLD = """
import sys
from pathlib import Path
from px.core.work import open_database
from px.messages.owner import Owner
open_database(sys.argv[1])
owner = Owner(Path(sys.argv[2]))
print(owner.name, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other(database_url, database, settings, root):
    """Another sender, in a process of its own; killing it is up to the test."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, database_url, str(settings.data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    process.name = process.stdout.readline().strip()
    yield process
    process.kill()
    process.communicate()


def locks(database):
    """How many senders hold their sign of life on PostgreSQL."""
    with database.promises.connect() as connection:
        count = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
        return connection.execute(count).scalar_one()


def killed(other, database):
    """Kills the other sender; PostgreSQL notices that it has gone a moment later."""
    before = 0 if database.is_sqlite else locks(database)
    other.kill()
    other.wait()
    return database.is_sqlite or any(locks(database) < before for _ in range(5000))


def test_a_living_sender_is_not_dead_and_a_killed_one_is_at_once(database, settings, other):
    with closing(Owner(settings.data_dir)) as mine:
        assert mine.is_alive()
        assert mine.dead_among({other.name, mine.name}) == set()
        assert killed(other, database)
        assert mine.dead_among({other.name, mine.name}) == {other.name}


def test_a_sender_nobody_can_ask_about_is_not_called_dead(database, settings):
    mine = Owner(settings.data_dir)
    if database.is_sqlite:
        assert mine.dead_among({"elsewhere-1-abcd"}) == set()
    mine.close()


def sending(settings, owner, now, *, key="a", purpose=Purpose.TRANSACTIONAL):
    """A message of Ada's that `owner` is just sending."""
    (ada,) = people("ada@example.com", now=now)
    queue(settings, note(ada, template(now=now), now=now, key=key, purpose=purpose), now=now)
    with marking() as session:
        (message,) = claim(session, owner=owner, channels=list(Channel), limit=1, now=now)
        begin(session, message, Desk(owner, settings), now=now)


def test_what_a_killed_sender_was_sending_is_sent_again_after_the_restart(
    database, settings, other, now
):
    with mail_server() as server:
        shop = live(settings, server.port)
        sending(shop, other.name, now)
        assert killed(other, database)
        sender = Sender(clock=lambda: now)
        assert sender.run(shop) == {}
        (row,) = messages()
        assert (row.status, row.reason) == ("queued", "unknown_outcome")
        assert row.due_at == now + timedelta(minutes=5)
        assert row.detail == "The sender stopped while handing it over."
        sender.close()
        late = Sender(clock=lambda: now + timedelta(minutes=5))
        assert late.run(shop) == {"sent": 1}
        late.close()
    assert [(t.attempt, t.outcome, t.code) for t in tries()] == [
        (1, "unknown", "stopped"),
        (2, "sent", "250"),
    ]


def test_marketing_that_a_killed_sender_was_sending_waits_for_a_person(
    database, settings, other, now
):
    shop = settings.model_copy(update={"quiet_from": "", "quiet_to": ""})
    sending(shop, other.name, now, purpose=Purpose.MARKETING)
    assert killed(other, database)
    sender = Sender(clock=lambda: now)
    sender.run(shop)
    sender.close()
    (row,) = messages()
    assert (row.status, row.reason) == ("held", "unknown_outcome")


def test_what_a_living_sender_holds_is_left_to_it(database, settings, other, now):
    sending(settings, other.name, now)
    sender = Sender(clock=lambda: now + timedelta(minutes=14))
    sender.run(settings)
    sender.close()
    assert messages()[0].status == "sending"


def test_messages_claimed_by_a_killed_sender_are_free_at_once(database, settings, other, now):
    version = template(now=now)
    queue(
        settings, *(note(None, version, now=now, to=f"c{n}@x.example") for n in range(9)), now=now
    )
    with marking() as session:
        assert len(claim(session, owner=other.name, channels=list(Channel), limit=9, now=now)) == 9
        assert holders(session, sending_only=False) == {other.name}
        assert holders(session, sending_only=True) == set()
    assert killed(other, database)
    sender = Sender(clock=lambda: now)
    assert sender.run(settings) == {"sent": 9}
    sender.close()


def test_a_message_that_kills_its_sender_three_times_is_given_up_and_the_others_go_on(
    database, settings, now
):
    version = template(now=now)
    queue(settings, note(None, version, now=now, key="poison"), now=now)
    at = now
    for _ in range(3):
        with marking() as session:
            (message,) = claim(session, owner="x", channels=list(Channel), limit=1, now=at)
            begin(session, message, Desk("x", settings), now=at)
        with marking() as session:
            recover(session, ["x"], Desk("y", settings), now=at)
        at += timedelta(minutes=6)
    (row,) = messages()
    assert (row.status, row.reason) == (MessageStatus.FAILED, "channel_error")
    assert row.detail == "Given up: the sender stopped 3 times while sending it."
    assert row.settled_at is not None
    assert [t.attempt for t in tries()] == [1, 2, 3]


def test_a_sending_row_whose_lease_ended_is_recovered_even_without_its_owner(
    database, settings, now
):
    sending(settings, "elsewhere", now)
    sender = Sender(clock=lambda: now + timedelta(minutes=16))
    sender.run(settings)
    sender.close()
    assert messages()[0].reason == "unknown_outcome"


def test_an_answer_that_comes_after_the_lease_had_ended_still_counts(database, settings, now):
    from px.channels import Sent
    from px.messages.send import Attempt, record

    (ada,) = people("ada@example.com", now=now)
    queue(settings, note(ada, template(now=now), now=now), now=now)
    desk = Desk("x", settings)
    with marking() as session:
        (message,) = claim(session, owner="x", channels=list(Channel), limit=1, now=now)
        begin(session, message, desk, now=now)
    later = now + timedelta(minutes=16)
    with marking() as session:
        recover(session, [], Desk("y", settings), now=later)
    with marking() as session:
        record(session, Attempt(message, "email", Sent("250", "ok"), "Hi", later), desk, now=later)
    assert [(row.status, row.reason) for row in messages()] == [("sent", None)]
    assert [(t.attempt, t.outcome) for t in tries()] == [(1, "sent")]
