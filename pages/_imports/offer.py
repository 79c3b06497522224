"""A file on its way in: what it is, which column is which, and the buttons that take it in."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from db.kinds import ImportKind
from pages._imports.first_rows import show_first_rows
from pages._imports.words import kind_words
from pages._ui.doing import act
from pages._ui.page import At
from pages._ui.words import count, lowered
from px import orders
from px.orders import AmbiguousDates, FileOptions, ImportOptions, Look, Upload

_KINDS = list(ImportKind)


def offer(given: Any, at: At) -> None:
    """Everything about the file before it is imported, and the two buttons."""
    upload = _kept(given, at)
    look = orders.look_at_upload(upload, None)
    left, right = st.columns(2)
    kind = left.selectbox(
        "What the file holds",
        _KINDS,
        index=_KINDS.index(look.kind),
        format_func=kind_words,
        key=f"px_import_kind_{given.file_id}",
    )
    days = right.number_input(
        "Orders older than this many days start nothing",
        min_value=0,
        max_value=36500,
        value=at.settings.historic_days,
        disabled=orders.NOUNS[kind] != "orders",
    )
    if kind != look.kind:
        look = orders.look_at_upload(upload, kind)
    mapping = _mapped(look)
    if any(column.key not in mapping for column in look.missing):
        return
    limits = orders.UPLOAD_LIMITS
    options = ImportOptions(FileOptions(kind, mapping, limits=limits), int(days))
    try:
        preview = orders.preview_upload(upload, options, settings=at.settings, now=at.now)
    except AmbiguousDates:
        options = ImportOptions(FileOptions(kind, mapping, _date_order(), limits), int(days))
        preview = orders.preview_upload(upload, options, settings=at.settings, now=at.now)
    show_first_rows(preview, at)
    _buttons(upload, options, at)


def _kept(given: Any, at: At) -> Upload:
    """The file in the data folder; kept once, however often the page runs."""
    known = st.session_state.get("px_import_upload")
    if known and known[0] == given.file_id:
        return known[1]
    upload = orders.keep_upload(given, given.name, settings=at.settings)
    st.session_state["px_import_upload"] = (given.file_id, upload)
    return upload


def _mapped(look: Look) -> dict[str, str]:
    """Which heading stands for which column of ours, where the file's own do not say."""
    if look.missing:
        st.markdown(
            f"This is not quite {lowered(kind_words(look.kind))}: "
            f"say which of its columns hold the {count(len(look.missing), 'thing')} px needs."
        )
    missing = {column.key for column in look.missing}
    others = [c for c in look.columns if c.key not in look.found and c.key not in missing]
    chosen = _choose_all(look, look.missing)
    if others and look.kind in (ImportKind.ORDERS, ImportKind.CUSTOMERS, ImportKind.SHIPMENTS):
        with st.expander(f"{count(len(look.found), 'column')} recognised, more can be chosen"):
            chosen |= _choose_all(look, others)
    return {key: heading for key, heading in chosen.items() if heading}


def _choose_all(look: Look, columns: Sequence[Any]) -> dict[str, str | None]:
    chosen = {}
    places = st.columns(3)
    for number, column in enumerate(columns):
        with places[number % 3]:
            chosen[column.key] = _choose(look, column)
    return chosen


def _choose(look: Look, column: Any) -> str | None:
    """The heading of the file's column that stands for this one of ours."""
    headings = [None, *(name for name in look.header if name)]
    guess = look.suggested.get(column.key)
    heading: str | None = st.selectbox(
        column.about or column.key,
        headings,
        index=headings.index(guess) if guess in headings else 0,
        format_func=lambda name: name or "not in the file",
        key=f"px_import_{look.kind}_{column.key}",
    )
    return heading


def _date_order() -> Any:
    return st.radio(
        "In the file's dates, such as 3/4/2026, the first number is",
        ["dmy", "mdy"],
        format_func={"dmy": "the day", "mdy": "the month"}.get,
        horizontal=True,
    )


def _buttons(upload: Upload, options: ImportOptions, at: At) -> None:
    with st.container(horizontal=True):
        tried = st.button(
            "Try the file", help="Reads all of it, changes nothing, and says what it would bring."
        )
        real = st.button("Import the file", type="primary")
    if tried or real:
        chosen = ImportOptions(options.file, options.historic_days, dry_run=tried)
        with act("The import has begun") as session:
            orders.start_import(session, upload, chosen, by=at.user.email, now=at.now)
            at.note(session, "tried" if tried else "started", "import", upload.name)
            if real:
                # A new uploader: the file is given, and the next may come.
                st.session_state["px_import_round"] = st.session_state.get("px_import_round", 0) + 1
                st.session_state.pop("px_import_upload", None)
