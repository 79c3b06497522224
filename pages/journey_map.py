"""Journey map: what does the customer want at each stage, and where are we silent?"""

import streamlit as st

from db.kinds import Role
from pages._map.choosing import choices, choose, document_of, goal_sentences, speaking_elsewhere
from pages._map.drawing import draw_map
from pages._ui.doing import read
from pages._ui.empty import empty
from pages._ui.links import link
from pages._ui.page import page
from pages._ui.words import count, plain
from px import journeys
from px.journeys import MapOfJourney


def main() -> None:
    """Draws the map of the journey that the address names, else of the first one."""
    with page("Journey map", role=Role.MANAGER) as at:
        options = choices()
        chosen = choose(options, st.query_params.to_dict())
        if chosen is None:
            if empty("There is no such journey", "The link may be old.", button="See another map"):
                st.query_params.clear()
                st.rerun()
            return
        with read() as session:
            document = document_of(session, chosen)
            drawn = journeys.map_of(document)
            elsewhere = speaking_elsewhere(session, options, chosen)
            results = journeys.touchpoint_results(session, chosen.key) if chosen.is_own else {}
            goal = goal_sentences(session, chosen, document, at)
        at.answer(summary(drawn))
        if drawn.customer_goal:
            st.markdown(f"**The customer's goal:** “{plain(drawn.customer_goal)}”")
        draw_map(
            drawn,
            address=chosen.address,
            figures=journeys.as_figures(results),
            elsewhere=elsewhere,
            counted={journeys.goal_stage(document): goal},
        )
        if chosen.is_own:
            link("journey.py", "Open the journey", icon=":material/route:", key=chosen.key)
        else:
            link("library.py", "Read it in the library", icon=":material/book:", key=chosen.key)
        st.caption(
            "Days are counted from the order, for a parcel that takes the usual three days; real "
            "ones follow the parcel. What the customer wants and what is measured can be changed "
            "under Settings of the journey."
        )


def summary(drawn: MapOfJourney) -> str:
    """Where the journey speaks and where it does not, in a sentence."""
    silent = [
        journeys.words.spaced(stage.stage).lower() for stage in drawn.stages if not stage.touches
    ]
    points = count(sum(len(stage.touches) for stage in drawn.stages), "touchpoint")
    spoken = count(len(drawn.stages) - len(silent), "stage")
    said = f"{plain(drawn.name)} speaks at {spoken} with {points}"
    return (
        f"{said}, and says nothing at {journeys.words.joined(silent, 'and')}."
        if silent
        else (f"{said}: there is no stage without a word.")
    )


main()
