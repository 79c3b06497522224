"""What one customer is owed: everything in one file, and to be forgotten for good."""

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from db.engine import Database
from db.kinds import Channel, SuppressionReason, SuppressionScope
from db.models.messages import Message
from db.models.system import Payload
from px import flow, journeys
from px.channels import Rejected, Result, Sent
from px.core import settings as px_settings
from px.core.errors import NotFound
from px.core.settings import Settings
from px.core.work import reading, work
from px.customers import customer_by_email, suppress
from px.journeys.engine.compiled import share
from px.messages import Sender
from px.messages.rules import Allowed
from px.messages.send import Attempt, Desk, begin, claim, record
from px.orders import record_orders
from px.privacy import Erased, Kept, erase, export_customer, kept_of
from tests.builders import KEEPS_DORA_OUT, order, person, settle_in

JOURNEY = """
format: 1
journey: care
name: Care
per: order
enter: {on: order_placed}
touchpoints:
  - key: thanks
    purpose: transactional
    anchor: order_placed
    after: 0
    channels: [email]
    message: t
  - key: later
    purpose: marketing
    anchor: order_placed
    after: 3d
    channels: [email]
    message: t
templates:
  t: {name: Thanks, subject: "Thank you, {{ customer.first_name }}", body: "{{ customer.name }}"}
"""


@pytest.fixture
def ada(database: Database, settings: Settings, now: datetime) -> int:
    """Ada ordered yesterday, got a message and has another one coming."""
    with work() as session:
        journeys.import_journey(session, JOURNEY, overwrite=False, by="test", now=now)
        journeys.publish(session, "care", by="test", now=now, since=now - timedelta(days=2))
        cast = settle_in(session, now=now, key=settings.key)
    flow.react(now=now)
    sender = Sender(clock=lambda: now, connections=1)
    sender.run(settings)
    sender.close()
    flow.settle(now=now)
    return cast["ada"]


@pytest.fixture(autouse=True)
def _same_settings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(px_settings, "current", lambda _session: settings)


def everything(session: Session) -> str:
    """All rows of all tables as one text."""
    tables = session.connection().dialect.get_table_names(session.connection())
    rows = [sorted(map(str, session.execute(text(f'SELECT * FROM "{name}"')))) for name in tables]
    return str(rows)


def test_everything_known_of_a_customer_is_in_one_json(
    ada: int, settings: Settings, now: datetime
) -> None:
    with reading() as session:
        told = export_customer(session, ada, key=settings.key, now=now)
    told = json.loads(json.dumps(told))
    assert told["exported_at"] == "2026-05-04T12:00:00+00:00"
    assert told["customer"]["first_name"] == "Ada"
    assert told["known_as"] == [{"source": "shop", "name": "c-ada"}]
    assert [address["value"] for address in told["addresses"]] == ["ada@example.com"]
    assert [consent["state"] for consent in told["consents"]] == ["given"]
    assert [one["number"] for one in told["orders"]] == ["#ada1", "#ada2", "#ada3"]
    assert told["orders"][2]["items"][0]["sku"] == "SERUM-30"
    assert [touch["status"] for touch in told["journeys"][0]["touches"]] == ["sent", "planned"]
    assert [message["subject"] for message in told["messages"]] == ["Thank you, Ada"]
    assert {event["kind"] for event in told["events"]} >= {"order_placed", "order_paid"}


def test_the_file_says_nothing_of_anybody_else(ada: int, settings: Settings, now: datetime) -> None:
    with reading() as session:
        told = json.dumps(export_customer(session, ada, key=settings.key, now=now))
    assert "Ben" not in told
    assert "cleo" not in told


def test_nobody_can_say_who_an_erased_customer_was(
    ada: int, settings: Settings, now: datetime
) -> None:
    with work() as session:
        body = b'{"email": "Ada@Example.com"}'
        session.add(Payload(source="shop", external_id="1", body=body, received_at=now))
        session.add(Payload(source="shop", external_id="2", body=b"{}", received_at=now))
    with work() as session:
        erased = erase(session, ada, key=settings.key, now=now)
    assert erased == Erased(orders=3, journeys=1, messages=1, events=7, payloads=1)
    with reading() as session:
        rows = everything(session)
    for word in ("Ada", "ada@example", "Lovelace", "c-ada"):
        assert word not in rows
    assert "Ben" in rows
    assert "#ada1" in rows


def test_what_stays_of_a_customer_is_counted_before_and_after_they_are_erased(
    ada: int, settings: Settings, now: datetime
) -> None:
    with reading() as session:
        ben = customer_by_email(session, "ben@example.com")
        assert kept_of(session, ada) == Kept(orders=3, messages=1)
        assert kept_of(session, ben or 0) == Kept(orders=1, messages=0)
        assert kept_of(session, 9999) == Kept(orders=0, messages=0)
    with work() as session:
        erase(session, ada, key=settings.key, now=now)
    with reading() as session:
        assert kept_of(session, ada) == Kept(orders=3, messages=1)


