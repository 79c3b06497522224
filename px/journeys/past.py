"""The shop's own past as a rehearsal reads it: its orders since a day, with everything that
followed.
"""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from db.kinds import Channel, EventKind, SuppressionScope
from px.core import settings
from px.core.events import events_of
from px.customers import reach
from px.customers.profiles import profiles
from px.journeys.compiled import compile_document
from px.journeys.document import Document
from px.journeys.drafts import draft_document, journey_row
from px.journeys.queueing import shop_words
from px.journeys.rehearsal import Rehearsal
from px.journeys.simulation import Shop, SimEvent
from px.journeys.subjects import shop_rules
from px.messages import template_versions
from px.orders.profiles import order_profiles, orders_since


def shop_rehearsal(
    session: Session, key: str, *, since: datetime, document: Document | None = None
) -> Rehearsal:
    """A rehearsal of the journey (its draft, or `document`) over the shop's own orders placed
    since then.
    """
    document = document or draft_document(session, journey_row(session, key))
    current = settings.current(session)
    templates = template_versions(session, document.message_keys)
    return Rehearsal(
        document=document,
        events=past_events(session, document, since=since, key=current.key),
        shop=Shop(current.shop_zone, shop_rules(current)),
        templates={name: parts for name, (_version, parts) in templates.items()},
        shop_words=shop_words(current),
    )


def past_events(
    session: Session, document: Document, *, since: datetime, key: bytes
) -> list[SimEvent]:
    """What happened to the orders placed since then and to their customers, oldest first."""
    journey = compile_document(document)
    order_ids = orders_since(session, since)
    orders = order_profiles(session, order_ids)
    customer_ids = [order["customer_id"] for order in orders.values() if order["customer_id"]]
    known = profiles(session, customer_ids)
    consents = _consents(session, customer_ids, key)
    kinds = {document.enter.on, EventKind.ORDER_PLACED, *journey.kinds, *journey.history_kinds} - {
        EventKind.MESSAGE_SENT
    }
    events: list[SimEvent] = []
    for customer_id, happened in events_of(session, customer_ids, kinds).items():
        person = known.get(customer_id)
        if person is not None:
            person = person | {"consent": consents.get(customer_id, {})}
            events += [
                SimEvent(
                    at,
                    kind,
                    str(customer_id),
                    str(order_id) if order_id else None,
                    person,
                    _order(orders, order_id),
                    data=data,
                )
                for kind, at, order_id, data in happened
                if order_id is None or order_id in orders
            ]
    return sorted(events, key=lambda event: (event.at, event.kind, event.customer_id))


def _order(orders: dict[int, dict[str, Any]], order_id: int | None) -> dict[str, Any]:
    return orders.get(order_id or 0, {})


def _consents(session: Session, customer_ids: list[int], key: bytes) -> dict[int, dict[str, bool]]:
    """Who could be written to on which channel, as it stands today: a rehearsal asks what it would
    do now.
    """
    return {
        customer_id: {
            str(channel): found.marketing_consent and found.suppressed is not SuppressionScope.ALL
            for channel, found in channels.items()
            if channel in Channel and found.address
        }
        for customer_id, channels in reach(session, customer_ids, key=key).items()
    }
