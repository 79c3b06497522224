"""Customers: who they are, what they bought, and whether they may be written to."""

from dataclasses import replace

import streamlit as st

from db.kinds import Role
from pages._customer.list import PAGE, consent_words, describe, find, first_steps
from pages._ui.doing import read
from pages._ui.export import export_button
from pages._ui.page import At, page
from pages._ui.table import Column, table
from pages._ui.words import count, figure
from px import customers, orders
from px.customers import CustomerFilter

COLUMNS = [
    Column("name", "Customer", tip="email"),
    Column("email", "Email", width=260),
    Column("country", "Country", width=110),
    Column("orders", "Orders", "number", width=100),
    Column("spent_minor", "Spent", "money", width=130),
    Column("last_order_at", "Last order", "moment"),
    Column("consent", "Mail consent", tip="consent_said", width=150),
]
NUMBER = "px_customers_page"
CONSENTS = {"": "any", "given": "agreed", "not": "has not agreed"}


def main() -> None:
    """Draws the search and the customers it finds."""
    with page("Customers", role=Role.SUPPORT) as at:
        with read() as session:
            everybody = customers.customer_count(session, CustomerFilter())
            countries = customers.countries(session)
        if not everybody:
            first_steps(at)
            return
        chosen = ask(countries)
        draw(chosen, everybody, at)


def ask(countries: list[str]) -> CustomerFilter:
    """What to look for."""
    columns = st.columns([6, 3, 3])
    search = columns[0].text_input(
        "Search by name, email, phone or order number",
        key="q",
        bind="query-params",
        type="search",
        placeholder="Ada, ada@example.com, 1001",
    )
    country = columns[1].selectbox("Country", [None, *countries], format_func=lambda c: c or "all")
    consent = columns[2].selectbox(
        "Marketing by email", list(CONSENTS), format_func=CONSENTS.__getitem__
    )
    return CustomerFilter(search=search or "", country=country, consent=consent or None)


def draw(chosen: CustomerFilter, everybody: int, at: At) -> None:
    """The customers that the filter lets through; choosing one opens their page."""
    with read() as session:
        if chosen.search:
            chosen = replace(chosen, also=orders.customers_with_order(session, chosen.search))
        number = st.session_state.get(NUMBER, 1)
        rows, found, first = find(session, chosen, number, everybody)
        currency = orders.usual_currency(session)
    at.answer(describe(found, everybody, chosen))
    if not rows:
        return
    shown = [
        {
            "id": row.id,
            "name": row.name or "No name",
            "email": row.email or "",
            "country": row.country or "",
            "orders": row.orders,
            "spent_minor": row.spent_minor,
            "currency": currency,
            "last_order_at": row.last_order_at,
            "consent": consent_words(row.mail_consent),
            "consent_said": row.mail_consent or "never asked",
        }
        for row in rows
    ]
    picked = table(shown, COLUMNS, key="px_customers", at=at)
    if picked:
        st.switch_page("customer.py", query_params={"id": str(picked[0])})
    with st.container(horizontal=True, vertical_alignment="center"):
        if found > PAGE:
            st.pagination(-(-found // PAGE), key=NUMBER)
            st.markdown(f"{figure(first + 1)} to {count(first + len(rows), 'customer')}")
        export_button(shown, COLUMNS, name="customers", at=at)


main()