def test_what_a_mail_server_said_about_an_erased_customer_goes_with_them(
    ada: int, settings: Settings, now: datetime
) -> None:
    said = "Refused for good: 550 5.1.1 <Ada@Example.com>: no such user here"
    with work() as session:
        message = session.scalars(select(Message).where(Message.customer_id == ada)).one()
        message.status, message.reason, message.detail = "failed", "rejected", said
        suppress(
            session,
            "ada@example.com",
            Channel.EMAIL,
            scope=SuppressionScope.ALL,
            reason=SuppressionReason.BOUNCED,
            source="sending",
            detail=said,
            key=settings.key,
            now=now,
        )
    with work() as session:
        erase(session, ada, key=settings.key, now=now)
    with reading() as session:
        assert "ada@example" not in everything(session).lower()
        assert session.scalars(select(Message.reason)).all() == ["rejected"]


@pytest.mark.parametrize(
    "result",
    [Sent("250", "250 queued"), Rejected("550", "550 <ada@example.com>: no such user")],
    ids=["sent", "refused"],
)
def test_a_message_on_its_way_while_its_customer_is_erased_brings_nothing_back(
    ada: int, settings: Settings, now: datetime, result: Result
) -> None:
    later, desk = now + timedelta(days=2, hours=1), Desk("one", settings)
    flow.advance(now=later)
    with work() as session:
        (message,) = claim(session, owner="one", channels=list(Channel), limit=1, now=later)
        assert isinstance(begin(session, message, desk, now=later), Allowed)
    with work() as session:
        erase(session, ada, key=settings.key, now=later)
    with work() as session:
        record(session, Attempt(message, "email", result, "Dear Ada", later), desk, now=later)
    with reading() as session:
        rows = everything(session)
    assert "Dear Ada" not in rows
    assert "ada@example" not in rows.lower()


def test_nothing_is_sent_to_an_erased_customer_any_more(
    ada: int, settings: Settings, now: datetime
) -> None:
    with work() as session:
        erase(session, ada, key=settings.key, now=now)
    later = now + timedelta(days=4)
    flow.react(now=later)
    flow.advance(now=later)
    sender = Sender(clock=lambda: later, connections=1)
    counts = sender.run(settings)
    sender.close()
    assert counts["sent"] == 0
    with reading() as session:
        mine = [touch.status for touch in journeys.touch_lines(session, customer_id=ada)]
    assert sorted(mine) == ["sent", "skipped"]


def test_a_message_that_waits_does_not_leave_after_erasing(
    ada: int, settings: Settings, now: datetime
) -> None:
    later = now + timedelta(days=4)
    flow.advance(now=later)
    with work() as session:
        erase(session, ada, key=settings.key, now=later)
    sender = Sender(clock=lambda: later, connections=1)
    counts = sender.run(settings)
    sender.close()
    assert counts["sent"] == 0


def test_an_import_does_not_bring_an_erased_customer_back(
    ada: int, settings: Settings, now: datetime
) -> None:
    with work() as session:
        erase(session, ada, key=settings.key, now=now)
    with work() as session:
        again = [order("ada", "#ada4", at=now), order("ada", "#ada1", at=now - timedelta(days=90))]
        record_orders(session, again, now=now, historic_before=now, key=settings.key)
    with reading() as session:
        assert customer_by_email(session, "ada@example.com") is None
        assert "Ada" not in everything(session)


def test_erasing_twice_changes_nothing(ada: int, settings: Settings, now: datetime) -> None:
    with work() as session:
        erase(session, ada, key=settings.key, now=now)
    with reading() as session:
        before = everything(session)
    with work() as session:
        erase(session, ada, key=settings.key, now=now + timedelta(hours=1))
    with reading() as session:
        assert everything(session) == before


def test_somebody_who_is_not_there_cannot_be_told_or_erased(
    database: Database, settings: Settings, now: datetime
) -> None:
    with reading() as session, pytest.raises(NotFound, match="There is no customer 99"):
        export_customer(session, 99, key=settings.key, now=now)
    with work() as session, pytest.raises(NotFound, match="There is no customer 99"):
        erase(session, 99, key=settings.key, now=now)


def test_the_cast_is_who_it_says(database: Database, settings: Settings, now: datetime) -> None:
    with work() as session:
        cast = settle_in(session, now=now, key=settings.key)
    assert sorted(cast) == ["ada", "ben", "cleo", "dora"]
    assert person("ada", now=now).email == "ada@example.com"
    with reading() as session:
        told = {
            name: export_customer(session, cast[name], key=settings.key, now=now) for name in cast
        }
    assert told["ada"]["customer"]["orders"] == 3
    assert told["ben"]["consents"][-1]["state"] == "withdrawn"
    assert told["cleo"]["do_not_write"][0]["reason"] == "bounced"
    assert [name for name in cast if share(KEEPS_DORA_OUT, str(cast[name])) < 0.25] == ["dora"]
