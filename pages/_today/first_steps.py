"""The first hour: an empty shop's two ways in, and the list of what is left to set up."""

import streamlit as st

from db.kinds import Role
from pages._today.figures import Figures
from pages._ui.doing import saying
from pages._ui.links import link
from pages._ui.page import At
from pages._ui.signs import tick


def welcome(at: At) -> None:
    """Two ways in, while there is no order yet."""
    st.space("small")
    left, right = st.columns(2, gap="large")
    with left, st.container(border=True, height="stretch"):
        _way(
            "upload",
            "Bring your shop",
            "Import your past orders from a file. Nobody is written to: "
            "that begins with your first journey, when you say so.",
        )
        if at.may(Role.MANAGER) and st.button("Import your orders", type="primary"):
            st.switch_page("imports.py")
    with right, st.container(border=True, height="stretch"):
        _way(
            "storefront",
            "Look around",
            "A made-up shop with customers, orders and journeys, to try everything on. "
            "It stays in the sandbox.",
        )
        if at.may(Role.ADMIN) and st.button("Look around with a demo shop"):
            _fill_demo(at)


def _way(icon: str, title: str, text: str) -> None:
    st.markdown(f"### :material/{icon}:", anchors=False)
    st.subheader(title, anchor=False)
    st.markdown(text)


def _fill_demo(at: At) -> None:
    from px import demo

    with st.spinner("Filling the shop; this takes some seconds"), saying("The demo shop is open"):
        demo.fill_demo(now=at.now)


def checklist(at: At, figures: Figures) -> None:
    """What is left to set up, until all of it is done."""
    current = at.settings
    steps = (
        (figures.orders > 0, "Import your orders", "imports.py"),
        (bool(current.smtp_host and current.mail_from), "Connect your mail account", "settings.py"),
        (bool(current.brand_address), "Fill in your brand and address", "settings.py"),
        (figures.live_journeys > 0, "Publish your first journey", "journeys.py"),
        (current.mode == "live", "Go live", "settings.py"),
    )
    done = sum(is_done for is_done, _text, _page in steps)
    if done == len(steps) or not at.may(Role.ADMIN):
        return
    title = f"Set up · {done} of {len(steps)} done"
    with st.expander(title, expanded=True), st.container(gap="xsmall"):
        for is_done, text, page in steps:
            link(page, text, icon=tick(is_done))
