"""Customer: everything between the shop and one person, and what comes next."""

import streamlit as st

from db.kinds import Role
from pages._customer.deeds import deeds_menu
from pages._customer.facts import who_sentence
from pages._customer.look import draw_journeys, draw_past, draw_person, look
from pages._ui.doing import read
from pages._ui.empty import empty
from pages._ui.page import page
from px import customers


def main() -> None:
    """Draws the customer that the address names."""
    known = named(st.query_params.get("id", ""))
    if known is None:
        with page("Customer", role=Role.SUPPORT):
            text = "The link may be old."
            if empty("There is no such customer", text, button="See all customers"):
                st.switch_page("customers.py")
        return
    name = known.name or known.email or "A customer without a name"
    with page("Erased customer" if known.erased_at else name, role=Role.SUPPORT) as at:
        seen = look(known, at)
        at.answer(who_sentence(known, seen.currency, at))
        if not known.erased_at:
            with at.primary:
                deeds_menu(known, at)
        # The person first: on a phone the columns stand below each other.
        left, right = st.columns([4, 7], gap="large")
        with left:
            draw_person(seen, at)
        with right:
            draw_journeys(seen, at)
            draw_past(seen, at)


def named(text: str) -> customers.KnownCustomer | None:
    """The customer of that number, None when there is none."""
    number = int(text) if text.isdecimal() and len(text) < 10 else 0
    with read() as session:
        return customers.known_customers(session, [number]).get(number)


main()
