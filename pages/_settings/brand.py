"""The brand: what a customer sees around every message, with a small picture of it."""

from html import escape

import streamlit as st

from pages._ui.fields import Fields
from pages._ui.page import At
from px.core.settings import Loaded

_PICTURE = """
<div style="background:#f4f6f5;border:1px solid #d2d4d7;border-radius:8px;padding:24px 16px">
<div style="background:#ffffff;color:#1f2937;max-width:420px;margin:0 auto;border-radius:8px;
padding:24px;overflow-wrap:anywhere">{head}
<p style="margin:16px 0">Hi Ada, your order is on its way.</p>
<p><span style="display:inline-block;background:{colour};color:{on_colour};padding:10px 18px;
border-radius:8px;font-weight:600">Track my parcel</span></p>
<p style="margin:20px 0 0;font-size:13px;color:#52606d;white-space:pre-line">{foot}</p>
</div></div>
"""


def draw(at: At, loaded: Loaded) -> None:
    """Draws the tab, the picture as typed, and saves what was changed."""
    fields = Fields(loaded)
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Brand", anchor=False)
        fields.colour("brand_colour", "Colour of buttons and links")
        fields.text("brand_logo_url", "Address of your logo", placeholder="https://")
        fields.text(
            "brand_address",
            "Postal address",
            lines=3,
            help="The law asks for it under every marketing mail.",
        )
        fields.text("brand_footer", "Words at the foot of every mail", lines=2)
        if st.button("Save brand", type="primary"):
            fields.save("Brand saved", at)
    with right:
        st.subheader("How it looks", anchor=False)
        st.html(_picture(fields, loaded.values.shop_name))


def _picture(fields: Fields, shop: str) -> str:
    logo = str(fields.entered("brand_logo_url"))
    colour = str(fields.entered("brand_colour"))
    address, footer = fields.entered("brand_address"), fields.entered("brand_footer")
    head = f'<strong style="font-size:18px">{escape(shop)}</strong>'
    if logo.startswith("https://"):
        head = f'<img src="{escape(logo)}" alt="{escape(shop)}" style="max-height:48px">'
    return _PICTURE.format(
        head=head,
        colour=escape(colour),
        on_colour=_readable_on(colour),
        foot=escape("\n".join(filter(None, (footer, address or shop)))),
    )


def _readable_on(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#ffffff" if 0.299 * red + 0.587 * green + 0.114 * blue < 150 else "#111815"
