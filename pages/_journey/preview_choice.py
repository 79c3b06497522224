"""What the preview of a journey looks at: which touchpoint and text, as whom, in which format."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from db.kinds import Channel
from pages._journey.draft import Draft
from pages._journey.preview_shop import Looked, telling
from pages._ui.page import At, read
from pages._ui.preview import FORMAT_OF, FORMATS
from pages._ui.seen_as import pick_customer
from px import journeys, messages
from px.core.errors import InvalidInput
from px.core.tokens import fingerprint
from px.journeys import Document, TellingCustomer, Touchpoint

THREE, ONE = "Three telling customers", "One customer"
_ALL, _OWN, _AS_GOT = "All", "Each their own", "As each gets it"


def document_of(draft: Draft) -> tuple[Document, bool] | None:
    """The document as it is drawn, else as it was saved (True); None when neither can be read."""
    for data, is_saved in ((draft.data, False), (draft.saved, True)):
        try:
            return journeys.read_document(data), is_saved
        except InvalidInput:
            continue
    return None


def choose_point(draft: Draft, document: Document) -> Touchpoint:
    """Asks for the touchpoint; it is the one that is chosen on the timeline, and the other way."""
    points = {point.key: point for point in document.touchpoints}
    keys = list(points)
    chosen = st.selectbox(
        "Touchpoint",
        keys,
        keys.index(draft.chosen) if draft.chosen in points else 0,
        format_func=lambda key: points[key].label,
        # Made anew when another touchpoint is chosen elsewhere, or the list has changed.
        key=f"px_pv_point_{draft.key}_{fingerprint(keys, draft.chosen)}",
        width=320,
    )
    if chosen != draft.chosen and (draft.chosen in points or chosen != keys[0]):
        draft.choose(chosen)
    return points[chosen]


def choose_variant(draft: Draft, point: Touchpoint) -> str | None:
    """Asks for the text, where there are several; None for each customer's own."""
    if len(point.messages) < 2:
        return None
    with read() as session:
        names = {line.key: line.name for line in messages.template_list(session)}
    key = f"px_pv_variant_{draft.key}_{fingerprint(point.messages)}"
    options = [_OWN, *point.messages]
    chosen = _segments("Text", options, key=key, said=lambda one: names.get(one, one))
    return None if chosen == _OWN else chosen


def choose_whom(draft: Draft) -> str:
    """Asks whether three customers or one is looked at."""
    return _segments("As", [THREE, ONE], key=f"px_pv_whom_{draft.key}")


def choose_formats(draft: Draft, whom: str) -> Sequence[str]:
    """Asks how the message is shown; none is as each customer gets it."""
    first = _ALL if whom == ONE else _AS_GOT
    key = f"px_pv_format_{draft.key}_{first}"
    chosen = _segments("Shown as", [first, *FORMATS], key=key)
    return {_ALL: FORMATS, _AS_GOT: ()}.get(chosen, [chosen])


def formats_for(formats: Sequence[str], channel: Channel) -> Sequence[str]:
    """The formats that were chosen, else the one of the channel that the customer gets it by."""
    return formats or [FORMAT_OF[channel]]


def customers_for(draft: Draft, looked: Looked, at: At, whom: str) -> list[TellingCustomer]:
    """The customers to see it as; none while nobody is chosen or there is nobody."""
    if whom == ONE:
        picked = pick_customer(at, key=f"px_pv_{draft.key}", typical=False)
        return [TellingCustomer(picked.customer_id, picked.order_id, "")] if picked else []
    found = telling(looked, at)
    if not found:
        st.info(
            "There are no customers yet. Import orders, and the preview shows real ones.",
            icon=":material/group:",
        )
    return found


def _segments(
    label: str, options: Sequence[str], *, key: str, said: Callable[[Any], str] = str
) -> str:
    """One of the options, at first the first of them."""
    chosen: str = st.segmented_control(
        label,
        options,
        default=options[0],
        required=True,
        format_func=said,
        key=key,
        wrap=True,
    )
    return chosen
