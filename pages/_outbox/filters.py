"""Which messages the outbox shows: asked in boxes, and kept in the address of the page."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from db.kinds import Channel, MessageStatus
from pages._ui.signs import sign
from pages._ui.words import plain
from px import journeys
from px.messages import OutboxFilter

STATUSES = ["", *(status.value for status in MessageStatus)]
CHANNELS = ["", *(channel.value for channel in Channel)]
# What a link from another page may ask for besides; each with its words.
DEEDS = {
    "opened": "opened",
    "clicked": "with a followed link",
    "answered": "answered",
    "unsubscribed": "left by unsubscribing",
}
_ALSO = ("touchpoint", "became", "template")


def ask(keys: list[str]) -> OutboxFilter:
    """Which messages to show; the address of the page says it too, so that it can be sent on."""
    places = st.columns([5, 2, 2, 3])
    asked = st.query_params
    chosen = {
        "q": places[0].text_input(
            "Search by address, name or subject", asked.get("q", ""), type="search", key="px_q"
        ),
        "status": _pick(places[1], "Status", STATUSES, asked.get("status")),
        "channel": _pick(places[2], "Channel", CHANNELS, asked.get("channel")),
        "journey": _pick(places[3], "Journey", ["", *keys], asked.get("journey")),
    }
    also = _narrowed({name: asked.get(name, "") for name in _ALSO})
    asked.from_dict({name: value for name, value in (chosen | also).items() if value})
    return OutboxFilter(
        status=chosen["status"] or None,
        channel=chosen["channel"] or None,
        journey_key=chosen["journey"] or None,
        search=chosen["q"] or "",
        touchpoint=also["touchpoint"] or None,
        became=also["became"] or None,
        template=also["template"] or None,
    )


def _narrowed(also: dict[str, str]) -> dict[str, str]:
    """What a link asked for, in words, until somebody takes it away."""
    spaced = journeys.words.spaced
    said = [f"of “{plain(spaced(also['touchpoint']))}”"] if also["touchpoint"] else []
    said += [f"with the text “{plain(spaced(also['template']))}”"] if also["template"] else []
    said += [DEEDS[also["became"]]] if also["became"] in DEEDS else []
    if not said:
        return dict.fromkeys(also, "")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/filter_alt: Only messages {', '.join(said)}.", width="content")
        if st.button("Show all", type="tertiary", key="px_outbox_all"):
            for name in also:
                st.query_params.pop(name, None)
            st.rerun()
    return also


def _pick(place: DeltaGenerator, label: str, words: list[str], asked: str | None) -> str:
    """One of the words, or all; at first the one that the address asks for."""
    index = words.index(asked) if asked in words else 0
    key = f"px_outbox_{label.lower()}"
    return place.selectbox(label, words, index=index, format_func=_said, key=key) or ""


def _said(word: str) -> str:
    """The word as people say it; the key of a journey stays as it is."""
    if not word:
        return "all"
    return sign(word).word if word in STATUSES or word in CHANNELS else word
