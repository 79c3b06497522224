"""What the page of a journey knows beside the document: texts, figures, the shop."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import streamlit as st

from pages._journey.draft import Draft
from pages._messages import words as written
from pages._ui.page import At
from px import journeys, messages
from px.journeys import JourneyWarning, KnownShop, editing, forms, words
from px.messages import TemplateParts

_KEPT = "px_journey_known"
# Figures and what the shop knows change slowly, and are asked of large tables.
_OF_READERS = ("opened", "clicked", "answered", "unsubscribed")
_FRESH = timedelta(seconds=20)


@dataclass(frozen=True)
class Known:
    """The names of the texts there are, the words of those in use, and what the shop knows."""

    at: At
    names: Mapping[str, str]
    texts: Mapping[str, TemplateParts]
    saved: Mapping[str, TemplateParts]
    shop: KnownShop
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    journeys: Mapping[str, str] = field(default_factory=dict)

    def label(self, key: str) -> str:
        """A text's name; a key without a text says so."""
        if not key:
            return "Choose a text"
        if key not in self.names:
            return f"{words.spaced(key)} (not written yet)"
        name = self.names[key]
        is_alone = list(self.names.values()).count(name) == 1
        return name if is_alone else f"{name} ({key})"

    @property
    def unsaved(self) -> list[str]:
        """The names of the texts whose words in the boxes are not saved."""
        return [self.label(key) for key, parts in self.saved.items() if self.texts[key] != parts]

    def warnings(self, draft: Draft) -> list[JourneyWarning]:
        """What is likely a mistake, found once for each change of the journey or its texts."""
        about = (draft.data, self.texts, self.shop)
        kept = st.session_state.get(f"{_KEPT}_warnings")
        if kept is None or kept[0] is not about[0] or kept[1:3] != about[1:]:
            found = journeys.warnings_of(draft.data, texts=self.texts, known=self.shop)
            kept = st.session_state[f"{_KEPT}_warnings"] = (*about, found)
        return list(kept[3])


def known_of(session: Any, draft: Draft, at: At) -> Known:
    """What is known for this draft now; the words that somebody is writing count as written."""
    names = {line.key: line.name for line in messages.template_list(session)}
    used = messages.template_versions(session, used_texts(draft))
    saved = {key: parts for key, (_version, parts) in used.items()}
    texts = {key: written.in_boxes(key) or parts for key, parts in saved.items()}
    shop, counts, others = _slow(session, draft, at)
    return Known(at, names, texts, saved, shop, counts, others)


def used_texts(draft: Draft) -> list[str]:
    """The keys of the texts that the draft sends, each once."""
    rows = (row for point in editing.points_of(draft.data) for row in forms.weights_rows(point))
    return list(dict.fromkeys(key for key, _share in rows if key))


def _slow(session: Any, draft: Draft, at: At) -> tuple[KnownShop, Any, dict[str, str]]:
    about = (draft.key, _spoken_of(draft))
    kept: tuple[Any, datetime, Any] | None = st.session_state.get(_KEPT)
    if kept is None or kept[0] != about or not timedelta(0) <= at.now - kept[1] < _FRESH:
        found = (
            journeys.known_shop(session, draft.data, at.settings),
            _figures(session, draft.key),
            {line.key: line.name for line in journeys.journey_lines(session)},
        )
        kept = st.session_state[_KEPT] = (about, at.now, found)
    shop, counts, others = kept[2]
    return shop, counts, others


def _figures(session: Any, key: str) -> dict[str, dict[str, int]]:
    """How many touches of each touchpoint have which status, and what readers did with them."""
    counts = journeys.touch_counts(session, key)
    for touchpoint, read in journeys.as_figures(journeys.touchpoint_results(session, key)).items():
        of_readers = {name: number for name, number in read.items() if name in _OF_READERS}
        counts[touchpoint] = counts.get(touchpoint, {}) | of_readers
    return counts


def _spoken_of(draft: Draft) -> str:
    """What the document asks of the shop: conditions and what it counts from."""
    points = draft.data.get("touchpoints") or []
    asked = [(p.get("anchor"), p.get("if"), p.get("react"), p.get("purpose")) for p in points]
    return repr((draft.data.get("enter"), asked))


def forget_known() -> None:
    """What is known is asked again on the next run."""
    st.session_state.pop(_KEPT, None)
