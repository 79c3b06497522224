"""The timeline of a journey: a component of plain html, css and js that draws a scene.

    deed = timeline(scene, selected=draft.chosen, key="px_timeline", can_undo=..., can_redo=...)

Python's document is the truth: the browser shows a move at once and hands it over as a Deed, each
once and in the order of doing; the next one comes when the page has run again. So whoever applies
or refuses a deed runs the page again (st.rerun), or asks `heard` for it before drawing.
"""

from dataclasses import dataclass
from functools import partial
from math import isfinite
from pathlib import Path
from typing import Any, Literal, cast, get_args

import streamlit as st

from pages._ui.signs import CHANNELS
from px.journeys.drawing.placing import DAY
from px.journeys.drawing.scene import scene_of

Kind = Literal["picked", "moved", "added", "duplicated", "deleted", "undo", "redo"]
_HERE = Path(__file__).parent
_NAME = "px_timeline"
_PARTS = ("scale", "cards", "lanes", "list", "moves", "doing", "timeline")
_HAS_PLACE = ("moved", "added")


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did on the timeline.

    A place is an anchor and days from it, with the time of day as their fraction.
    """

    kind: Kind
    touchpoint: str | None = None
    days: float | None = None
    anchor: str | None = None
    phase: str | None = None
    channel: str | None = None

    @property
    def minutes(self) -> int:
        """The days in minutes, as px.journeys.drawing.placing takes them."""
        return round((self.days or 0) * DAY)


def script() -> str:
    """The component's script: one module, made of its parts."""
    return "\n".join((_HERE / f"{part}.js").read_text("utf-8") for part in _PARTS)


_component = st.components.v2.component(
    _NAME,
    html=(_HERE / "timeline.html").read_text("utf-8"),
    css=(_HERE / "timeline.css").read_text("utf-8"),
    js=script(),
)


def timeline(
    scene: dict[str, Any],
    *,
    selected: str | None,
    key: str,
    can_undo: bool = True,
    can_redo: bool = True,
) -> Deed | None:
    """The timeline is drawn; what somebody did there since, one deed a run.

    Nothing is handed over here when `heard` was asked before: it asks again in the next run.
    """
    before = st.session_state.get(f"{key}_taken")
    was_asked = st.session_state.pop(f"{key}_asked", False)
    deed = None if was_asked else _next(key, scene["journey"])
    taken = st.session_state.get(f"{key}_taken")
    more = {
        "key": key,
        "selected": selected,
        "taken": taken,
        "applied": before,
        "can_undo": can_undo,
        "can_redo": can_redo,
    }
    _component(
        key=key,
        data={**scene, **more, "channels": signs()},
        width="stretch",
        height="content",
        on_deed_change=partial(_hear, key),
    )
    return deed


def heard(key: str, *, journey: str) -> Deed | None:
    """What somebody did on the timeline since, to be applied before it is drawn: one run less."""
    st.session_state[f"{key}_asked"] = True
    return _next(key, journey)


def _next(key: str, journey: str) -> Deed | None:
    inbox: list[dict[str, Any]] = st.session_state.setdefault(f"{key}_inbox", [])
    while inbox:
        said = inbox[0]
        # To speak to the session may end the run here: what was done is then still to be taken.
        st.session_state[f"{key}_taken"] = str(said["id"])
        del inbox[0]
        if said.get("journey") == journey:
            return deed_of(said)
    return None


def signs() -> dict[str, dict[str, str]]:
    """Word, glyph and colour of every channel, as the cards show them."""
    return {
        channel: {"word": sign.word, "glyph": sign.glyph, "colour": sign.colour}
        for channel, sign in CHANNELS.items()
    }


def _hear(key: str) -> None:
    """Runs before the page: what came in stays until the page takes it, however often it is cut."""
    said = st.session_state[key].get("deed")
    inbox = st.session_state.setdefault(f"{key}_inbox", [])
    known = {st.session_state.get(f"{key}_taken"), *(one["id"] for one in inbox)}
    if isinstance(said, dict) and deed_of(said) and said.get("id") not in known:
        inbox.append(said)


def deed_of(said: dict[str, Any]) -> Deed | None:
    """What the browser said as a deed; None when it is none."""
    kind, days = said.get("kind"), said.get("days")
    words = {name: said.get(name) for name in ("touchpoint", "anchor", "phase", "channel")}
    if kind not in get_args(Kind) or not isinstance(said.get("id"), str):
        return None
    if any(word is not None and not isinstance(word, str) for word in words.values()):
        return None
    if days is not None and (isinstance(days, bool) or not isinstance(days, int | float)):
        return None
    if kind in _HAS_PLACE and (days is None or not isfinite(days) or not words["anchor"]):
        return None
    return Deed(kind=cast(Kind, kind), days=days, **words)


__all__ = ["Deed", "deed_of", "heard", "scene_of", "script", "signs", "timeline"]
