"""The customers who tell most about a text: a typical one, the longest name with the largest
basket, and the one of whom least is known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from sqlmodel import Session

from db.kinds import Per
from px.core import settings as px_settings
from px.core.settings import Settings
from px.customers.telling import lacking, least_known, longest_names
from px.journeys.ahead.seen import entrant_for, going_of, latest_inside, may_enter, subject_for
from px.journeys.document import Document, Touchpoint
from px.journeys.drawing.contradictions import skus_wanted
from px.journeys.engine.compiled import compile_document
from px.journeys.plan import Run
from px.journeys.running.queueing import Context
from px.journeys.running.subjects import Known, Subject
from px.messages import TemplateParts, named_in, value_at
from px.orders.telling import largest_orders, latest_order_of, latest_orders, orders_with

# So many of the latest orders are looked at one by one, and so many from each edge.
_LATEST, _EDGE = 300, 40
# The typical one is one of so many of the latest: for an older order the message comes too late.
_MIDDLE = 60
_OF_CUSTOMER = "customer."
_OF_PURCHASE = ("order", "line", "shipment", "subscription", "answer", "event")
Named = Mapping[str, tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class TellingCustomer:
    """A customer to see a text as, with their order. `why` is typical, most or least."""

    customer_id: int
    order_id: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Lacking:
    """How many lack a variable, of how many; of the shop's customers, or of the latest orders."""

    count: int
    of: int
    are_customers: bool


def telling_customers(
    session: Session,
    document: Document,
    touchpoint: Touchpoint,
    *,
    texts: Sequence[TemplateParts] = (),
    now: datetime,
) -> list[TellingCustomer]:
    """At most three, each another customer; none when the shop has none.

    With `texts`, least is known of the one who lacks most of what they name.
    """
    settings = px_settings.current(session)
    seen = _seen(session, _pairs(session, document), document, settings, now)
    measured = _Measures(touchpoint.key, _named(touchpoint, texts), settings, now)
    everybody = [measured.of(subject) for subject in seen]
    entering = [one for one in everybody if one.enters] or everybody
    found: list[TellingCustomer] = []
    for why, choose in (("typical", _typical), ("most", _most), ("least", _least)):
        taken = {one.customer_id for one in found}
        left = [one for one in entering if one.subject.customer_id not in taken]
        if left:
            chosen = choose(left).subject
            found.append(TellingCustomer(chosen.customer_id or 0, chosen.order_id, why))
    return found


def lacking_of(
    session: Session,
    document: Document,
    touchpoint: Touchpoint,
    texts: Sequence[TemplateParts],
    *,
    settings: Settings,
    now: datetime,
) -> dict[str, Lacking]:
    """How many lack each variable that the texts name.

    What is known of a customer is counted over all customers, what is known of a purchase over the
    latest orders.
    """
    named = _named(touchpoint, texts)
    total, counts = lacking(session, [path for path in named if path.startswith(_OF_CUSTOMER)])
    found = {path: Lacking(count, total, True) for path, count in counts.items()}
    others = {p: s for p, s in named.items() if p not in found and s[0] in _OF_PURCHASE}
    if others and document.per is not Per.CUSTOMER:
        seen = _seen(session, _latest(session, document), document, settings, now)
        inside = [subject for subject in seen if may_enter(subject.compiled, subject, now)]
        context = Context(settings)
        values = [context.of(going_of(one, touchpoint.key)) for one in inside or seen]
        for path, steps in others.items():
            count = sum(1 for one in values if _is_blank(value_at(steps, one)))
            found[path] = Lacking(count, len(values), False)
    return found


def _named(touchpoint: Touchpoint, texts: Sequence[TemplateParts]) -> Named:
    return {
        path: steps
        for parts in texts
        for path, steps in named_in(parts, touchpoint.channels).items()
    }


def _is_blank(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _pairs(session: Session, document: Document) -> list[tuple[int, int | None]]:
    """Customers with an order to look at: the latest ones, and those at the edges."""
    edges = [*longest_names(session, _EDGE), *least_known(session, _EDGE)]
    orders = latest_order_of(session, edges)
    pairs = [*_latest(session, document), *largest_orders(session, _EDGE)]
    per_customer = document.per is Per.CUSTOMER
    pairs += [(one, orders.get(one)) for one in edges if one in orders or per_customer]
    return list(dict.fromkeys(pairs))


def _latest(session: Session, document: Document) -> list[tuple[int, int | None]]:
    """The latest orders: with the items that the journey is for, where it is for some."""
    wanted = set(skus_wanted(document.enter.where))
    found: list[tuple[int, int | None]] = [*latest_inside(session, document.journey, _EDGE)]
    if wanted:
        found += orders_with(session, wanted, _LATEST)
    return list(dict.fromkeys([*found, *latest_orders(session, _EDGE if wanted else _LATEST)]))


def _seen(
    session: Session,
    pairs: Sequence[tuple[int, int | None]],
    document: Document,
    settings: Settings,
    now: datetime,
) -> list[Subject]:
    compiled = compile_document(document)
    entrants = [entrant_for(compiled, customer, order, now=now) for customer, order in pairs]
    known = Known(session, entrants, [compiled], settings, now)
    return [
        subject_for(known, compiled, entrant, now=now)
        for entrant in entrants
        if entrant.customer_id in known.customers
    ]


@dataclass(frozen=True, slots=True)
class _Measured:
    subject: Subject
    enters: bool
    gets: bool
    name: int
    items: int
    total: int
    missing: int
    blanks: int


class _Measures:
    """What is measured of each customer."""

    def __init__(self, touchpoint: str, named: Named, settings: Settings, now: datetime) -> None:
        self._touchpoint = touchpoint
        self._named = named
        self._context = Context(settings)
        self._now = now

    def of(self, subject: Subject) -> _Measured:
        """The measures of this one."""
        compiled, facts, customer = subject.compiled, subject.facts, subject.customer
        values = self._context.of(going_of(subject, self._touchpoint))
        order: Mapping[str, Any] = subject.order or {}
        run, point = Run(compiled, facts, self._now), compiled.by_key[self._touchpoint]
        known = ("first_name", "last_name", "country", "language", "traits", "email", "phone")
        return _Measured(
            subject=subject,
            enters=may_enter(compiled, subject, self._now),
            gets=run.exited_at is None and run.refusal(point) is None,
            name=len(f"{customer.get('first_name', '')}{customer.get('last_name', '')}"),
            items=len(order.get("lines", ())),
            total=order.get("total_minor", 0),
            missing=sum(_is_blank(value_at(steps, values)) for steps in self._named.values()),
            blanks=sum(not customer.get(name) for name in known),
        )


def _typical(measured: Sequence[_Measured]) -> _Measured:
    """Nearest to the middle in every measure, of the latest who would get it, if any would."""
    those = ([one for one in measured if one.gets] or measured)[:_MIDDLE]
    middle = [median(_numbers(one)[i] for one in those) for i in range(4)]
    return min(
        those,
        key=lambda one: sum(
            abs(n - m) / (m or 1) for n, m in zip(_numbers(one), middle, strict=True)
        ),
    )


def _most(measured: Sequence[_Measured]) -> _Measured:
    longest = max(one.name for one in measured) or 1
    largest = max(one.items for one in measured) or 1
    return max(measured, key=lambda one: (one.name / longest + one.items / largest, one.total))


def _least(measured: Sequence[_Measured]) -> _Measured:
    return max(measured, key=lambda one: (one.missing, one.blanks, -one.total))


def _numbers(one: _Measured) -> tuple[int, int, int, int]:
    return one.name, one.items, one.total, one.missing
