"""The first hour: an empty shop's two ways in, and the list of what is left to set up."""

import streamlit as st

from db.kinds import Role
from pages._today.figures import Figures
from pages._ui.doing import act
from pages._ui.page import At


def welcome(at: At) -> None:
    """Two ways in, while there is no order yet."""
    st.space("small")
    left, right = st.columns(2, gap="large")
    with left, st.container(border=True, height="stretch"):
        st.markdown("### :material/upload:", anchors=False)
        st.subheader("Bring your shop", anchor=False)
        st.markdown(
            "Import your past orders from a file. Nobody is written to: "
            "orders from before today start no journey."
        )
        if at.may(Role.MANAGER) and st.button("Import your orders", type="primary"):
            st.switch_page("imports.py")
    with right, st.container(border=True, height="stretch"):
        st.markdown("### :material/storefront:", anchors=False)
        st.subheader("Look around", anchor=False)
        st.markdown(
            "A made-up shop with customers, orders and journeys, to try everything on. "
            "It stays in the sandbox."
        )
        if at.may(Role.ADMIN) and st.button("Look around with a demo shop"):
            fill_demo(at)


def fill_demo(at: At) -> None:
    """The empty database holds the demo shop."""
    from px import demo

    with st.spinner("Filling the shop"), act("The demo shop is open") as session:
        demo.fill(session, now=at.now)


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
    with st.expander(f"Set up · {done} of {len(steps)} done", expanded=done < len(steps) - 1):
        for is_done, text, page in steps:
            icon = ":material/check_circle:" if is_done else ":material/radio_button_unchecked:"
            if is_done:
                st.markdown(f"{icon} :gray[{text}]")
            else:
                st.page_link(page, label=text, icon=icon)
