"""Journeys: which are live, how many people are inside, and what was sent."""

import streamlit as st

from db.kinds import Role
from pages._journey.actions import journey_menu
from pages._journey.sentences import test_sentence
from pages._journey.starting import import_dialog, new_dialog, start_example
from pages._ui.doing import read
from pages._ui.find import find_customer
from pages._ui.links import link
from pages._ui.page import At, page
from pages._ui.signs import badge
from pages._ui.words import count, figure, plain, when
from px import journeys


def main() -> None:
    """Draws the list, or what a journey is and how to begin."""
    with page("Journeys", role=Role.MANAGER) as at:
        with read() as session:
            lines = journeys.journey_lines(session)
            drawn = journeys.journeys_drawn_by(session, at.user.id)
        if not lines:
            first_steps(at)
            return
        at.answer(summary(lines))
        find_customer(at)
        if at.primary.button("Import a journey file", icon=":material/upload:"):
            import_dialog(at)
        if at.primary.button("New journey", type="primary", icon=":material/add:", shortcut="N"):
            new_dialog(at)
        shown = [line for line in lines if line.status != "archived"]
        ended = [line for line in lines if line.status == "archived"]
        for line in shown:
            journey_row(line, at, is_drawn=line.key in drawn)
        if ended:
            with st.expander(count(len(ended), "archived journey")):
                for line in ended:
                    journey_row(line, at, is_drawn=line.key in drawn)


def first_steps(at: At) -> None:
    """What a journey is, and the ways to begin."""
    at.answer(
        "A journey is everything you say to a customer after they buy, counted from what happens: "
        "the order, the parcel, the first weeks of use."
    )
    with st.container(border=True, horizontal_alignment="center", key="px_empty_journeys"):
        st.space("small")
        st.markdown("### :material/route:", text_alignment="center", anchors=False)
        st.subheader("No journeys yet", anchor=False, text_alignment="center")
        st.markdown(
            "The library has ready-made ones with all their texts, for skincare, coffee, furniture "
            "and more, for notices about the parcel, for reviews and buying again. What you take "
            "is a draft: nobody hears anything until you publish it.",
            text_alignment="center",
            width=520,
        )
        with st.container(horizontal=True, horizontal_alignment="center"):
            if st.button("Choose from the library", type="primary"):
                st.switch_page("library.py")
            if st.button("Start from an example"):
                start_example(at)
            if st.button("Import a journey file"):
                import_dialog(at)
            if st.button("New journey"):
                new_dialog(at)
        st.space("small")


def summary(lines: list[journeys.JourneyLine]) -> str:
    """How many are live and who is inside, in a sentence."""
    live = sum(line.status == "live" for line in lines)
    inside = sum(line.inside for line in lines)
    planned = sum(line.planned for line in lines)
    paused = sum(line.status == "paused" for line in lines)
    if not live and paused:
        return f"No journey is live: {count(paused, 'journey is', 'journeys are')} paused."
    if not live:
        return "No journey is live. Open one and publish it to begin."
    return (
        f"{count(live, 'journey is', 'journeys are')} live, "
        f"{count(inside, 'person is', 'people are')} inside, "
        f"{count(planned, 'message is', 'messages are')} planned."
    )


def journey_row(line: journeys.JourneyLine, at: At, *, is_drawn: bool) -> None:
    """One journey: its name, where it stands, its figures, and what can be done with it."""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(gap="xsmall", width="stretch"):
            with st.container(horizontal=True, vertical_alignment="center"):
                link("journey.py", f"**{plain(line.name)}**", key=line.key)
                badge(line.status)
                if line.test_addresses is not None:
                    st.badge("Test", icon=":material/science:", color="violet")
                if line.has_draft and line.status != "draft":
                    st.badge("Unpublished changes", icon=":material/edit:", color="gray")
                if is_drawn:
                    st.badge("Your unsaved changes", icon=":material/edit_note:", color="gray")
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(
                    f"{figure(line.inside)} inside, {figure(line.planned)} planned",
                    width="content",
                )
                if line.sent:
                    said = f"{figure(line.sent)} sent"
                    link("outbox.py", said, journey=line.key, status="sent")
                changed = when(line.changed_at, now=at.now, zone=at.zone)
                st.markdown(f":gray[Last change {plain(changed)}]", width="content")
            if line.test_addresses is not None:
                st.markdown(plain(test_sentence(line.test_addresses)))
        journey_menu(line.key, line.status, at, in_test=line.test_addresses is not None)


main()
