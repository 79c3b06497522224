"""Who looks at a page, asked of the database on every run, and what those see who may not look."""

from datetime import datetime

import streamlit as st

from db.kinds import Role
from px.core.work import reading, work
from px.team import User, is_seen_lately, may, note_seen, signed_in


def reader(now: datetime) -> User | None:
    """Who looks, by the sign-in the gate vouched for; None when it has ended."""
    hashed = st.user.get("session")
    if not isinstance(hashed, str) or not hashed:
        return None
    with reading() as session:
        user = signed_in(session, hashed, now=now)
    if user and not is_seen_lately(user, now=now):
        with work() as session:
            note_seen(session, hashed, now=now)
    return user


def require_role(role: Role, now: datetime) -> User:
    """Who looks, if they may be here; else the page ends with a sentence."""
    user = reader(now)
    if user is None:
        session_ended()
    elif not may(user.role, role):
        st.title("Not for your role", anchor=False)
        st.markdown(
            f"This page is for the role **{role.value}**. Ask an admin of your team if you need it."
        )
    else:
        return user
    st.stop()


def session_ended() -> None:
    """Says that the sign-in is over and offers the way back in."""
    st.title("You are signed out", anchor=False)
    st.markdown("Your sign-in has ended. What you saved is kept.")
    st.html('<a class="px-link" href="/auth/sign-in" target="_self">Sign in again</a>')
