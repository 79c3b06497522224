"""Fields of the settings: each shows its value, and stands still where the host has set it.

fields = Fields(loaded)
fields.text("shop_name", "Name of the shop")
if st.form_submit_button("Save shop"): fields.save("Shop saved", at)
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import time
from typing import Any

import streamlit as st

from pages._ui.doing import act
from pages._ui.page import At
from px.core import settings
from px.core.errors import InvalidInput
from px.core.settings import PREFIX, SECRETS, Loaded


class Fields:
    """The fields of one part of the settings page, and what stands in them."""

    def __init__(self, loaded: Loaded) -> None:
        """Nothing is drawn yet."""
        self._kept = loaded.values
        self._sources = loaded.sources
        self._entered: dict[str, Any] = {}
        self._labels: dict[str, str] = {}

    def text(self, name: str, label: str, *, lines: int = 1, **more: Any) -> None:
        """A line of text, or several."""
        self._draw(name, label, st.text_area if lines > 1 else st.text_input, **more)

    def number(self, name: str, label: str, **more: Any) -> None:
        """A number within its limits, of the kind of its lowest."""
        kept = type(more["min_value"])(getattr(self._kept, name))
        self._draw(name, label, st.number_input, kept, **more)

    def colour(self, name: str, label: str) -> None:
        """A colour."""
        self._draw(name, label, st.color_picker)

    def choice(self, name: str, label: str, options: Mapping[str, str], **more: Any) -> None:
        """One of some values, each shown by its words."""
        words = {"options": list(options), "format_func": options.__getitem__}
        place = list(options).index(getattr(self._kept, name))
        self._draw(name, label, st.selectbox, value=None, index=place, **words, **more)

    def switch(self, name: str, label: str, **more: Any) -> None:
        """On or off."""
        self._draw(name, label, st.toggle, **more)

    def clock(self, name: str, label: str, **more: Any) -> None:
        """A time of day, which may be left empty."""
        kept = getattr(self._kept, name)
        self._draw(name, label, st.time_input, time.fromisoformat(kept) if kept else None, **more)
        if name in self._entered:
            entered = self._entered[name]
            self._entered[name] = f"{entered:%H:%M}" if entered else ""

    def secret(self, name: str, label: str) -> None:
        """A password: never shown, replaced when something is typed."""
        hint = "Kept. Type to replace it." if getattr(self._kept, name) else ""
        self._draw(name, label, st.text_input, "", type="password", placeholder=hint)
        if not self._entered.get(name):
            self._entered.pop(name, None)

    def entered(self, name: str) -> Any:
        """What stands in the field now, saved or not."""
        return self._entered.get(name, getattr(self._kept, name))

    def save(self, done: str, at: At) -> None:
        """What was changed is kept and on record, or a sentence says which field is wrong."""
        changes = {k: v for k, v in self._entered.items() if v != getattr(self._kept, k)}
        with act(done) as session:
            try:
                settings.save(session, changes, by=at.user.email, now=at.now)
            except InvalidInput as error:
                raise InvalidInput(self._in_words(str(error))) from error
            if changes:
                on_record = {k: "" if k in SECRETS else v for k, v in changes.items()}
                at.note(session, "changed", "settings", **on_record)

    def _draw(
        self, name: str, label: str, draw: Callable[..., Any], value: Any = ..., **more: Any
    ) -> None:
        self._labels[name] = label
        if value is ...:
            value = getattr(self._kept, name)
        if "index" not in more:
            more["value"] = value
        source = self._sources[name]
        is_locked = source in ("environment", ".env")
        entered = draw(label, key=f"px_set_{name}", disabled=is_locked, **more)
        if is_locked:
            place = "in its environment" if source == "environment" else "in its .env file"
            st.caption(f":material/lock: Set by the host {place} as {PREFIX}{name.upper()}.")
        else:
            self._entered[name] = entered

    def _in_words(self, problem: str) -> str:
        for name, label in self._labels.items():
            problem = problem.replace(f"{PREFIX}{name.upper()}:", f"{label}:")
        problem = problem.removeprefix("Settings: ")
        return problem[:1].upper() + problem[1:]


def options_of(words: Sequence[str]) -> dict[str, str]:
    """Words that are shown as they are."""
    return {word: word for word in words}
