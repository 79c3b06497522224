"""Everything that the page of one customer reads, and how it draws it."""

from dataclasses import dataclass

import streamlit as st

from pages._customer.coming import DAYS, draw_coming
from pages._customer.facts import about, consents
from pages._customer.lanes import draw_lanes
from pages._customer.marks import marks
from pages._customer.suppressed import suppressions
from pages._customer.timeline import KINDS, Entry, timeline
from pages._customer.why import draw_why
from pages._ui.doing import read
from pages._ui.page import At
from pages._ui.signs import spoken
from pages._ui.words import plain, when
from px import customers, journeys, messages, orders
from px.core.history import history_of
from px.customers.zones import zone_of

FIRST = 60
_ALL = "px_customer_all"


@dataclass(frozen=True)
class Seen:
    """Everything that is read of one customer."""

    known: customers.KnownCustomer
    addresses: list[customers.AddressLine]
    consents: list[customers.ConsentLine]
    suppressions: list[customers.SuppressionLine]
    touches: list[journeys.TouchStory]
    messages: list[messages.CustomerMessage]
    expected: list[journeys.ExpectedTouch]
    missed: list[journeys.NotInside]
    orders: dict[int, str]
    entries: list[Entry]
    currency: str


def look(known: customers.KnownCustomer, at: At) -> Seen:
    """One read of everything."""
    with read() as session:
        bought = orders.orders_of(session, known.id)
        said = customers.consents_of(session, known.id)
        touches = journeys.touches_of(
            session, known.id, currency=orders.shop_currency(session, at.settings)
        )
        happened = history_of(session, known.id)
        sent = messages.messages_of(session, known.id)
        entries = timeline(bought, happened, sent, touches, said, now=at.now, zone=at.zone)
        return Seen(
            known,
            customers.addresses_of(session, known.id),
            said,
            customers.suppressions_of(session, known.id, key=at.settings.key),
            touches,
            sent,
            journeys.next_days(
                session, customer_id=known.id, days=DAYS, settings=at.settings, now=at.now
            ),
            journeys.why_not_inside(session, known.id, settings=at.settings, now=at.now),
            {order.id: order.number for order in bought},
            entries,
            bought[0].currency if bought else orders.usual_currency(session),
        )


def draw_person(seen: Seen, at: At) -> None:
    """Who they are and whether they may be written to."""
    zone = zone_of(seen.known.zone, seen.known.country, at.zone)
    about(seen.known, seen.addresses, str(zone))
    consents(seen.consents, at)
    suppressions(seen.known.id, seen.suppressions, at)


def draw_journeys(seen: Seen, at: At) -> None:
    """What may still come, all journeys on one line, and why or why not."""
    draw_coming(seen.known, seen.expected, at)
    draw_lanes(marks(seen.touches, seen.expected, seen.orders, now=at.now), at)
    draw_why(seen.touches, seen.messages, seen.missed, seen.orders, at)


def draw_past(seen: Seen, at: At) -> None:
    """What happened, the newest first, with a filter."""
    st.header("What happened", anchor=False)
    there = [kind for kind in KINDS if any(entry.kind == kind for entry in seen.entries)]
    chosen = st.pills(
        "Show only", there, selection_mode="multi", format_func=KINDS.__getitem__, key="px_kinds"
    )
    shown = [entry for entry in seen.entries if not chosen or entry.kind in chosen]
    if not shown:
        st.markdown("Nothing yet.")
    everything = st.session_state.get(_ALL) == seen.known.id
    with st.container(gap="small", key="px_past"):
        for entry in shown if everything else shown[:FIRST]:
            draw_entry(entry, at)
    if len(shown) > FIRST and not everything and st.button("Show everything"):
        st.session_state[_ALL] = seen.known.id
        st.rerun()


def draw_entry(entry: Entry, at: At) -> None:
    """One thing that happened: its sign, what, when, and what there is to add."""
    status = f"{spoken(entry.status)}. " if entry.status and entry.status != "sent" else ""
    more = f"  \n{plain(status + entry.more)}" if status or entry.more else ""
    where = f" :gray[{plain(entry.where)}]" if entry.where else ""
    said = plain(when(entry.at, now=at.now, zone=at.zone))
    st.markdown(f":material/{entry.icon}: **{plain(entry.title)}** :gray[{said}]{more}{where}")
