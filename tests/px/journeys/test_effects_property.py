"""Whatever is changed while people are inside: what was announced is what becomes of them.

One shop is lived through for two weeks. Each example plays on from there in a unit of work that is
taken back: versions, pauses and days, then a random edit that is counted, published and planned.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import Session, col

from db.kinds import Channel, ConsentState, MessageStatus, Purpose, ShipmentStatus
from db.models.customers import Customer
from db.models.journeys import Enrolment, Touch
from db.models.messages import Message
from px import flow, journeys
from px.core.events import NewEvent, record_events
from px.core.settings import Settings
from px.core.work import work
from px.customers import ConsentFacts, CustomerFacts, unsubscribe
from px.journeys import Change, effect_of_publishing, effect_of_resuming
from px.journeys.reading import InvalidJourney, read_document, to_data
from px.orders import LineFacts, OrderFacts, ShipmentFacts, record_orders, record_shipments

START = datetime(2026, 3, 20, 9, tzinfo=UTC)
MIDDLE = START + timedelta(days=14)
OPEN = ("waiting", "planned", "held")
KEY = b"k"
# Summer time begins in Europe within these weeks; one message in three days is a cap that bites.
SHOP = Settings(secret_key="k", shop_zone="Europe/Berlin", cap_messages=1, cap_days=3)
JOURNEY = """
format: 1
journey: care
name: Care
enter: {on: order_placed}
exit_on: [order_cancelled]
hold_on: [shipment_stalled, conversation_opened]
resume_on: [delivered]
holdout: 0.3
touchpoints:
  - {key: thanks, purpose: transactional, anchor: order_placed, message: note}
  - {key: coming, purpose: transactional, anchor: shipped, after: 2h, message: note}
  - {key: start, anchor: delivered, after: 1d, at: "09:15", message: note,
     window: {from: "09:00", to: "20:00", days: [mon, tue, wed, thu, fri]}}
  - {key: skin, anchor: delivered, after: 2d, message: note, channels: [sms, email],
     late: {within: 9d},
     ask: {question: skin-type, wait: 2d},
     react: [{if: {field: answer, op: eq, value: bad}, do: [{hold: true}]}]}
  - {key: again, anchor: "unanswered:skin", after: 1d, message: note}
  - {key: glad, anchor: "answered:skin", after: 5h, message: note}
  - {key: tips, anchor: "sent:start", after: 3d, at: "02:30", message: note,
     if: {field: order.total_minor, op: gte, value: 5000}}
  - {key: arrival, purpose: transactional, anchor: "date:shipment.promised_on", after: -1d,
     message: note, late: {within: 1h, else: review}}
  - {key: care, anchor: delivered, after: 5d, repeat: {every: 4d, times: 4}, message: note,
     late: {within: 9d}}
templates:
  note: {subject: Note, body: Hello.}
  other: {subject: Other, body: Hello again.}
