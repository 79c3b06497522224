"""Whom a message is looked at as: a real customer that is searched for, with one of their orders.

picked = pick_customer(at)          None while nobody fits
message = seen_message(picked, at)  what would be sent, of no journey
"""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages._ui.page import At, read
from pages._ui.words import count, day_and_time, money
from px import customers, messages, orders
from px.customers import CustomerFilter
from px.messages import NewMessage

_MOST = 20
_TYPICAL = 0


@dataclass(frozen=True, slots=True)
class Picked:
    """A customer, 0 for a typical one, and one of their orders."""

    customer_id: int
    order_id: int | None = None


def pick_customer(at: At, *, key: str = "px_seen_as", typical: bool = True) -> Picked | None:
    """Asks for a customer and one of their orders; None while there is none to choose.

    With `typical` one that nobody is can be chosen too.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            "Find a customer",
            key=f"{key}_search",
            placeholder="Name or email",
            type="search",
            live=True,
            width=260,
        )
        with read() as session:
            rows = customers.customer_rows(session, CustomerFilter(search=text or ""), limit=_MOST)
        names = {row.id: _called(row) for row in rows if not row.erased_at}
        options = [*names, *([_TYPICAL] if typical else [])]
        chosen = st.selectbox(
            "See it as",
            options,
            format_func=lambda one: names.get(one, "A typical customer"),
            key=f"{key}_{'-'.join(map(str, options))}",
            width=320,
        )
        order = _pick_order(chosen, at, key=key) if chosen else None
    if not names:
        st.caption(_nobody(text or "", typical=typical))
    return None if chosen is None else Picked(chosen, order)


def seen_message(picked: Picked, at: At) -> NewMessage:
    """A message of no journey to this customer, about this order."""
    with read() as session:
        return messages.loose_message(_context(session, picked, at), now=at.now)


def _pick_order(customer_id: int, at: At, *, key: str) -> int | None:
    with read() as session:
        found = {order.id: order for order in orders.orders_of(session, customer_id, limit=_MOST)}
    if len(found) < 2:
        return next(iter(found), None)
    return st.selectbox(
        "With the order",
        list(found),
        format_func=lambda one: _order_words(found[one], at),
        key=f"{key}_order_{customer_id}",
        width=320,
    )


def _order_words(order: orders.KnownOrder, at: At) -> str:
    return (
        f"{order.number} · {day_and_time(order.placed_at, at.zone)}"
        f" · {money(order.total_minor, order.currency)} · {count(len(order.lines), 'item')}"
    )


def _nobody(text: str, *, typical: bool) -> str:
    if text:
        return "Nobody was found. Try a part of the name or of the address."
    said = "There are no customers yet"
    return f"{said}, so the values are those of a typical one." if typical else f"{said}."


def _called(row: customers.CustomerRow) -> str:
    return f"{row.name} ({row.email})" if row.name and row.email else row.name or row.email or "?"


def _context(session: Any, picked: Picked, at: At) -> dict[str, object]:
    brand = messages.brand_of(at.settings)
    shop = messages.make_context(shop=brand)["shop"]
    if picked.customer_id == _TYPICAL:
        return messages.typical_context() | {"shop": shop}
    known = orders.known_orders(session, [picked.order_id] if picked.order_id else [])
    order = known.get(picked.order_id or 0)
    return messages.make_context(
        customer=customers.known_customers(session, [picked.customer_id])[picked.customer_id],
        order=order,
        line=order.lines[0] if order and order.lines else None,
        shipment=order.parcels[-1] if order and order.parcels else None,
        shop=brand,
    )
