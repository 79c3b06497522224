"""Where one journey stands, and changing that, which goes on record."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages._ui.doing import act, read
from pages._ui.page import At
from px import journeys


def line_of(key: str) -> journeys.JourneyLine:
    """The journey as the list of journeys has it."""
    with read() as session:
        return next(line for line in journeys.journey_lines(session) if line.key == key)


def offer(
    label: str, change: Callable[..., Any], key: str, at: At, *, verb: str, done: str
) -> None:
    """A button that makes this change of the journey; `verb` stands on record, `done` is said."""
    if st.button(label, type="primary"):
        with act(done) as session:
            change(session, key, now=at.now)
            at.note(session, verb, "journey", key)
