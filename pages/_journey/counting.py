"""Counting what a change does before it is made: once, with a bar, and ended by closing."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import streamlit as st

from pages._journey.effect_words import LABELS, change_words, numbers
from pages._ui.doing import read
from pages._ui.links import link
from pages._ui.words import called, count, figure, plain
from px import customers
from px.journeys import Effect

Progress = Callable[[int, int], None]
# Below it, a bar would only flicker.
_FEW = 3000


def counted(about: Any, ask: Callable[[Any, Progress], Effect]) -> Effect:
    """What `ask` counts, kept in this tab while `about` stays the same.

    Drawing the bar is where a closed dialog ends the counting.
    """
    mark = hashlib.blake2b(json.dumps(about, sort_keys=True, default=str).encode()).hexdigest()
    kept = st.session_state.get("px_counted")
    if kept is None or kept[0] != mark:
        place = st.empty()
        with read() as session:
            kept = (mark, ask(session, lambda done, total: _show(place, done, total)))
        place.empty()
        st.session_state["px_counted"] = kept
    effect: Effect = kept[1]
    return effect


def _show(place: Any, done: int, total: int) -> None:
    if total > _FEW:
        said = f"Counted {figure(done)} of {figure(total)}"
        place.progress(min(done / total, 1.0), text=said)


def who(effect: Effect, key: str) -> None:
    """The numbers again, each with the people behind it."""
    found = {change.value: (change, people) for change, people in numbers(effect)}
    chosen = st.pills(
        "Show who",
        list(found),
        format_func=lambda word: f"{LABELS[found[word][0]]} {figure(found[word][1])}",
        key=f"px_who_{key}",
    )
    if chosen not in found:
        return
    change, people = found[chosen]
    ids = effect.listed.get(change, [])
    with read() as session:
        known = customers.known_customers(session, ids)
    with st.container(height=240 if len(ids) > 5 else "content", border=True, gap=None):
        for customer_id in ids:
            link("customer.py", plain(called(known.get(customer_id))), id=str(customer_id))
    more = people - len(ids)
    if more:
        st.caption(f"And {count(more, 'other')} who {change_words(change, more)}.")
