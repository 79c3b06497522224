"""What one customer is owed by law: a copy of everything, or to be forgotten (GDPR 15, 17, 20).

Each slice tells and blanks its own rows; this is the list of who is asked, in order.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from px.core.privacy import blank_events, blank_payloads, events_told
from px.customers import erase_customer
from px.customers.privacy import customer_told
from px.journeys.privacy import end_journeys, journeys_told
from px.messages import OutboxFilter, outbox_size
from px.messages.privacy import blank_messages, messages_told
from px.orders.privacy import blank_orders, order_ids_of, orders_told


@dataclass(frozen=True, slots=True)
class Erased:
    """How many rows no longer say who somebody was."""

    orders: int
    journeys: int
    messages: int
    events: int
    payloads: int


@dataclass(frozen=True, slots=True)
class Kept:
    """How many rows stay in the sums when a customer is erased."""

    orders: int
    messages: int


def export_customer(
    session: Session, customer_id: int, *, key: bytes, now: datetime
) -> dict[str, Any]:
    """Everything known of one customer, as plain JSON. NotFound when there is no such customer."""
    return (
        {"exported_at": now.isoformat()}
        | customer_told(session, customer_id, key=key)
        | {
            "orders": orders_told(session, customer_id),
            "journeys": journeys_told(session, customer_id),
            "messages": messages_told(session, customer_id),
            "events": events_told(session, customer_id, order_ids_of(session, customer_id)),
        }
    )


def kept_of(session: Session, customer_id: int) -> Kept:
    """How many orders and messages there are of one customer; two queries, however many."""
    messages = outbox_size(session, OutboxFilter(customer_id=customer_id))
    return Kept(len(order_ids_of(session, customer_id)), messages)


def erase(session: Session, customer_id: int, *, key: bytes, now: datetime) -> Erased:
    """Nothing says who the customer was, nothing leaves, and no import brings them back.

    Orders, consents and sums stay, without a name. Erasing twice changes nothing.
    NotFound when there is no such customer.
    """
    told = customer_told(session, customer_id, key=key)
    names = [address["value"] for address in told["addresses"]]
    names += [name["name"] for name in told["known_as"] if len(name["name"]) >= _LONG_ENOUGH]
    orders = order_ids_of(session, customer_id)
    journeys = end_journeys(session, customer_id, now=now)
    messages = blank_messages(session, customer_id, now=now)
    events = blank_events(session, customer_id, orders)
    payloads = blank_payloads(session, names)
    blank_orders(session, customer_id)
    erase_customer(session, customer_id, key=key, now=now)
    return Erased(len(orders), journeys, messages, events, payloads)


# A short external id, such as 12, stands in many payloads that are about others.
_LONG_ENOUGH = 8
