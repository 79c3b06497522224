"""Over what a rehearsal is to be played: the last days, a period, or one customer."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from pages._ui.doing import read
from pages._ui.page import At
from pages._ui.words import called, plain
from px import customers
from px.journeys import RehearsalScope

_LAST_30, _LAST_90, _PERIOD, _CUSTOMER = "30 days", "90 days", "A period", "One customer"
_SCOPES = (_LAST_30, _LAST_90, _PERIOD, _CUSTOMER)
_MOST_FOUND = 20


def ask_scope(at: At) -> RehearsalScope | None:
    """What is chosen; None while something is missing."""
    kind = st.segmented_control(
        "Play it over", _SCOPES, default=_LAST_30, required=True, key="px_rehearse_scope"
    )
    if kind == _PERIOD:
        return _period(at)
    if kind == _CUSTOMER:
        return _customer()
    return RehearsalScope(days=int(str(kind).split()[0]))


def _period(at: At) -> RehearsalScope | None:
    zone = ZoneInfo(at.zone)
    today = at.now.astimezone(zone).date()
    chosen: Any = st.date_input(
        "From and to",
        (today - timedelta(days=60), today - timedelta(days=31)),
        max_value=today,
        key="px_rehearse_period",
    )
    if not isinstance(chosen, tuple) or len(chosen) != 2:
        return None
    first, last = chosen
    begins = datetime.combine(first, time(), zone).astimezone(UTC)
    ends = datetime.combine(last, time(23, 59, 59), zone).astimezone(UTC)
    return RehearsalScope(since=begins, until=ends)


def _customer() -> RehearsalScope | None:
    wanted = st.text_input(
        "Name, email or phone", key="px_rehearse_customer", placeholder="ada@example.com"
    ).strip()
    if not wanted:
        return None
    with read() as session:
        wish = customers.CustomerFilter(search=wanted)
        found = customers.customer_rows(session, wish, limit=_MOST_FOUND)
    if not found:
        st.markdown(f"Nobody is found for “{plain(wanted)}”.")
        return None
    names = {row.id: called(row) for row in found}
    if len(names) == 1:
        st.markdown(plain(called(found[0])), width="content")
        return RehearsalScope(customer_id=found[0].id)
    chosen = st.selectbox("Customer", list(names), format_func=names.__getitem__)
    return RehearsalScope(customer_id=chosen)
