"""A template as one customer gets it: whom to see it as, and every channel side by side.

context = seen_as(at)
draw_preview(messages.preview_of(parts, context, brand), at)
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages._ui.page import At, read
from pages._ui.words import count, plain
from px import customers, messages, orders
from px.core import clock
from px.customers import CustomerFilter
from px.messages import Preview

_MOST = 20
_TALL = 640
_DESK = 620
_PHONE = 375
_TYPICAL = 0


def seen_as(at: At, *, key: str = "px_seen_as") -> Mapping[str, Any]:
    """Asks as whom the template is looked at; the values of that customer's last order."""
    search, choice = st.columns(2, vertical_alignment="bottom")
    text = search.text_input(
        "Find a customer",
        key=f"{key}_search",
        placeholder="Name or email",
        type="search",
        live=True,
    )
    with read() as session:
        rows = customers.customer_rows(session, CustomerFilter(search=text or ""), limit=_MOST)
        names = {row.id: _called(row) for row in rows if not row.erased_at}
        options = [*names, _TYPICAL]
        chosen = choice.selectbox(
            "See it as",
            options,
            format_func=lambda one: names.get(one, "A typical customer"),
            key=f"{key}_{'-'.join(map(str, options))}",
        )
        if not names and not text:
            st.caption("There are no customers yet, so the values are those of a typical one.")
        elif not names:
            st.caption("Nobody was found. Try a part of the name or of the address.")
        return _context(session, chosen or _TYPICAL, at)


def draw_preview(shown: Preview, at: At) -> None:
    """Draws the subject, what to look at, and the message on every channel."""
    st.markdown(f"**{plain(shown.mail.subject) or 'No subject'}**")
    if shown.warnings:
        st.warning("  \n".join(map(plain, shown.warnings)), icon=":material/visibility:")
    page = messages.keep_page(shown.mail.html or "", key=at.settings.key, now=clock.now())
    # Side by side where there is room for a desk of 600 pixels, else one below the other.
    with st.container(horizontal=True, gap="small"):
        with st.container(width=_DESK):
            st.caption("Email on a desk")
            st.iframe(f"/preview/{page}", height=_TALL, alt="The email as on a desk")
        with st.container(width=_PHONE):
            st.caption("Email on a phone")
            st.iframe(f"/preview/{page}", height=_TALL, alt="The email as on a phone")
        with st.container(width=_DESK):
            st.caption("Plain text, for mail programs without pictures")
            st.code(shown.mail.text, language=None, wrap_lines=True, height=320)
        with st.container(width=_PHONE):
            size = shown.sms_size
            st.caption(f"SMS: {count(size.segments, 'part')}, {count(size.units, 'character')}")
            st.code(shown.sms, language=None, wrap_lines=True, height=130)
            st.caption("WhatsApp")
            st.code(shown.whatsapp, language=None, wrap_lines=True, height=130)


def _called(row: customers.CustomerRow) -> str:
    return f"{row.name} ({row.email})" if row.name and row.email else row.name or row.email or "?"


def _context(session: Any, customer_id: int, at: At) -> Mapping[str, Any]:
    links = {
        "unsubscribe_url": f"{at.settings.base_url}/u/example",
        "preferences_url": "",
    }
    brand = messages.brand_of(at.settings)
    if customer_id == _TYPICAL:
        typical = messages.typical_context() | links
        return typical | {"shop": messages.make_context(shop=brand)["shop"]}
    found = orders.orders_of(session, customer_id, limit=1)
    order = found[0] if found else None
    return messages.make_context(
        customer=customers.known_customers(session, [customer_id])[customer_id],
        order=order,
        line=order.lines[0] if order and order.lines else None,
        shipment=order.parcels[-1] if order and order.parcels else None,
        shop=brand,
        **links,
    )
