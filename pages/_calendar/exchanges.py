"""Who gets what instead, were the journeys in another order."""

from collections.abc import Sequence

import streamlit as st

from pages._ui.doing import read
from pages._ui.page import At
from pages._ui.words import called, count, full
from px import customers
from px.journeys import ExpectedTouch
from px.journeys.ahead.pressure import OrderEffect

_SHOWN = 200


def draw_exchanges(effect: OrderEffect, at: At) -> None:
    """Draws whom the order gives another message, and which; nothing when it gives nobody one."""
    if not effect.exchanges:
        return
    shown = effect.exchanges[:_SHOWN]
    with read() as session:
        known = customers.known_customers(session, [one.customer_id for one in shown])
    rows = [
        {
            "Customer": called(known.get(one.customer_id)),
            "Gets": _said(one.gets, at),
            "Instead of": _said(one.instead_of, at),
        }
        for one in shown
    ]
    with st.expander(f"Who gets what instead: {count(len(effect.exchanges), 'customer')}"):
        st.dataframe(rows, hide_index=True, alt="Who gets what instead")


def _said(touches: Sequence[ExpectedTouch], at: At) -> str:
    return "; ".join(
        f"{touch.label} ({touch.journey_name}), {full(touch.at, at.zone)}" for touch in touches
    )
