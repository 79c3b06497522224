"""What came of a rehearsal: sentences, calendar, funnel, reasons, cost and messages to read."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import streamlit as st

from pages._journey.rehearsal_chart import calendar_chart, per_day_chart
from pages._journey.rehearsal_cost import cost_sentence, prices
from pages._journey.rehearsal_lines import named
from pages._journey.rehearsal_tables import cost_rows, difference_rows, funnel_rows, reason_rows
from pages._journey.rehearsal_words import (
    difference_sentence,
    entered_sentence,
    goal_sentence,
    sentence,
    variable_word,
)
from pages._ui.page import At
from pages._ui.signs import spoken
from pages._ui.theme import drawn
from pages._ui.words import count, figure, full, plain
from px import journeys
from px.journeys import ExampleCustomer, Figures, RehearsalLine, editing, words

_VIEWS: dict[str, Callable[[Figures], Any]] = {
    "Calendar": calendar_chart,
    "Days by channel": per_day_chart,
}


def show_rehearsal(
    line: RehearsalLine,
    other: RehearsalLine | None,
    data: editing.Data,
    names: Mapping[int, str],
    at: At,
) -> None:
    """The whole of one rehearsal, against the live version or another rehearsal."""
    figures = line.figures
    assert figures is not None
    labels = words.labels(data)
    st.markdown(sentence(line, at.zone, names))
    _difference(line, other, labels, names, at)
    if not figures.enrolments:
        return
    if figures.per_day:
        _charts(figures)
    _funnel(figures, labels, str(data.get("per") or "order"))
    _reasons(figures, labels)
    _cost(figures, at)
    _missing(figures)
    if figures.examples:
        st.subheader("Messages to read", anchor=False)
        for one in figures.examples:
            _example(one, labels, at)


def _difference(
    line: RehearsalLine,
    other: RehearsalLine | None,
    labels: Mapping[str, str],
    names: Mapping[int, str],
    at: At,
) -> None:
    assert line.figures is not None
    if other is not None and other.figures is not None:
        against = f"the rehearsal of {plain(named(other, at.now, at.zone, names))}"
        found = journeys.compare_figures(line.figures, other.figures)
    elif line.live is not None:
        against, found = "what is live", journeys.compare_figures(line.figures, line.live)
    else:
        if line.is_as_live:
            st.markdown(":gray[This is what is live.]")
        return
    st.markdown(f":material/difference: {difference_sentence(found, against)}")
    if not found.is_none:
        with st.expander("Where it differs, by touchpoint"):
            rows = difference_rows(found, labels)
            st.dataframe(rows, hide_index=True, alt="Messages before and after by touchpoint")


def _charts(figures: Figures) -> None:
    view = st.segmented_control(
        "How many messages a day",
        list(_VIEWS),
        default="Calendar",
        required=True,
        key="px_rehearsal_view",
    )
    spec, table, says = _VIEWS[str(view)](figures)
    drawn(spec, table=table, says=says, height=240)


def _funnel(figures: Figures, labels: Mapping[str, str], per: str) -> None:
    st.subheader("How far they came", anchor=False)
    st.markdown(f"{entered_sentence(figures, per)} {goal_sentence(figures)}".strip())
    share = st.column_config.ProgressColumn(
        "Reached", help="Of those who entered", format="%d%%", min_value=0, max_value=100
    )
    st.dataframe(
        funnel_rows(figures, labels),
        hide_index=True,
        column_config={"Reached": share},
        alt="Of those who entered, how many each touchpoint reached",
    )


def _reasons(figures: Figures, labels: Mapping[str, str]) -> None:
    if rows := reason_rows(figures, labels):
        st.subheader("What was held, and what did not go", anchor=False)
        st.dataframe(rows, hide_index=True, alt="Held and skipped messages with their reasons")


def _cost(figures: Figures, at: At) -> None:
    st.subheader("What it costs", anchor=False)
    said = cost_sentence(figures.parts, at.settings)
    st.markdown(said or ":gray[Say under Settings what a message costs, and the sum stands here.]")
    if rows := cost_rows(figures, prices(at.settings)):
        st.dataframe(rows, hide_index=True, alt="Cost by channel")


def _missing(figures: Figures) -> None:
    if not figures.missing:
        return
    told = ", ".join(
        f"{plain(variable_word(name))} ({figure(number)})"
        for name, number in figures.missing.items()
    )
    messages = count(figures.with_missing, "message shows", "messages show")
    st.markdown(
        f":material/edit_off: {messages} nothing where there should be: {told}. "
        'A default helps, such as `| default: "there"`.'
    )


def _example(one: ExampleCustomer, labels: Mapping[str, str], at: At) -> None:
    with st.expander(f"{plain(one.name or 'No name')}, {count(one.total, 'message')}"):
        for number, message in enumerate(one.messages):
            if number:
                st.divider()
            moment = full(datetime.fromisoformat(message.at), at.zone)
            name = labels.get(message.touchpoint, message.touchpoint)
            st.caption(f"{plain(moment)}, {spoken(message.channel)}, {plain(name)}")
            if message.channel == "email":
                st.markdown(f"**{plain(message.subject)}**")
            st.text(message.text)
        if one.total > len(one.messages):
            st.caption(f"The first {figure(len(one.messages))} of {figure(one.total)}.")