"""
ZONES = ("Europe/Berlin", "America/New_York", None, "Asia/Kolkata", "Not/AZone")


def bought(name: int, number: int, at: datetime) -> OrderFacts:
    """Customer 2 has not agreed, customer 5 has no address, customer 7 orders for a test."""
    yes = ConsentFacts(Channel.EMAIL, Purpose.MARKETING, ConsentState.GIVEN, "checkout", at)
    mail = None if name == 5 else f"c{name}@example.com"
    total = 4900 + 100 * number
    return OrderFacts(
        source="shop",
        number=f"#{name}-{number}",
        placed_at=at,
        paid_at=at,
        customer=CustomerFacts(
            source="shop",
            external_id=f"c{name}",
            email=mail,
            zone=ZONES[name % 5],
            country="FR" if name % 4 == 0 else None,
            consents=() if name == 2 else (yes,),
        ),
        email=mail,
        country="NL",
        total_minor=total,
        subtotal_minor=total,
        is_test=name == 7,
        lines=(LineFacts(sku="SERUM-30", name="Serum", unit_minor=total),),
    )


def parcel(order: OrderFacts, key: str, status: ShipmentStatus, at: datetime) -> ShipmentFacts:
    return ShipmentFacts(
        order_number=order.number,
        source="shop",
        key=key,
        status=status,
        promised_on=date(2026, 4, 1) + timedelta(days=int(order.number[-1]) * 3),
        happened_at=at,
    )


def history() -> dict[int, list[Any]]:
    """What happens in the shop, by half day."""
    told: dict[int, list[Any]] = {}
    for name in range(14):
        for number in range(1 + name % 3):
            half = (name * 5 + number * 7) % 24
            at = START + timedelta(hours=12 * half, minutes=37 * name)
            order = bought(name, number, at)
            told.setdefault(half, []).append(order)
            steps = [(ShipmentStatus.IN_TRANSIT, 1)]
            if name % 4 == 1:
                steps.append((ShipmentStatus.STALLED, 2))
            if name % 4 != 3 or number:
                steps.append((ShipmentStatus.DELIVERED, 4 + name % 3))
            for status, halves in steps:
                then = at + timedelta(hours=12 * halves, minutes=11)
                told.setdefault(half + halves, []).append(parcel(order, "a", status, then))
            if name == 8:
                second = parcel(order, "b", ShipmentStatus.IN_TRANSIT, at + timedelta(hours=13))
                told.setdefault(half + 1, []).append(second)
    return told


def fake_sending(session: Session, now: datetime) -> None:
    """Most of what is due has left; some is still in the outbox, some was refused."""
    due = select(Message).where(col(Message.status) == "queued", col(Message.due_at) <= now)
    for message in session.scalars(due).all():
        if (message.id or 0) % 7 == 0:
            continue
        failed = (message.id or 0) % 5 == 0
        status = MessageStatus.FAILED if failed else MessageStatus.SENT
        message.status, message.settled_at = status, now
        message.reason = "rejected" if failed else None
        message.sent_at = None if failed else now
        session.add(message)
    session.flush()
    while journeys.settle(session, settings=SHOP, now=now):
        pass


def answers(session: Session, now: datetime) -> None:
    """Every third customer who was asked answers."""
    asked = select(Touch).where(col(Touch.touchpoint) == "skin", col(Touch.status) == "sent")
    events = [
        NewEvent(
            key=f"answer:{touch.id}",
            kind="answered",
            at=now,
            customer_id=touch.customer_id,
            order_id=session.get(Enrolment, touch.enrolment_id).order_id,
            data={"touchpoint": "skin", "question": "skin-type",
                  "answer": "bad" if touch.customer_id % 2 else "good"},
        )
        for touch in session.scalars(asked)
        if touch.customer_id % 3 == 0
    ]  # fmt: skip
    record_events(session, events, now=now)


def complain(session: Session, now: datetime) -> None:
    """Every fourth customer has a conversation open: marketing waits."""
    for customer in session.scalars(select(col(Customer.id)).where(col(Customer.id) % 4 == 1)):
        kind = "conversation_opened"
        event = NewEvent(key=f"{kind}:{customer}", kind=kind, at=now, customer_id=customer)
        record_events(session, [event], now=now)


def pass_by(now: datetime) -> None:
    while flow.react(now=now):
        pass
    while flow.advance(now=now):
        pass


@pytest.fixture
def lived(database, monkeypatch) -> None:
    """Two weeks have gone by; people are inside in every state."""
    monkeypatch.setattr("px.core.settings.current", lambda _session: SHOP)
    with work() as session:
        journeys.import_journey(session, JOURNEY, overwrite=False, by="Mia", now=START)
        journeys.publish(session, "care", by="Mia", now=START)
    told = history()
    for half in range(29):
        now = START + timedelta(hours=12 * half)
        with work() as session:
            for fact in told.get(half - 1, []):
                if isinstance(fact, OrderFacts):
                    record_orders(session, [fact], now=now, historic_before=START, key=KEY)
                else:
                    record_shipments(session, [fact], now=now)
            answers(session, now)
            if half == 22:
                complain(session, now)
            if half == 20:
                first = select(col(Customer.id)).order_by(col(Customer.id)).offset(1)
                one = session.scalar(first.limit(1))
                unsubscribe(session, one, Channel.EMAIL, source="link", key=KEY, now=now)
        pass_by(now)
        with work() as session:
            fake_sending(session, now)
        pass_by(now)


afters = st.sampled_from(["0", "30m", "1d", "26h", "2d", "4d", "9d"])
anchors = st.sampled_from(
    ["order_placed", "shipped", "delivered", "order_paid", "shipment_stalled", "sent:start",
     "sent:thanks", "unanswered:skin", "answered:skin", "date:shipment.promised_on",
     "opened:start"]
)  # fmt: skip
windows = st.sampled_from(
    [None, {"from": "09:00", "to": "11:00"}, {"days": ["sun"]}, {"from": "22:00", "to": "06:00"}]
)
PARTS: dict[str, st.SearchStrategy[Any]] = {
    "after": afters,
    "at": st.sampled_from([None, "02:30", "08:00", "23:59"]),
    "anchor": anchors,
    "window": windows,
    "late": st.sampled_from(
        [None, {"within": "1h", "else": "skip"}, {"within": "9d", "else": "review"},
         {"within": "30d", "else": "skip"}]
    ),
    "repeat": st.sampled_from([None, {"every": "2d", "times": 2}, {"every": "1d", "times": 6}]),
    "purpose": st.sampled_from(["marketing", "transactional"]),
    "if": st.sampled_from([None, {"field": "order.total_minor", "op": "lt", "value": 5000}]),
    "channels": st.sampled_from([["email"], ["sms"], ["sms", "email"]]),
    "message": st.sampled_from(["note", "other"]),
    "name": st.sampled_from(["A new name", "Another"]),
    "ask": st.sampled_from([None, {"question": "skin-type", "wait": "1d"},
                            {"question": "other", "wait": "6h"}]),
    "react": st.sampled_from(
        [None, [{"do": [{"hold": True}]}], [{"if": {"field": "answer", "op": "exists"},
                                             "do": [{"hold": True}]}]]
    ),
}  # fmt: skip
HEADS: dict[str, st.SearchStrategy[Any]] = {
    "exit_on": st.sampled_from([[], ["order_cancelled"], ["order_placed"], ["delivered"],
                                ["shipment_stalled", "order_cancelled"]]),
    "hold_on": st.sampled_from([[], ["shipment_stalled"], ["shipped", "conversation_opened"]]),
    "resume_on": st.sampled_from([[], ["delivered"]]),
    "holdout": st.sampled_from([0, 0.5]),
    "name": st.just("Another name"),
    "per": st.sampled_from(["order", "customer"]),
}  # fmt: skip


@st.composite
def edits(draw: st.DrawFn) -> list[tuple[Any, ...]]:
    """Some changes to a document, by place: which do not fit it are left out."""
    found: list[tuple[Any, ...]] = []
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["part", "part", "part", "add", "delete", "head", "order"]))
        place = draw(st.integers(0, 8))
        if kind == "part":
            part = draw(st.sampled_from(sorted(PARTS)))
            found.append((kind, place, part, draw(PARTS[part])))
        elif kind == "add":
            point = {"anchor": draw(anchors), "after": draw(afters), "message": "note"}
            point |= {"purpose": draw(PARTS["purpose"]), "repeat": draw(PARTS["repeat"])}
            point |= {"key": draw(st.sampled_from(["n1", "n2", "tips"]))}
            point |= {"late": draw(PARTS["late"]), "window": draw(windows)}
            found.append((kind, place, point))
        elif kind == "head":
            part = draw(st.sampled_from(sorted(HEADS)))
            found.append((kind, place, part, draw(HEADS[part])))
        else:
            found.append((kind, place))
    return found


steps = st.one_of(
    st.tuples(st.just("publish"), edits(), st.sampled_from(["move", "stay", "quietly"])),
    st.tuples(st.just("later"), st.sampled_from([1, 5, 13, 31]), st.booleans()),
    st.tuples(st.just("pause")),
    st.tuples(st.just("resume")),
    st.tuples(st.just("cancel")),
)


def edited(data: dict[str, Any], changes: list[tuple[Any, ...]]) -> dict[str, Any]:
    """The document with those of the changes that leave it valid."""
    for change in changes:
        tried = apply(to_data(read_document(data)), change)
        try:
            data = to_data(read_document(tried))
        except InvalidJourney:
            continue
    return data


def apply(data: dict[str, Any], change: tuple[Any, ...]) -> dict[str, Any]:
    kind, place = change[:2]
    points = data["touchpoints"]
    place %= len(points)
    if kind == "part":
        points[place] = without({**points[place], change[2]: change[3]})
    elif kind == "add":
        points.insert(place, without(change[2]))
    elif kind == "delete" and len(points) > 1:
        del points[place]
    elif kind == "order":
        points.insert(0, points.pop(place))
    elif kind == "head":
        data[change[2]] = change[3]
    return data


def without(point: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in point.items() if value is not None}


@contextmanager
def taken_back() -> Iterator[Session]:
    """A unit of work of which nothing is kept."""

    class Back(Exception):
        pass

    try:
        with work() as session:
            yield session
            raise Back
    except Back:
        pass


def plan_all(session: Session, now: datetime) -> None:
    while journeys.advance(session, settings=SHOP, now=now):
        pass


class World:
    """The shop while one example is played."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.now = MIDDLE

    @property
    def row(self) -> Any:
        self.session.flush()
        return journeys.journey_row(self.session, "care")

    def live(self) -> dict[str, Any]:
        return to_data(journeys.live_document(self.session, self.row))

    def play(self, step: tuple[Any, ...]) -> None:
        """What came before the edit that is counted."""
        kind = step[0]
        if kind == "publish":
            self.now += timedelta(minutes=1)
            self.publish(edited(self.live(), step[1]), step[2])
        elif kind == "later":
            self.now += timedelta(hours=step[1])
            plan_all(self.session, self.now)
            if step[2]:
                fake_sending(self.session, self.now)
        elif kind == "pause" and self.row.status == "live":
            journeys.pause(self.session, "care", now=self.now)
        elif kind == "resume" and self.row.status == "paused":
            journeys.resume(self.session, "care", now=self.now)
        elif kind == "cancel":
            # Nobody has heard it yet when the next touch of that order wakes up.
            one = self.session.scalars(select(Enrolment).where(col(Enrolment.id) % 5 == 2)).first()
            assert one is not None
            record_events(self.session, [
                NewEvent(key="cancelled", kind="order_cancelled", at=self.now,
                         customer_id=one.customer_id, order_id=one.order_id)
            ], now=self.now)  # fmt: skip

    def publish(self, data: dict[str, Any], how: str) -> None:
        document = read_document(data)
        journeys.save_draft(self.session, document, by="Mia", now=self.now)
        journeys.publish(
            self.session, "care", by="Mia", now=self.now, move=how != "stay",
            at_once=how != "quietly",
        )  # fmt: skip
        self.session.flush()

    def touches(self) -> dict[tuple[int, str, int], Any]:
        self.session.expire_all()
        rows = self.session.execute(
            select(
                col(Touch.enrolment_id), col(Touch.touchpoint), col(Touch.occurrence),
                col(Touch.status), col(Touch.reason), col(Touch.due_at), col(Touch.purpose),
            )
        )  # fmt: skip
        return {tuple(row[:3]): tuple(row[3:]) for row in rows}

    def inside(self) -> dict[int, tuple[int, bool]]:
        rows = self.session.execute(
            select(col(Enrolment.id), col(Enrolment.customer_id), col(Enrolment.is_holdout)).where(
                col(Enrolment.status) == "active"
            )
        )
        return {row[0]: (row[1], row[2]) for row in rows}


