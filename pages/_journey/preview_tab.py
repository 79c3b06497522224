"""A touchpoint of the draft, saved or not, as real customers would get it, side by side."""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages._journey import preview_choice as choice
from pages._journey.draft import Draft
from pages._journey.preview_shop import Looked, lacking, look_at
from pages._journey.preview_table import variables_table
from pages._ui.page import At, read
from pages._ui.preview import DESK, TEXT, WIDTHS, draw_format, draw_warnings, send_test
from pages._ui.words import plain
from px import journeys
from px.journeys import TellingCustomer, TouchpointPreview

_WHY = {"typical": "Typical", "most": "Longest name, largest basket", "least": "Least data"}
_WIDE = (DESK, TEXT)


def preview_tab(draft: Draft, at: At) -> None:
    """Draws the tab: which touchpoint, for whom, in which format, and then the message itself."""
    found = choice.document_of(draft)
    if found is None:
        st.info(
            "The preview is here once what is marked in orange can be read.",
            icon=":material/visibility_off:",
        )
        return
    document, is_saved = found
    if is_saved:
        st.caption("The draft cannot be read as it is; this is the journey as it was saved last.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        point = choice.choose_point(draft, document)
        template = choice.choose_variant(draft, point)
        whom = choice.choose_whom(draft)
        formats = choice.choose_formats(draft, whom)
    looked = look_at(document, point)
    customers = choice.customers_for(draft, looked, at, whom)
    if not customers:
        return
    seen = _previews(looked, template, customers, at)
    places = _side_by_side(len(seen), formats)
    for place, customer, one in zip(places, customers, seen, strict=True):
        with place:
            _draw(customer, one, formats, at, alone=len(seen) == 1)
    names = [_WHY.get(c.why, one.name) for c, one in zip(customers, seen, strict=True)]
    variables_table(list(zip(names, seen, strict=True)), lacking(looked, at))


def _previews(
    looked: Looked, template: str | None, customers: Sequence[TellingCustomer], at: At
) -> list[TouchpointPreview]:
    with read() as session:
        seen = [
            journeys.touchpoint_preview(
                session,
                looked.document,
                looked.point,
                one.customer_id,
                one.order_id,
                settings=at.settings,
                now=at.now,
                template=template,
                texts=looked.unsaved,
            )
            for one in customers
        ]
    if any(one.template in looked.unsaved for one in seen):
        st.caption("With the words as they stand in the boxes; they are not saved yet.")
    return seen


def _side_by_side(count: int, formats: Sequence[str]) -> list[DeltaGenerator]:
    """A place for each customer: phones beside each other, desks below each other."""
    if count == 1 or any(name in _WIDE for name in formats):
        return [st.container(border=count > 1) for _ in range(count)]
    return list(st.columns(count, gap="medium"))


def _draw(
    customer: TellingCustomer,
    one: TouchpointPreview,
    formats: Sequence[str],
    at: At,
    *,
    alone: bool,
) -> None:
    who = plain(one.name) or "Nobody by name"
    order = f", order {plain(one.order_number)}" if one.order_number else ""
    why = f"**{_WHY[customer.why]}**  \n" if customer.why in _WHY else ""
    st.markdown(f"{why}{who}{order}" if why else f"**{who}**{order}")
    icon = ":material/check_circle:" if one.gets else ":material/do_not_disturb_on:"
    st.markdown(f"{icon} {plain(one.verdict)}")
    if one.shown is None:
        st.warning(plain(one.problem), icon=":material/edit_off:")
        return
    draw_warnings(one.shown)
    to = "" if alone else one.name or f"customer {one.customer_id}"
    with st.container(horizontal=True, gap="medium"):
        for name in choice.formats_for(formats, one.message.channel):
            with st.container(width=WIDTHS[name]):
                whose = f"{customer.why}_{one.customer_id}"
                draw_format(name, one.shown, at, to=to, whose=whose)
    pressed = st.button(
        "Send test to me",
        key=f"px_pv_test_{customer.why}_{one.customer_id}",
        icon=":material/outgoing_mail:",
        type="tertiary",
        help=f"This email, as {who} would get it, goes to {plain(at.user.email)}. "
        "It counts nowhere.",
    )
    if pressed:
        send_test(at, one.parts, one.message.context)
