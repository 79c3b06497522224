"""Why a customer is not in a journey: nothing brought them to its door, or it did not open."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session, col

from db.kinds import Per
from db.models.journeys import Enrolment
from px.core.events import Happened, events_of
from px.core.settings import Settings
from px.customers.conditions import compile_condition
from px.journeys.amounts import amount_words, is_amount
from px.journeys.engine.compiled import Compiled
from px.journeys.engine.facts import Asked
from px.journeys.running.subjects import Entrant, Known
from px.journeys.running.versions import Running, running_journeys
from px.journeys.words import condition_words, event_clause, field_words
from px.orders import shop_currency


@dataclass(frozen=True, slots=True)
class NotInside:
    """A live or paused journey that the customer has never entered, and why, as a sentence."""

    journey: str
    name: str
    why: str


def why_not_inside(
    session: Session, customer_id: int, *, settings: Settings, now: datetime
) -> list[NotInside]:
    """Every running journey that the customer was never in, by name, with the reason."""
    been_in = set(
        session.scalars(
            select(col(Enrolment.journey_id)).where(col(Enrolment.customer_id) == customer_id)
        )
    )
    missed = [j for j in running_journeys(session).values() if j.id not in been_in]
    kinds = {journey.compiled.document.enter.on for journey in missed}
    happened = events_of(session, [customer_id], kinds).get(customer_id, [])
    zone = ZoneInfo(settings.shop_zone)
    told = []
    for journey in missed:
        kind = journey.compiled.document.enter.on
        own = [one for one in happened if one.kind == kind and one.at <= now]
        why = _old_or_never(journey, own, kind, zone) or _refused(
            session, journey, customer_id, own, settings=settings, now=now
        )
        told.append(NotInside(journey.key, journey.name, why))
    return sorted(told, key=lambda one: one.name.casefold())


def _old_or_never(
    journey: Running, own: Sequence[Happened], kind: str, zone: ZoneInfo
) -> str | None:
    """Why nothing that happened could bring them in, None when something could."""
    if not own:
        return f"it begins when {event_clause(kind)}, which has not happened"
    if own[-1].at >= journey.went_live_at:
        return None
    last, began = _day(own[-1].at, zone), _day(journey.went_live_at, zone)
    if kind == "order_placed":
        return f"their last order is of {last}, and it went live on {began}"
    return f"it went live on {began}, and the last time that {event_clause(kind)} was {last}"


def _refused(
    session: Session,
    journey: Running,
    customer_id: int,
    own: Sequence[Happened],
    *,
    settings: Settings,
    now: datetime,
) -> str:
    compiled, last, why = journey.compiled, own[-1], ""
    if compiled.document.per is Per.SUBSCRIPTION:
        return "it is about subscriptions, and none is known"
    probe = Entrant(journey.id, 0, "", customer_id, last.order_id, None, last.at)
    known = Known(session, [probe], [compiled], settings, now)
    order = known.orders.get(last.order_id or 0)
    for line_id in _lines(compiled, order):
        about = replace(probe, line_id=line_id)
        facts = known.subject(about, compiled, is_paused=False).facts
        asked = Asked(facts, last.at, None, last.data)
        failing = next(_failing(compiled.document.enter.where, asked), None)
        if failing is None:
            return _let_in(journey, order)
        currency = shop_currency(session, settings)
        instead = _instead(failing, order, asked, currency)
        why = f"it needs that {condition_words(failing, currency)}, but {instead}"
    return why


def _let_in(journey: Running, order: Mapping[str, Any] | None) -> str:
    """Why nobody came in although everything fits."""
    if journey.test_addresses is not None:
        return "it is being tested, and only chosen addresses enter"
    if order and order.get("historic"):
        return "the order came with an import of past orders"
    return "what would bring them in has not been looked at yet"


def _lines(journey: Compiled, order: Mapping[str, Any] | None) -> list[int | None]:
    if journey.document.per is Per.ORDER_LINE and order and order["lines"]:
        return [line["id"] for line in order["lines"]]
    return [None]


def _failing(raw: Mapping[str, Any] | None, asked: Asked) -> Iterator[Mapping[str, Any]]:
    """The parts of a condition that are not met, as small as they can be said alone."""
    if raw is None or compile_condition(dict(raw))(asked):
        return
    if isinstance(raw.get("all"), list):
        for part in raw["all"]:
            yield from _failing(part, asked)
        return
    yield raw


def _instead(
    failing: Mapping[str, Any], order: Mapping[str, Any] | None, asked: Asked, currency: str
) -> str:
    """What stands there: order #1002 has Night Fern serum."""
    field = str(failing.get("field", ""))
    if order and field in ("order.skus", "line.sku", "line.name"):
        names = [str(line["name"] or line["sku"]) for line in order["lines"]]
        return f"order {order['number']} has {', '.join(names[:4]) or 'nothing'}"
    if not field:
        return "that is not so"
    found = asked.field(field)
    is_money = found is not None and is_amount(field, str(failing.get("op")))
    value = amount_words(found, currency) if is_money else _shown(found)
    return f"{field_words(field)} is {value}" if value else f"{field_words(field)} is not known"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value[:5]))
    return "" if value is None else str(value)


def _day(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local.day} {local:%b %Y}"
