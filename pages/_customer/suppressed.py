"""What must not be written to, and lifting that."""

import streamlit as st

from db.kinds import Channel, Role, SuppressionScope
from pages._customer.facts import suppression_sentence
from pages._ui.doing import act
from pages._ui.page import At
from px import customers
from px.customers import SuppressionLine


def suppressions(customer_id: int, lines: list[SuppressionLine], at: At) -> None:
    """What must not be written to, each with a way to lift it where that is allowed."""
    for number, line in enumerate(lines):
        st.markdown(suppression_sentence(line, at))
        if not line.can_be_lifted:
            st.markdown(":gray[This stands until they ask to be written to again.]")
        elif at.may(Role.MANAGER) and st.button(
            "Lift this", key=f"px_lift_{number}", icon=":material/lock_open:"
        ):
            lift_dialog(customer_id, line, at)


@st.dialog("Lift suppression")
def lift_dialog(customer_id: int, line: SuppressionLine, at: At) -> None:
    """Says what lifting means, then lifts."""
    st.markdown(suppression_sentence(line, at))
    st.markdown(
        "After lifting, messages go to this address again. Marketing still needs their consent."
    )
    if st.button("Lift suppression", type="primary"):
        with act("The suppression is lifted") as session:
            customers.lift_suppression(
                session,
                line.address,
                Channel(line.channel),
                scope=SuppressionScope(line.scope),
                key=at.settings.key,
                now=at.now,
            )
            at.note(
                session,
                "lifted a suppression",
                "customer",
                customer_id,
                channel=line.channel,
                scope=line.scope,
                reason=line.reason,
            )
