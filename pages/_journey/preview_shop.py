"""What the preview asks of the shop: a touchpoint's texts, telling customers, who lacks what."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages._messages import words as written
from pages._ui.page import At, read
from px import journeys, messages
from px.core.tokens import fingerprint
from px.journeys import Document, Lacking, TellingCustomer, Touchpoint
from px.messages import TemplateParts


@dataclass(frozen=True, slots=True)
class Looked:
    """A touchpoint that is looked at, with its texts that can be sent.

    `unsaved` are those that somebody is writing in this tab, by the key of the text.
    """

    document: Document
    point: Touchpoint
    texts: list[TemplateParts]
    unsaved: dict[str, TemplateParts]


def look_at(document: Document, point: Touchpoint) -> Looked:
    """The touchpoint with its texts as they stand in the boxes, else as they are saved."""
    boxes = {key: written.in_boxes(key) for key in point.messages}
    with read() as session:
        saved = messages.template_versions(session, point.messages)
        unsaved = {
            key: parts
            for key, parts in boxes.items()
            if parts is not None and (key not in saved or saved[key][1] != parts)
        }
        texts = journeys.texts_of(session, document, point, unsaved)
    return Looked(document, point, texts, unsaved)


def telling(looked: Looked, at: At) -> list[TellingCustomer]:
    """At most three customers who show most of what the touchpoint can look like."""
    document, point = looked.document, looked.point

    def find(session: Any) -> list[TellingCustomer]:
        return journeys.telling_customers(session, document, point, texts=looked.texts, now=at.now)

    about = (document.per, point.channels, point.purpose, point.condition)
    found: list[TellingCustomer] = _kept("telling", about, looked, at, find)
    return found


def lacking(looked: Looked, at: At) -> dict[str, Lacking]:
    """How many of the shop lack each variable of the touchpoint's texts."""

    def find(session: Any) -> dict[str, Lacking]:
        return journeys.lacking_of(
            session,
            looked.document,
            looked.point,
            looked.texts,
            settings=at.settings,
            now=at.now,
        )

    found: dict[str, Lacking] = _kept("lacking", (), looked, at, find)
    return found


def _kept(
    what: str, about: tuple[object, ...], looked: Looked, at: At, find: Callable[[Any], Any]
) -> Any:
    """What is asked of large tables, asked again only when the touchpoint or its texts change."""
    document, key = looked.document, looked.point.key
    mark = fingerprint(
        document.journey, *about, key, repr(document.enter), looked.texts, at.now.date()
    )
    kept = st.session_state.get(f"px_pv_{what}")
    if kept is None or kept[0] != mark:
        with read() as session:
            kept = st.session_state[f"px_pv_{what}"] = (mark, find(session))
    return kept[1]
