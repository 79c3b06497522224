"""The touchpoints by phase, each a sentence with its figures and problems; the chosen one open."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages._journey import deeds
from pages._journey.draft import Draft
from pages._journey.known import Known
from pages._journey.touchpoint_form import say_touchpoint, touchpoint_form
from pages._ui.signs import badge, sign, touchpoint_badges
from pages._ui.words import figure, plain
from px.journeys import editing, words

_SHOWN = ("sent", "planned", "held", "review", "failed", "skipped", "waiting")
# The bands of the phases: one hue from light to strong.
_BANDS = """<style>
[class*="st-key-px_band_"] { border-left: 4px solid; padding-left: 14px; border-color:
  color-mix(in srgb, var(--st-primary-color, #0f766e) var(--px-share, 100%), transparent); }
.st-key-px_band_0 { --px-share: 10%; } .st-key-px_band_1 { --px-share: 25%; }
.st-key-px_band_2 { --px-share: 45%; } .st-key-px_band_3 { --px-share: 65%; }
.st-key-px_band_4 { --px-share: 85%; }
[class*="st-key-px_open_"] button { min-height: 1.75rem; padding-left: 0; padding-right: 0; }
[class*="st-key-px_open_"] button p { font-weight: 600; text-align: left; }
</style>"""


def touchpoint_list(draft: Draft, known: Known) -> None:
    """The list stands, the chosen touchpoint is as its boxes say, and every button has acted."""
    st.html(_BANDS)
    groups = dict(editing.grouped(draft.data))
    heads: list[tuple[int, Any]] = []
    open_places: list[tuple[int, Any]] = []
    adds: list[tuple[str, Any]] = []
    for band, phase in enumerate([None, *editing.phases_of(draft.data)]):
        places = groups.get(phase, [])
        if phase is None and not places:
            continue
        with st.container(key=f"px_band_{band}", gap="small"):
            title = words.phase_words(phase) if phase else "Without a phase"
            st.subheader(plain(title), anchor=False)
            for place in places:
                with st.container(border=True, key=f"px_card_{place}"):
                    heads.append((place, st.container(gap="xsmall")))
                    if _key_of(draft, place) == draft.chosen:
                        open_places.append((place, st.container()))
            adds.append((phase or "", st.container()))
    # The form first: what it changes is what the cards below and above say.
    for place, container in open_places:
        with container:
            touchpoint_form(draft, place, known)
    _draw_heads(draft, heads, known)
    _draw_adds(draft, adds)


def _key_of(draft: Draft, place: int) -> str:
    return str(editing.points_of(draft.data)[place].get("key"))


def _draw_heads(draft: Draft, heads: list[tuple[int, Any]], known: Known) -> None:
    for place, container in heads:
        with container:
            point = editing.points_of(draft.data)[place]
            key = str(point.get("key"))
            _head(draft, place, point, known.counts.get(key, {}))
            if key != draft.chosen:
                say_touchpoint(draft, place, known)


def _head(draft: Draft, place: int, point: dict[str, Any], counts: Mapping[str, int]) -> None:
    key = str(point.get("key"))
    is_open = key == draft.chosen
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if st.button(
            plain(words.touchpoint_label(point)),
            key=f"px_open_{place}",
            icon=":material/expand_less:" if is_open else ":material/expand_more:",
            type="tertiary",
            help="Close it" if is_open else "Open it",
        ):
            draft.choose(None if is_open else key)
        touchpoint_badges(point)
        _counts(counts)
        st.space("stretch")
        if move := deeds.menu("More", key=f"px_move_{place}_{draft.revision}"):
            deeds.move(draft, place, move)


def _counts(counts: Mapping[str, int]) -> None:
    for status in _SHOWN:
        if counts.get(status):
            badge(status, said=f"{figure(counts[status])} {sign(status).word.lower()}")


def _draw_adds(draft: Draft, adds: list[tuple[str, Any]]) -> None:
    for number, (phase, container) in enumerate(adds):
        if phase and container.button(
            f"Add to {words.phase_words(phase).lower()}",
            key=f"px_add_{number}",
            icon=":material/add:",
            type="tertiary",
        ):
            deeds.add(draft, phase)
