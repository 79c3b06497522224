"""The shop: its name, where it is, when its customers are left in peace."""

from zoneinfo import available_timezones

import streamlit as st

from pages._ui.fields import Fields, options_of
from pages._ui.page import At
from px.core.settings import Loaded


def draw(at: At, loaded: Loaded) -> None:
    """Draws the tab and saves what was changed."""
    fields = Fields(loaded)
    with st.form("shop", border=False):
        left, right = st.columns(2, gap="large")
        with left:
            st.subheader("Shop", anchor=False)
            fields.text("shop_name", "Name of the shop", max_chars=200)
            fields.text(
                "shop_url",
                "Address of the shop on the web",
                placeholder="https://yourshop.com",
                help="Where messages lead to: {{ shop.url }}. Empty is the address of px itself.",
            )
            zones = options_of(sorted(available_timezones()))
            fields.choice("shop_zone", "Time zone", zones, help="Every time is shown in it.")
            fields.text(
                "shop_country",
                "Country",
                max_chars=2,
                placeholder="NL",
                help="Two letters. Phone numbers without a country prefix are from here.",
            )
            fields.text(
                "shop_currency",
                "Currency",
                max_chars=3,
                placeholder="EUR",
                help="Three letters. The currency of prices that belong to no order.",
            )
        with right:
            st.subheader("Peace for customers", anchor=False)
            night = st.columns(2)
            with night[0]:
                fields.clock("quiet_from", "No marketing from")
            with night[1]:
                fields.clock("quiet_to", "until")
            st.caption("In each customer's own time. Leave both empty to have no quiet hours.")
            cap = st.columns(2)
            with cap[0]:
                fields.number("cap_messages", "At most this many messages", min_value=0)
            with cap[1]:
                fields.number("cap_days", "in this many days", min_value=1)
            st.caption("Marketing messages to one customer, over all journeys. 0 is no limit.")
            fields.number(
                "historic_days",
                "Orders older than this many days start nothing",
                min_value=0,
                help="Orders that are older when they are imported start no journey.",
            )
        if st.form_submit_button("Save shop", type="primary"):
            fields.save("Shop saved", at)
