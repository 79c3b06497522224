"""Figures: what came of each touchpoint and of each text of those that have several."""

import streamlit as st

from pages._journey.draft import Draft
from pages._journey.figures_chart import results_chart
from pages._journey.figures_words import (
    answer,
    apart,
    row_of,
    skipped_rows,
    variant_row,
)
from pages._ui.doing import read
from pages._ui.empty import empty
from pages._ui.page import At
from pages._ui.words import figure, plain
from px import journeys, messages
from px.journeys import Results, editing


def figures_tab(draft: Draft, at: At) -> None:
    """What readers did, per touchpoint and per text, with how far each figure can be believed."""
    with read() as session:
        results = journeys.touchpoint_results(session, draft.key)
        texts = {line.key: line.name for line in messages.template_list(session)}
    if not any(one.sent or one.planned or one.left_out or one.failed for one in results.values()):
        empty(
            "No figures yet",
            "Publish this journey. As soon as somebody is inside, this says what each touchpoint "
            "sent, what people followed and answered, and why somebody got nothing.",
            icon=":material/bar_chart:",
        )
        return
    points = _points(draft, results)
    st.markdown(answer(list(results.values())))
    _table([row_of(draft.key, key, label, results[key]) for key, label, _asks in points])
    _doubts(results, at)
    for key, label, asks in points:
        if results[key].by_variant:
            _texts(draft.key, key, label, results[key], texts, asks=asks)
    if any(one.sent for one in results.values()):
        _chart([(label, results[key]) for key, label, _asks in points])
    if rows := skipped_rows([(label, results[key]) for key, label, _asks in points]):
        with st.expander("Why somebody got nothing"):
            st.dataframe(rows, hide_index=True, alt="Skipped touches by touchpoint and reason")


def _points(draft: Draft, results: dict[str, Results]) -> list[tuple[str, str, bool]]:
    """Key, name and whether it asks something: in the order of the draft, removed ones last."""
    drawn = [
        (str(p["key"]), str(p.get("name") or p["key"]), bool(p.get("ask")))
        for p in editing.points_of(draft.data)
        if str(p.get("key")) in results
    ]
    known = {key for key, _label, _asks in drawn}
    return drawn + [(key, f"{key} (removed)", False) for key in results if key not in known]


def _table(rows: list[dict[str, str]]) -> None:
    # A table of the page itself, so that every figure in it can be a link.
    st.table({name: [row[name] for row in rows] for name in rows[0]}, border="horizontal")


def _doubts(results: dict[str, Results], at: At) -> None:
    machines = sum(one.prefetched for one in results.values())
    left_out = (
        f" {figure(machines)} that only a machine of Apple's fetched are left out."
        if machines
        else ""
    )
    said = (
        "Opened is a guess: some mail programs open every mail, others never say."
        f"{left_out} Followed and answered are what people did."
    )
    if not at.settings.track_links:
        said = (
            "Links are not counted in this shop: what was opened and followed is not known."
            " The settings can change that for messages that leave from then on."
        )
    st.caption(said)


def _texts(
    journey: str, key: str, label: str, results: Results, texts: dict[str, str], *, asks: bool
) -> None:
    st.markdown(f"#### Which text does better: {plain(label)}")
    verdict = journeys.verdict_of(results, texts, asks=asks)
    if verdict is not None:
        st.markdown(plain(verdict.sentence))
        if sure := apart(verdict):
            st.caption(sure)
    _table(
        [
            variant_row(journey, key, variant, texts.get(variant, variant), one)
            for variant, one in results.by_variant.items()
        ]
    )


def _chart(points: list[tuple[str, Results]]) -> None:
    from pages._ui.theme import drawn

    spec, rows, says = results_chart(points)
    drawn(spec, table=rows, says=says, height=60 + 56 * len({row["Touchpoint"] for row in rows}))
