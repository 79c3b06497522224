"""The ready-made journeys as cards, by what they are for, with a search."""

from collections.abc import Sequence

import streamlit as st

from pages._library.using import use_dialog
from pages._ui.empty import empty
from pages._ui.page import At
from pages._ui.signs import badge
from pages._ui.words import count, lowered, plain
from px import journeys
from px.journeys import LibraryJourney, words

EVERY = journeys.EVERY_SHOP
_MANY_DAYS = 100


def draw(at: At) -> None:
    """Draws the search, the choice of shop, and the cards."""
    shelf = journeys.library()
    at.answer(
        f"{count(len(shelf), 'ready-made journey')} with all their texts. "
        "Read one, use it, and change what is different in your shop. Nothing is sent before you "
        "publish it."
    )
    shops = [shop for shop in dict.fromkeys(one.shop for one in shelf) if shop != EVERY]
    with st.container(horizontal=True, vertical_alignment="bottom", key="px_library_search"):
        search = st.text_input(
            "Find a journey",
            key="px_library_words",
            type="search",
            placeholder="parcel late, review, coffee",
            live=True,
            width=300,
        )
        shop = st.pills("What do you sell?", shops, key="px_library_shop")
    found = [one for one in shelf if one.speaks_of(search or "") and one.is_for(shop)]
    if not found:
        _nothing(search or "")
        return
    for purpose in dict.fromkeys(one.purpose for one in found):
        st.header(purpose, anchor=False)
        _cards([one for one in found if one.purpose == purpose], at)


def facts(one: LibraryJourney) -> None:
    """Draws how many touchpoints it has, how long it lasts, and its channels."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        points = count(len(one.document.touchpoints), "touchpoint")
        st.markdown(f"{points} · {duration(one.days)}", width="content")
        for channel in one.channels:
            badge(channel)


def duration(days: int) -> str:
    """How long a journey lasts, in words: over 60 days, over 11 months, over 5 years."""
    if days < _MANY_DAYS:
        return f"over {count(max(days, 1), 'day')}"
    months = round(days / 30.4)
    return f"over {count(months, 'month') if months < 22 else count(round(months / 12), 'year')}"


def _cards(found: Sequence[LibraryJourney], at: At) -> None:
    # Two side by side where there is room, else one below the other, in the same order.
    for pair in (found[place : place + 2] for place in range(0, len(found), 2)):
        for one, column in zip(pair, st.columns(2), strict=False):
            with column.container(border=True, height="stretch", key=f"px_library_{one.key}"):
                _card(one, at)


def _card(one: LibraryJourney, at: At) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(one.name)}**", width="content")
        if one.shop != EVERY:
            st.badge(one.shop, color="gray")
    st.markdown(f"“{plain(one.customer_goal)}”")
    facts(one)
    st.caption(f"Needs {plain(words.joined([lowered(need) for need in one.needs], 'and'))}.")
    with st.container(horizontal=True):
        if st.button("Read journey", key=f"px_read_{one.key}", help=f"Read “{one.name}”"):
            st.query_params["key"] = one.key
            st.rerun()
        if st.button("Use this journey", key=f"px_use_{one.key}", help=f"Use “{one.name}”"):
            use_dialog(one, at)


def _nothing(search: str) -> None:
    pressed = empty(
        "Nothing was found",
        f"No ready-made journey speaks of “{search}”. Try one word, or see them all.",
        button="See all journeys of the library",
        icon=":material/search_off:",
    )
    if pressed:
        st.session_state.pop("px_library_words", None)
        st.session_state.pop("px_library_shop", None)
        st.rerun()