def what_became(before: tuple[Any, ...] | None, after: tuple[Any, ...], held_out: bool) -> set[str]:
    """In words of the announcement, written down again."""
    if before is not None and before[0] not in OPEN:
        assert before[:3] == after[:3], "a settled touch has changed"
        return set()
    status, reason, due, purpose = after
    if status in OPEN:
        if before is None:
            return {"not_sent" if held_out and purpose == "marketing" else "new"}
        was = before[2]
        if was == due:
            return set()
        if was is None or due is None:
            return {"dated" if was is None else "waits"}
        return {"earlier" if due < was else "later"}
    if status == "queued":
        return {"at_once", "new"} if before is None else {"at_once"}
    words = {"late": "too_late", "removed": "lost"}
    return {"to_review" if status == "review" else words.get(reason, "not_sent")}


def became(
    before: dict[Any, Any], after: dict[Any, Any], inside: dict[int, tuple[int, bool]]
) -> tuple[Counter[str], Counter[str]]:
    """How many touches and how many people each kind of change concerns."""
    touches: Counter[str] = Counter()
    people: dict[int, set[str]] = {customer: set() for customer, _ in inside.values()}
    for key, row in after.items():
        if key[0] in inside:
            customer, held_out = inside[key[0]]
            found = what_became(before.get(key), row, held_out)
            touches.update(found)
            people[customer] |= found
    persons = Counter(kind for found in people.values() for kind in found or {"unaffected"})
    return touches, persons


