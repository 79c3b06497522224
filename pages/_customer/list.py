"""The list of customers: a page of it, and its words."""

from typing import Any

import streamlit as st

from db.kinds import ConsentState, Role
from pages._ui.empty import empty
from pages._ui.page import At
from pages._ui.words import count, figure, plain
from px import customers
from px.customers import CustomerFilter, CustomerRow

PAGE = 5000


def first_steps(at: At) -> None:
    """What the page is for, and where customers come from."""
    text = "They come with your orders: import a file, and everybody in it is here."
    button = "Import your orders" if at.may(Role.MANAGER) else None
    if empty("No customers yet", text, button=button, icon=":material/group:"):
        st.switch_page("imports.py")


def find(
    session: Any, chosen: CustomerFilter, number: int, everybody: int
) -> tuple[list[CustomerRow], int, int]:
    """A page of the customers that are found, how many there are in all, and where it begins."""
    first = (number - 1) * PAGE
    rows = customers.customer_rows(session, chosen, limit=PAGE, offset=first)
    if number > 1 and not rows:
        return find(session, chosen, 1, everybody)
    # Counting costs as much as looking, so it is left out where the page says it all.
    if number == 1 and len(rows) < PAGE:
        return rows, len(rows), first
    if chosen == CustomerFilter():
        return rows, everybody, first
    return rows, customers.customer_count(session, chosen), first


def describe(found: int, everybody: int, chosen: CustomerFilter) -> str:
    """How many there are, in a sentence."""
    if chosen == CustomerFilter():
        return f"{count(everybody, 'customer')}. Choose one to see everything about them."
    if not found:
        wanted = f" for “{plain(chosen.search)}”" if chosen.search else ""
        return f"Nobody is found{wanted} among {count(everybody, 'customer')}."
    return f"{figure(found)} of {count(everybody, 'customer')}."


def consent_words(state: str | None) -> str:
    """What the customer last said about marketing by email, with a sign."""
    if state == ConsentState.GIVEN:
        return "✓ Agreed"
    return "✕ Withdrawn" if state else "· Not asked"
