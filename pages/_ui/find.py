"""A way from any page to one customer: a box to search in, and whom it finds."""

import streamlit as st

from pages._ui.doing import read
from pages._ui.links import link
from pages._ui.page import At
from pages._ui.words import called, plain
from px import customers, orders
from px.customers import CustomerFilter

_MOST = 6


def find_customer(at: At) -> None:
    """A button in the title row that opens the box."""
    with at.primary.popover("Find a customer", icon=":material/person_search:"):
        wanted = st.text_input(
            "Name, email, phone or order number", key="px_find", placeholder="Ada"
        )
        if not wanted.strip():
            st.markdown(":gray[See what somebody got, what comes next, and why.]")
            return
        with read() as session:
            also = orders.customers_with_order(session, wanted)
            found = customers.customer_rows(
                session, CustomerFilter(search=wanted, also=also), limit=_MOST + 1
            )
        if not found:
            st.markdown(f"Nobody is found for “{plain(wanted)}”.")
        for row in found[:_MOST]:
            link(
                "customer.py",
                f"{plain(called(row))} :gray[{plain(row.email or '')}]",
                id=str(row.id),
            )
        if len(found) > _MOST:
            link("customers.py", "See all who are found", q=wanted)
