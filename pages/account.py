"""Your account: who am I here, and what is my password?"""

import streamlit as st

from db.kinds import Role
from pages._ui.doing import say_problem
from pages._ui.page import act, page
from pages._ui.words import lowered, plain
from px import team

with page("Your account", role=Role.SUPPORT) as at:
    role, means = at.user.role, lowered(at.user.role.meaning)
    at.answer(f"You are signed in as {plain(at.user.email)} with the role {role.value}: {means}")
    with st.form("password", border=False, width=420):
        st.subheader("Change your password", anchor=False)
        current = st.text_input("Current password", type="password")
        new = st.text_input(
            f"New password, at least {team.SHORTEST_PASSWORD} characters", type="password"
        )
        again = st.text_input("New password again", type="password")
        if st.form_submit_button("Change password", type="primary"):
            if new != again:
                say_problem("The two new passwords differ.")
            else:
                with act("Password changed") as session:
                    team.change_own_password(
                        session, at.user.email, current=current, new=new, now=at.now
                    )
    st.caption("You will be asked to sign in again, in every browser.")
