"""Links and prices: whether links in messages are followed, and what a message costs."""

import streamlit as st

from pages._ui.fields import Fields
from pages._ui.page import At
from px.core.settings import Loaded

_PRICE = {"min_value": 0.0, "max_value": 1000.0, "step": 0.001, "format": "%.4f"}


def draw(at: At, loaded: Loaded) -> None:
    """Draws the tab and saves what was changed."""
    fields = Fields(loaded)
    with st.form("sending", border=False):
        left, right = st.columns(2, gap="large")
        with left:
            st.subheader("Links", anchor=False)
            fields.switch("track_links", "Count who follows links in marketing")
            st.caption(
                "Links then lead over this installation to where they point, and say to your shop's"
                " statistics which journey they come from (UTM). Notices about an order keep their"
                " own links."
            )
        with right:
            st.subheader("What a message costs", anchor=False)
            fields.number("price_email", "An email", **_PRICE)
            fields.number("price_sms", "A part of an SMS", **_PRICE)
            fields.number("price_whatsapp", "A WhatsApp message", **_PRICE)
            currency = loaded.values.shop_currency or "the currency of your orders"
            st.caption(
                f"In {currency}. Previews and rehearsals add it up; nothing is charged here."
                " A price of 0 is left out."
            )
        if st.form_submit_button("Save links and prices", type="primary"):
            fields.save("Links and prices saved", at)
