"""A late message as its customer would get it, before somebody decides."""

import streamlit as st

from db.kinds import Channel
from pages._ui.doing import read
from pages._ui.page import At
from pages._ui.preview import FORMAT_OF, draw_preview
from pages._ui.words import plain
from px import journeys
from px.core.errors import PxError
from px.journeys import LateTouch


def read_message(touch: LateTouch, at: At) -> None:
    """Draws the message, or why it cannot be shown."""
    try:
        seen = _seen(touch, at)
    except PxError as problem:
        st.markdown(plain(problem))
        return
    if seen is None:
        st.markdown("The touchpoint is no longer part of the journey: it would not be sent.")
    elif seen.shown is None:
        st.markdown(plain(seen.problem))
    else:
        draw_preview(seen.shown, at, formats=(FORMAT_OF[seen.channel or Channel.EMAIL],))


def _seen(touch: LateTouch, at: At) -> journeys.TouchpointPreview | None:
    with read() as session:
        row = journeys.journey_row(session, touch.journey)
        document = journeys.live_document(session, row)
        point = document.touchpoint(touch.touchpoint)
        if point is None or touch.customer_id is None:
            return None
        return journeys.touchpoint_preview(
            session,
            document,
            point,
            touch.customer_id,
            touch.order_id,
            settings=at.settings,
            now=at.now,
        )
