"""Rehearsals in the background: asked for, played once, cancelled, taken up again, kept."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel

from db.kinds import Channel, ConsentState, Purpose, RehearsalStatus
from db.models.journeys import Rehearsal as Row
from px import journeys, privacy
from px.core.errors import InvalidInput
from px.core.work import reading, work
from px.customers import ConsentFacts, CustomerFacts, customer_by_email
from px.journeys import RehearsalLine, RehearsalScope
from px.journeys.rehearsal import rehearsing
from px.journeys.rehearsal.past import Past, shop_rehearsal
from px.journeys.rehearsal.rehearsal import rehearse
from px.journeys.rehearsal.rehearsals import KEPT
from px.orders import LineFacts, OrderFacts, record_orders

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
JOURNEY = """
format: 1
journey: care
name: Care
enter: {on: order_placed}
touchpoints:
  - {key: thanks, purpose: transactional, anchor: order_placed, message: note}
  - {key: tips, anchor: order_placed, after: 3d, at: "10:00", message: note}
templates:
  note: {subject: "Order {{ order.number }}", body: "Thank you, {{ customer.first_name }}."}
"""
LAST_30 = RehearsalScope(days=30)
PEOPLE = ("ada", "ben", "cleo", "dora", "emil")


def order(number: int, name: str, days_ago: int, first_name: str | None = None) -> OrderFacts:
    placed = NOW - timedelta(days=days_ago)
    given = ConsentFacts(Channel.EMAIL, Purpose.MARKETING, ConsentState.GIVEN, "shop", placed)
    person = CustomerFacts(
        source="shopify",
        email=f"{name}@example.com",
        first_name=name.title() if first_name is None else first_name,
        consents=(given,) if name != "ben" else (),
    )
    return OrderFacts(
        source="shopify",
        number=f"#{number}",
        placed_at=placed,
        customer=person,
        email=f"{name}@example.com",
        currency="EUR",
        lines=(LineFacts(sku="SERUM-30", name="Serum", unit_minor=4900),),
    )


@pytest.fixture
def shop(database, settings) -> Any:
    """Five orders of the last weeks, imported today, and a journey that is a draft."""
    with work() as session:
        orders = [order(n, name, 20 - 2 * n) for n, name in enumerate(PEOPLE)]
        record_orders(session, orders, now=NOW, historic_before=NOW - timedelta(days=30))
        journeys.import_journey(session, JOURNEY, overwrite=False, by="Mia", now=NOW)
    return database


def ask(scope: RehearsalScope = LAST_30, text: str = JOURNEY, now: datetime = NOW) -> int:
    with work() as session:
        document = journeys.read_document(text)
        return journeys.ask_rehearsal(session, document, scope=scope, by="mia@example.com", now=now)


def line(number: int | None = None) -> RehearsalLine:
    with reading() as session:
        lines = journeys.rehearsals_of(session, "care")
    return next(one for one in lines if number in (None, one.id))


def dump() -> dict[str, list[Any]]:
    """Every row of every table but the rehearsals."""
    with reading() as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.c))]
            for table in SQLModel.metadata.sorted_tables
            if table.name != "rehearsals"
        }


def test_a_rehearsal_says_what_the_draft_would_have_done(shop):
    number = ask()
    assert line(number).status is RehearsalStatus.WAITING
    assert journeys.run_rehearsals(now=NOW) == 1
    played = line(number)
    assert (played.status, played.orders, played.by) == ("done", 5, "mia@example.com")
    assert (played.done, played.total) == (5, 5)
    figures = played.figures
    assert (figures.messages, figures.written_to) == (9, 5)
    assert figures.outcomes == [("sent", None, 9), ("skipped", "no_consent", 1)]
    read = sorted(example.messages[0].subject for example in figures.examples)
    assert read == ["Order #0", "Order #1", "Order #2", "Order #3", "Order #4"]


def test_nothing_is_sent_and_no_other_table_is_touched(shop):
    before = dump()
    ask()
    ask(RehearsalScope(days=90))
    assert journeys.run_rehearsals(now=NOW) == 2
    assert dump() == before
    assert before["orders"]
    assert before["messages"] == before["touches"] == before["enrolments"] == []


def test_asking_again_for_what_waits_gives_the_same_rehearsal(shop):
    assert ask() == ask()
    assert ask(RehearsalScope(days=90)) != ask()


def test_the_figures_are_those_of_the_command_line_by_line(shop):
    since = NOW - timedelta(days=15)
    ask(RehearsalScope(since=since))
    journeys.run_rehearsals(now=NOW)
    with reading() as session:
        rehearsal = shop_rehearsal(session, "care", since=since)
        rows = [row.line() for row in rehearse(rehearsal.ending(NOW))]
    figures = line().figures
    assert sum(n for _s, _r, n in figures.outcomes) == len(rows) == 4
    for status, reason, number in figures.outcomes:
        same = [r for r in rows if (r["status"], r["reason"]) == (status, reason)]
        assert len(same) == number
    for key, point in figures.per_touchpoint.items():
        sent = [r for r in rows if (r["touchpoint"], r["status"]) == (key, "sent")]
        assert len(sent) == point.sent == sum(point.channels.values())
    read = {(m.touchpoint, m.subject, m.text) for one in figures.examples for m in one.messages}
    assert read == {
        (r["touchpoint"], r["subject"], r["text"]) for r in rows if r["status"] == "sent"
    }


@pytest.mark.parametrize(
    ("scope", "customers"),
    [
        (RehearsalScope(days=17), 3),
        (RehearsalScope(since=NOW - timedelta(days=19), until=NOW - timedelta(days=15)), 2),
    ],
)
def test_only_those_in_the_scope_are_played(shop, scope, customers):
    ask(scope)
    journeys.run_rehearsals(now=NOW)
    assert line().figures.customers == customers
    assert line().scope == scope


def test_one_customer_can_be_played_alone(shop):
    with reading() as session:
        ada = customer_by_email(session, "ada@example.com")
    ask(RehearsalScope(customer_id=ada))
    journeys.run_rehearsals(now=NOW)
    figures = line().figures
    assert (figures.customers, figures.messages) == (1, 2)
    assert figures.examples[0].name == "Ada"


def test_a_scope_is_one_thing_and_ends_after_it_begins():
    with pytest.raises(InvalidInput, match="Choose the last days"):
        RehearsalScope()
    with pytest.raises(InvalidInput, match="Choose the last days"):
        RehearsalScope(days=30, customer_id=7)
    with pytest.raises(InvalidInput, match="ends before it begins"):
        RehearsalScope(since=NOW, until=NOW - timedelta(days=1))


def test_a_draft_is_compared_with_what_is_live(shop):
    with work() as session:
        journeys.publish(session, "care", by="Mia", now=NOW)
    ask(text=JOURNEY.replace("key: tips, anchor", "key: tips, channels: [sms], anchor"))
    journeys.run_rehearsals(now=NOW)
    assert (line().figures.messages, line().live.messages) == (5, 9)
    ask()
    journeys.run_rehearsals(now=NOW)
    assert line().live is None
    assert line().is_as_live


def test_two_workers_never_play_one_twice(shop):
    ask()
    first = rehearsing._claim(NOW)
    assert first is not None
    assert rehearsing._claim(NOW) is None
    assert journeys.run_rehearsals(now=NOW) == 0


def test_one_left_behind_by_a_process_that_died_is_played_by_the_next(shop):
    ask()
    dead = rehearsing._claim(NOW)
    later = NOW + timedelta(minutes=3)
    assert journeys.run_rehearsals(now=later) == 1
    assert line().status is RehearsalStatus.DONE
    with pytest.raises(rehearsing._Stopped):
        dead.hold(later, {"note": "I am back"})


@pytest.fixture
def often(monkeypatch) -> None:
    """How far it is, is written all the time."""
    monkeypatch.setattr(rehearsing, "_EVERY", -1.0)


def between_customers(monkeypatch, act) -> None:
    """`act` is done after the second customer was read."""
    chunks = Past.chunks

    def watched(self: Past) -> Iterator[Any]:
        for people in chunks(self):
            yield _watched(people, act)

    monkeypatch.setattr(Past, "chunks", watched)


def _watched(people, act) -> Iterator[Any]:
    for number, person in enumerate(people, 1):
        yield person
        if number == 2:
            act()


def test_progress_stands_in_the_row_while_it_is_played(shop, monkeypatch, often):
    seen = []
    between_customers(monkeypatch, lambda: seen.append(line()))
    ask()
    journeys.run_rehearsals(now=NOW)
    assert (seen[0].status, seen[0].done, seen[0].total) == ("running", 2, 5)
    assert seen[0].note == "Playing"


def test_a_cancelled_rehearsal_stops_and_keeps_no_figures(shop, monkeypatch, often):
    def cancel() -> None:
        with work() as session:
            assert journeys.cancel_rehearsal(session, line().id, now=NOW)

    between_customers(monkeypatch, cancel)
    ask()
    journeys.run_rehearsals(now=NOW)
    assert (line().status, line().figures) == ("cancelled", None)
    with work() as session:
        assert not journeys.cancel_rehearsal(session, line().id, now=NOW)


def test_a_rehearsal_reads_one_state_and_blocks_no_writer(shop, monkeypatch):
    def buy() -> None:
        with work() as session:
            late = [order(99, "zoe", 1)]
            record_orders(session, late, now=NOW, historic_before=NOW - timedelta(days=30))

    between_customers(monkeypatch, buy)
    ask()
    journeys.run_rehearsals(now=NOW)
    assert (line().figures.customers, line().orders) == (5, 5)
    journeys.run_rehearsals(now=NOW)
    monkeypatch.undo()
    ask()
    journeys.run_rehearsals(now=NOW)
    assert line().orders == 6


def test_when_the_process_stops_the_rehearsal_goes_back_to_those_that_wait(
    shop, monkeypatch, often
):
    stopping: list[bool] = []
    between_customers(monkeypatch, lambda: stopping.append(True))
    ask()
    journeys.run_rehearsals(now=NOW, stopping=lambda: bool(stopping))
    assert (line().status, line().done) == ("waiting", 0)
    assert journeys.run_rehearsals(now=NOW) == 1
    assert line().status is RehearsalStatus.DONE


def test_too_many_orders_are_refused_with_what_to_do(shop, monkeypatch):
    monkeypatch.setattr(rehearsing, "MOST_ORDERS", 4)
    ask()
    journeys.run_rehearsals(now=NOW)
    assert line().status is RehearsalStatus.FAILED
    assert line().note == (
        "There are 5 orders in this time; a rehearsal plays at most 4. Choose a shorter time."
    )


ENDLESS = "\n".join(
    f"  - {{key: p{n}, anchor: order_placed, after: 1d, message: note, "
    "repeat: {every: 1d, times: 365}}"
    for n in range(60)
)
HOSTILE = JOURNEY[: JOURNEY.index("  - {key: thanks")] + ENDLESS


def test_a_journey_that_repeats_without_end_is_refused(shop, monkeypatch):
    monkeypatch.setattr(rehearsing, "MOST_TOUCHES", 100_000)
    ask(text=HOSTILE)
    journeys.run_rehearsals(now=NOW)
    assert line().note == (
        "This journey has 21,900 messages for each of 5 orders, which is too much to play. "
        "Repeat less often, or choose at most 4 orders."
    )


def test_even_one_endless_enrolment_can_be_cancelled(shop, monkeypatch, often):
    decisions: list[int] = []
    noted = rehearsing._Lease.hold

    def hold(self: Any, at: datetime, values: Any) -> None:
        decisions.append(1)
        if len(decisions) == 3:
            with work() as session:
                journeys.cancel_rehearsal(session, self.row.id, now=NOW)
        noted(self, at, values)

    monkeypatch.setattr(rehearsing._Lease, "hold", hold)
    ask(text=HOSTILE)
    journeys.run_rehearsals(now=NOW)
    assert line().status is RehearsalStatus.CANCELLED
    assert len(decisions) == 3


def test_what_takes_too_long_is_stopped_and_said_so(shop, monkeypatch, often):
    monkeypatch.setattr(rehearsing, "LONGEST", timedelta(seconds=-60))
    ask()
    journeys.run_rehearsals(now=NOW)
    assert line().status is RehearsalStatus.FAILED
    assert "0 of 5 customers played. Choose a shorter time." in line().note


def test_a_document_that_cannot_be_played_fails_in_words(shop):
    number = ask()
    with work() as session:
        row = session.get(Row, number)
        row.document = row.document | {"touchpoints": []}
        session.add(row)
    journeys.run_rehearsals(now=NOW)
    assert line().status is RehearsalStatus.FAILED
    assert line().note.startswith("touchpoints")


def test_a_bug_is_said_in_words_and_told_to_the_log(shop, monkeypatch):
    def explode(*_: Any, **__: Any) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(rehearsing, "_tally", explode)
    ask()
    with pytest.raises(RuntimeError):
        journeys.run_rehearsals(now=NOW)
    assert line().status is RehearsalStatus.FAILED
    assert "the log says why" in line().note
    assert "secret" not in line().note


def test_the_newest_rehearsals_are_kept_and_open_ones_too(shop):
    for days in range(1, KEPT + 4):
        ask(RehearsalScope(days=days))
        journeys.run_rehearsals(now=NOW)
    waiting = ask(RehearsalScope(days=99))
    with reading() as session:
        kept = journeys.rehearsals_of(session, "care", limit=100)
    assert len(kept) == KEPT + 1
    assert [one.id for one in kept if one.is_open] == [waiting]
    assert {one.scope.days for one in kept} == {*range(4, KEPT + 4), 99}


def test_a_customer_who_is_erased_is_in_no_kept_rehearsal(shop, settings):
    with reading() as session:
        ada = customer_by_email(session, "ada@example.com")
    ask()
    ask(RehearsalScope(customer_id=ada))
    journeys.run_rehearsals(now=NOW)
    with work() as session:
        privacy.erase(session, ada, key=settings.key, now=NOW)
    with reading() as session:
        kept = journeys.rehearsals_of(session, "care")
    assert len(kept) == 1
    assert str(ada) not in {one.customer for one in kept[0].figures.examples}
    assert len(kept[0].figures.examples) == 4


def test_the_mark_changes_with_the_document_and_not_with_its_texts(shop):
    document = journeys.read_document(JOURNEY)
    plain = journeys.to_data(document.model_copy(update={"templates": None}))
    assert journeys.mark_of(journeys.to_data(document)) == journeys.mark_of(plain)
    assert journeys.mark_of(plain | {"name": "Other"}) != journeys.mark_of(plain)
