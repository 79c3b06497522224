"""What is being drawn: the document in this browser tab, with what was there before each change.

The draft lives in the session until it is saved. `put` keeps a change, `undo` takes it back, and
the form and the YAML write the same document.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import streamlit as st

from px import journeys
from px.core.errors import InvalidInput
from px.journeys import editing, reading

_KEY = "px_journey_draft"
_REVISION = "px_journey_revision"


@dataclass
class Draft:
    """A journey while it is being drawn.

    `saved` is the document as it was opened or saved last, at `as_of`. A new `revision` makes every
    box of the form anew from the document. `pending` is a YAML text that is not valid yet. While
    `is_saving`, what is stored may have become what is drawn.
    """

    key: str
    data: editing.Data
    saved: editing.Data
    as_of: datetime | None
    version: int | None
    revision: int = field(default_factory=lambda: _next_revision())
    chosen: str | None = None
    history: list[editing.Data] = field(default_factory=list)
    pending: str | None = None
    is_stale: bool = False
    is_saving: bool = False

    @property
    def is_changed(self) -> bool:
        """Whether something is not saved yet."""
        return self.data != self.saved

    @property
    def problems(self) -> editing.Problems:
        """What keeps the document from being saved."""
        return editing.problems_of(self.data)

    def put(self, data: editing.Data, *, redraw: bool = False) -> None:
        """The document is this one; the one before can be had back."""
        if data != self.data:
            self.history = [*self.history, self.data][-editing.MOST_UNDONE :]
            self.data = data
        if redraw:
            self.redraw()

    def undo(self) -> None:
        """The document is as it was before the last change."""
        if self.history:
            self.data = self.history.pop()
            self.redraw()

    def redraw(self) -> None:
        """Every box of the form is made anew."""
        self.revision = _next_revision()
        self.is_stale = True

    def choose(self, key: str | None) -> None:
        """This touchpoint is open, or none."""
        self.chosen = key
        self.is_stale = True

    def take_yaml(self, text: str) -> str | None:
        """The document is what the text says, or the text is pending; what is wrong with it."""
        try:
            data = editing.from_yaml(text, key=self.key)
        except InvalidInput as error:
            self.pending = text
            return _said(error)
        self.pending = None
        self.put(data, redraw=True)
        return None

    def drop_yaml(self) -> None:
        """The text that was not valid is gone; the form's document stands."""
        self.pending = None
        self.redraw()


def _said(error: InvalidInput) -> str:
    if isinstance(error, reading.InvalidJourney):
        return "\n".join(f"- {problem}" for problem in error.problems[:10])
    return f"- {error}"


def opened(session: Any, row: Any) -> Draft:
    """The draft of this journey: what the tab has been drawing, else what is stored.

    What somebody else has saved meanwhile is taken over while nothing here is unsaved.
    """
    kept: Draft | None = st.session_state.get(f"{_KEY}_{row.key}")
    stand = (row.draft_at, row.live_version_id)
    if kept is not None and not kept.is_saving and (kept.as_of, kept.version) == stand:
        return kept
    data = reading.to_data(journeys.draft_document(session, row))
    if kept is not None and kept.pending is None and data == _normal(kept.data):
        kept.saved, (kept.as_of, kept.version), kept.is_saving = kept.data, stand, False
        return kept
    if kept is not None and (kept.is_changed or kept.pending is not None):
        return kept
    fresh = Draft(row.key, data, data, *stand)
    if kept is not None:
        fresh.chosen = kept.chosen
    st.session_state[f"{_KEY}_{row.key}"] = fresh
    return fresh


def _normal(data: editing.Data) -> editing.Data | None:
    try:
        return reading.to_data(reading.read_document(data))
    except InvalidInput:
        return None


def forget(key: str) -> None:
    """The tab starts again from what is stored of this journey."""
    st.session_state.pop(f"{_KEY}_{key}", None)


def _next_revision() -> int:
    """A number that no box of this tab has had in its key."""
    st.session_state[_REVISION] = st.session_state.get(_REVISION, 0) + 1
    return int(st.session_state[_REVISION])