def assert_nothing_is_lost_or_twice(session: Session, touches: dict[Any, Any]) -> None:
    for key, (status, reason, _due, _purpose) in touches.items():
        assert status in (*OPEN, "queued", "sent") or reason, key
    messages = session.execute(select(col(Message.touch_id), col(Message.key))).all()
    assert len({key for _, key in messages}) == len(messages)
    queued = sum(1 for row in touches.values() if row[0] == "queued")
    waiting = session.scalars(select(col(Touch.id)).where(col(Touch.status) == "queued")).all()
    assert queued == len({touch for touch, _ in messages} & set(waiting))


def assert_is_announced(effect: journeys.Effect, before: Any, after: Any, inside: Any) -> None:
    touches, people = became(before, after, inside)
    assert dict(effect.touches) == dict(touches)
    assert dict(effect.people) == dict(people)
    assert effect.inside == len({customer for customer, _ in inside.values()})
    for change, customers in effect.listed.items():
        assert len(set(customers)) == effect.people[change]


def in_the_end(touches: dict[Any, Any], after: dict[Any, Any]) -> dict[Any, Any]:
    """Without those that the cap held (its places are given at sending, what is queued has none),
    and without why something is held: that is asked again when it wakes up.
    """
    return {
        key: (row[0], row[0] == "held" or row[1], *row[2:])
        for key, row in touches.items()
        if after[key][1] != "capped"
    }


