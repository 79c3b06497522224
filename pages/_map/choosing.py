"""Which journey's map is shown: one of the shop's own, live or draft, or one of the library."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from pages._ui.doing import read
from pages._ui.page import At
from pages._ui.words import figure
from px import journeys
from px.journeys import Document, Reached

_OWN, _LIBRARY = "key", "library"
_LIVE, _DRAFT = "What is live", "The draft"
# Below this many people a share says more than is known.
_FEW = 30


@dataclass(frozen=True, slots=True)
class Choice:
    """A journey that can be chosen: where it comes from, its key, its name, whether it is live."""

    source: str
    key: str
    name: str
    # A journey that goes live meanwhile is still the one that was chosen.
    is_live: bool = field(default=False, compare=False)

    @property
    def is_own(self) -> bool:
        """Whether it is the shop's own."""
        return self.source == _OWN

    @property
    def label(self) -> str:
        """Its name, and whether it is one of the library."""
        return self.name if self.is_own else f"Library: {self.name}"

    def address(self, touchpoint: str) -> str:
        """Where the touchpoint is seen in its journey."""
        if self.is_own:
            return f"journey?{urlencode({'key': self.key, 'touchpoint': touchpoint})}"
        return f"library?{urlencode({'key': self.key})}"


def choices() -> list[Choice]:
    """The shop's journeys, live ones first, then the library's."""
    with read() as session:
        own = [line for line in journeys.journey_lines(session) if line.status != "archived"]
    ours = [Choice(_OWN, line.key, line.name, line.status == "live") for line in own]
    return ours + [Choice(_LIBRARY, one.key, one.name) for one in journeys.library()]


def choose(options: list[Choice], asked: Mapping[str, str]) -> Choice | None:
    """Asks which one; the address follows. None when the address names one that is not there."""
    named = next(((s, asked[s]) for s in (_OWN, _LIBRARY) if asked.get(s)), None)
    place = 0
    if named is not None:
        found = [n for n, one in enumerate(options) if (one.source, one.key) == named]
        if not found:
            return None
        place = found[0]
    # A box of its own for each address: a link to another map must not find the last choice.
    chosen = st.selectbox(
        "Journey",
        options,
        place,
        format_func=lambda one: one.label,
        key=f"px_map_{options[place].source}_{options[place].key}",
        width=420,
    )
    if chosen != options[place]:
        st.query_params.from_dict({chosen.source: chosen.key})
        st.rerun()
    return chosen


def document_of(session: Any, choice: Choice) -> Document:
    """What is drawn: what is live or the draft, asked where there are both; or the library's."""
    if not choice.is_own:
        return journeys.library_journey(choice.key).document
    row = journeys.journey_row(session, choice.key)
    if row.draft is not None and row.live_version_id is not None:
        options = [_LIVE, _DRAFT]
        key = f"px_map_version_{choice.key}"
        if st.segmented_control("Which version", options, default=_LIVE, key=key) != _DRAFT:
            return journeys.live_document(session, row)
    return journeys.draft_document(session, row)


def speaking_elsewhere(
    session: Any, options: Sequence[Choice], choice: Choice
) -> dict[str, list[str]]:
    """The names of the other live journeys by the stages at which they speak."""
    found: dict[str, list[str]] = {}
    for other in options:
        if other.is_live and other != choice:
            document = journeys.live_document(session, journeys.journey_row(session, other.key))
            for stage in {journeys.stage_of(point, document) for point in document.touchpoints}:
                found.setdefault(stage, []).append(other.name)
    return found


def goal_sentences(session: Any, choice: Choice, document: Document, at: At) -> list[str]:
    """How many reached the goal, of those who have had its time; a share where it says much."""
    if not choice.is_own or document.goal is None:
        return []
    found = journeys.goal_reached(session, choice.key, document, now=at.now)
    said = [("reached the goal", found.spoken_to), ("of those held out did too", found.held_out)]
    return [_share(group, words) for words, group in said if group.people]


def _share(group: Reached, words: str) -> str:
    counted = f"{figure(group.reached)} of {figure(group.people)} {words}"
    return counted if group.people < _FEW else f"{counted}: {round(group.share * 100)} %"
