"""The map as a table of stages: beside each other on a desk, below each other on a phone."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path

import streamlit as st

from pages._ui.signs import sign
from pages._ui.theme import CHANNEL_COLOURS
from pages._ui.words import figure
from px.journeys import MapOfJourney, MapStage, MapTouch

Figures = Mapping[str, Mapping[str, int]]
_STYLE = Path(__file__).with_name("map.css").read_text(encoding="utf-8")
_COMMON = "A common one; the journey names none of its own."
# In this order; a figure that nobody counts yet is left out.
_COUNTED = {
    "sent": "sent",
    "opened": "opened (not reliable)",
    "clicked": "followed a link",
    "answered": "answered",
    "unsubscribed": "unsubscribed",
}


def draw_map(
    drawn: MapOfJourney,
    *,
    address: Callable[[str], str],
    figures: Figures,
    elsewhere: Mapping[str, Sequence[str]],
    counted: Mapping[str, Sequence[str]],
) -> None:
    """Draws the map; `address` is where a touchpoint is seen, `figures` those of each touchpoint,
    `elsewhere` which other live journeys speak at a stage, `counted` what else is known of one.
    """
    columns = "".join(
        _column(
            stage,
            place,
            address,
            [*figures_of(stage, figures), *counted.get(stage.stage, ())],
            elsewhere.get(stage.stage, ()),
        )
        for place, stage in enumerate(drawn.stages)
    )
    st.html(f'<style>{_STYLE}</style><div class="px-map">{columns}</div>')


def figures_of(stage: MapStage, figures: Figures) -> list[str]:
    """What px has counted at the stage, each with its word: 412 sent, 31 answered."""
    said = []
    for kind, words in _COUNTED.items():
        number = sum(figures.get(touch.key, {}).get(kind, 0) for touch in stage.touches)
        if number:
            said.append(f"{figure(number)} {words}")
    return said


def _column(
    stage: MapStage,
    place: int,
    address: Callable[[str], str],
    figures: Sequence[str],
    elsewhere: Sequence[str],
) -> str:
    touches = "".join(_touch(touch, address) for touch in stage.touches)
    counted = "".join(f"<p>{escape(one)}</p>" for one in figures)
    title, wants = escape(stage.title), escape(stage.wants)
    rows = (
        f'<h2>{title}</h2><div class="px-wants"><h3>The customer asks</h3><p>{wants}</p></div>',
        _part("What is said", f"<ol>{touches}</ol>" if touches else _gaps(stage, elsewhere)),
        _part("Where nothing is said", _gaps(stage, elsewhere) if touches else ""),
        _part("What is measured", _metric(stage)),
        _part("So far", counted),
    )
    band = 8 + place * 5
    return f'<section aria-label="{title}" style="--px-band: {band}%">{"".join(rows)}</section>'


def _part(title: str, inside: str) -> str:
    """A row of the column; an empty one keeps its place beside the others."""
    if not inside:
        return '<div class="px-empty"></div>'
    return f"<div><h3>{title}</h3>{inside}</div>"


def _touch(touch: MapTouch, address: Callable[[str], str]) -> str:
    signs = ", ".join(f"{sign(c).glyph}\u00a0{sign(c).word}" for c in touch.channels)
    hue = CHANNEL_COLOURS.get(touch.channels[0], "#8A94A0")
    more = [*(["part of the order"] if not touch.is_marketing else []),
            *(["asks a question"] if touch.asks else [])]  # fmt: skip
    day = f"About day {touch.day}" if touch.day >= 0 else f"About {-touch.day} days before"
    return (
        f'<li class="px-touch" style="--px-hue: {hue}">'
        f'<a href="{escape(address(touch.key))}" target="_self">{escape(touch.name)}</a>'
        f'<span class="px-day">{day}: {escape(touch.when)}</span>'
        f'<span class="px-signs">{escape(" · ".join([signs, *more]))}</span></li>'
    )


def _metric(stage: MapStage) -> str:
    own = "" if stage.is_own_metric else f'<p class="px-more">{_COMMON}</p>'
    return f"<p>{escape(stage.metric)}</p>{own}" if stage.touches or stage.is_own_metric else ""


def _gaps(stage: MapStage, elsewhere: Sequence[str]) -> str:
    if not stage.gaps:
        return ""
    listed = "".join(f'<li class="px-gap">{escape(gap)}</li>' for gap in stage.gaps)
    other = ""
    if elsewhere and not stage.touches:
        named = " and ".join(f"“{escape(name)}”" for name in elsewhere[:2])
        verb = "speaks" if len(elsewhere) == 1 else "speak"
        other = f'<p class="px-more">{named} of yours {verb} here.</p>'
    return f"<ul>{listed}</ul>{other}"
