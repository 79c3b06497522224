"""Figures: what came of each touchpoint, and of each text of those that have several."""

from typing import Any

import streamlit as st

from pages._journey.draft import Draft
from pages._journey.figures_chart import results_chart
from pages._journey.figures_words import (
    Row,
    answer,
    apart,
    filled_columns,
    skipped_rows,
    touchpoint_cells,
    variant_cells,
)
from pages._journey.known import used_texts
from pages._ui.doing import read
from pages._ui.empty import empty
from pages._ui.page import At
from pages._ui.theme import drawn
from pages._ui.words import figure, plain
from px import journeys, messages
from px.journeys import Results, editing, forms


def figures_tab(draft: Draft, at: At) -> None:
    """What readers did, per touchpoint and per text, with how far each figure can be believed."""
    with read() as session:
        results = journeys.touchpoint_results(session, draft.key)
        texts = {line.key: line.name for line in messages.template_list(session)}
        linked = _linked(session, draft)
    if not results:
        empty(
            "No figures yet",
            "Publish this journey. As soon as somebody is inside, this says what each touchpoint "
            "sent, what people clicked and answered, and why somebody got nothing.",
            icon=":material/bar_chart:",
        )
        return
    rows = _rows(draft, results, linked, at)
    st.markdown(answer(rows))
    _table([touchpoint_cells(draft.key, row) for row in rows])
    st.caption(_doubts(rows, at))
    for row in rows:
        if row.results.by_variant:
            _texts(draft.key, row, texts)
    counted = [(row.label, row.results) for row in rows if not row.unclicked and row.results.sent]
    if counted:
        spec, numbers, says = results_chart(counted)
        st.caption(f"{says}. A long band means too few messages to know.")
        drawn(spec, table=numbers, says=says, height=70 + 44 * len(numbers))
    if skipped := skipped_rows(rows):
        with st.expander("Why somebody got nothing"):
            st.dataframe(skipped, hide_index=True, alt="Skipped touches by touchpoint and reason")


def _linked(session: Any, draft: Draft) -> set[str]:
    """The keys of the draft's texts in which there is a link to count."""
    found = messages.template_versions(session, used_texts(draft))
    return {key for key, (_version, parts) in found.items() if messages.has_counted_links(parts)}


def _rows(draft: Draft, results: dict[str, Results], linked: set[str], at: At) -> list[Row]:
    """In the order of the draft; those that it has no more come last."""
    drawn_here = {str(point.get("key")): point for point in editing.points_of(draft.data)}
    rows = [
        Row(
            key,
            str(point.get("name") or key),
            results[key],
            asks=bool(point.get("ask")),
            unclicked=_unclicked(point, results[key], linked, at),
        )
        for key, point in drawn_here.items()
        if key in results
    ]
    gone = [key for key in results if key not in drawn_here]
    return rows + [Row(key, f"{key} (removed)", results[key]) for key in gone]


def _unclicked(point: dict[str, Any], results: Results, linked: set[str], at: At) -> str:
    """Why clicks of this touchpoint are not known; empty when they are."""
    if results.clicked:
        return ""
    if not at.settings.track_links or point.get("purpose") == "transactional":
        return "not counted"
    return "" if linked.intersection(dict(forms.weights_rows(point))) else "no link"


def _table(rows: list[dict[str, str]]) -> None:
    # A table of the page itself, so that every figure in it can be a link.
    st.table(filled_columns(rows), border="horizontal")


def _doubts(rows: list[Row], at: At) -> str:
    """How far the figures can be believed."""
    if not at.settings.track_links:
        return (
            "Links are not counted in this shop, so nobody knows what is opened and clicked."
            " The settings can change that for messages that leave from then on."
        )
    machines = sum(row.results.prefetched for row in rows)
    left_out = f" {figure(machines)} that only Apple's own machines fetched are left out."
    return (
        "Opened is a guess: some mail programs open every mail, others never tell."
        f"{left_out if machines else ''} Clicked and answered are what people did."
    )


def _texts(journey: str, row: Row, texts: dict[str, str]) -> None:
    st.markdown(f"#### Which text does better: {plain(row.label)}")
    verdict = journeys.verdict_of(row.results, texts, asks=row.asks)
    if verdict is not None:
        st.markdown(plain(verdict.sentence))
        if sure := apart(verdict):
            st.caption(sure)
    _table(
        [
            variant_cells(journey, row.key, variant, texts.get(variant, variant), one)
            for variant, one in row.results.by_variant.items()
        ]
    )