def everything_again(session: Session, now: datetime) -> None:
    journeys.replan(
        session,
        list(session.scalars(select(col(Enrolment.id)).where(col(Enrolment.status) == "active"))),
        settings=SHOP,
        now=now,
    )


def few(examples: int) -> Any:
    return how(
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


def check(before: list[Any], last: list[Any], moving: str, everything: bool) -> None:
    with taken_back() as session:
        world = World(session)
        for step in before:
            world.play(step)
        world.now += timedelta(minutes=1)
        plan_all(session, world.now)
        if everything:
            everything_again(session, world.now)
        document = read_document(edited(world.live(), last))
        effect = effect_of_publishing(session, "care", document, settings=SHOP, now=world.now)
        resumed = effect_of_resuming(session, "care", settings=SHOP, now=world.now)
        was_live = world.row.status == "live"
        stood, inside = world.touches(), world.inside()
        world.publish(to_data(document), moving)
        plan_all(session, world.now)
        after = world.touches()
        if moving == "stay":
            assert_is_announced(
                journeys.Effect(
                    inside=effect.inside,
                    people={Change.UNAFFECTED: effect.inside} if effect.inside else {},
                ) if was_live else resumed, stood, after, inside,
            )  # fmt: skip
        else:
            announced = effect.quietly if moving == "quietly" else effect
            assert announced is not None
            assert_is_announced(announced, stood, after, inside)
            if moving == "quietly":
                assert not announced.people.get(Change.AT_ONCE)
        assert_nothing_is_lost_or_twice(session, after)
        if everything:
            everything_again(session, world.now)
            again = in_the_end(world.touches(), after)
            assert again == in_the_end(after, after), "planned too little"


@pytest.mark.slow
def test_what_is_announced_is_what_becomes_of_them(lived) -> None:
    """Some seconds: hundreds of edits, each published over people in every state."""

    @few(60)
    @given(
        st.lists(steps, max_size=3), edits(), st.sampled_from(["move", "quietly", "stay"]),
        st.booleans(),
    )  # fmt: skip
    def holds(before: list[Any], last: list[Any], moving: str, everything: bool) -> None:
        check(before, last, moving, everything)

    holds()


def test_people_are_in_every_state(lived) -> None:
    with taken_back() as session:
        statuses = {row[:2] for row in World(session).touches().values()}
        several = Counter(customer for customer, _ in World(session).inside().values())
        held_out = {held for _, held in World(session).inside().values()}
    states = {("sent", None), ("waiting", None), ("planned", None), ("queued", None)}
    states |= {("held", "exception"), ("held", "capped"), ("skipped", "holdout")}
    states |= {("skipped", "no_consent"), ("skipped", "unreachable"), ("failed", "rejected")}
    assert states <= statuses, states - statuses
    assert max(several.values()) > 1
    assert held_out == {True, False}


def test_counts_hold_over_several_versions_a_pause_and_a_quiet_move(lived) -> None:
    sooner = [("part", 8, "after", "1d"), ("add", 0, {"key": "n1", "anchor": "delivered",
               "after": "1d", "message": "note", "purpose": "transactional"})]  # fmt: skip
    for moving in ("move", "quietly", "stay"):
        for everything in (True, False):
            check(
                [("publish", sooner, "stay"), ("later", 13, True), ("pause",), ("later", 31, True)],
                [("part", 2, "after", "4d"), ("delete", 6)],
                moving,
                everything,
            )
