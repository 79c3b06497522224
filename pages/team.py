"""Team: who may sign in, with which role, and who did what?"""

import streamlit as st

from db.kinds import Role
from pages._ui.page import At, act, page, read
from pages._ui.table import Column, table
from pages._ui.words import count
from px import journeys, team
from px.team import AuditLine, StaffLine

ROLES = [role.value for role in Role]
PEOPLE = [
    Column("name", "Name"),
    Column("email", "Email"),
    Column("role", "Role"),
    Column("state", "May sign in"),
    Column("seen_at", "Last signed in", "moment"),
]
DEEDS = [
    Column("at", "When", "moment"),
    Column("by", "Who"),
    Column("what", "What"),
    Column("detail", "Details"),
]


@st.dialog("Add somebody")
def add(at: At) -> None:
    """Asks for an address, a role and a first password."""
    with st.form("add", border=False):
        name = st.text_input("Name", max_chars=200)
        email = st.text_input("Email", type="email", autocomplete="off")
        role = st.selectbox("Role", ROLES, index=1, format_func=str.capitalize)
        st.caption("  \n".join(f"**{kind.value.capitalize()}** {kind.meaning}" for kind in Role))
        password = st.text_input(
            "First password", type="password", help="Tell it to them in person or by phone."
        )
        if st.form_submit_button("Add to the team", type="primary"):
            with act(f"{email} is on the team") as session:
                team.add_staff(
                    session,
                    email=email,
                    name=name,
                    role=Role(role),
                    password=password,
                    by=at.user.email,
                    now=at.now,
                )


def change(at: At, person: StaffLine) -> None:
    """What can be done about one person."""
    by, now = at.user.email, at.now
    with st.container(border=True):
        st.subheader(team_name(person), anchor=False)
        left, right = st.columns(2, gap="large", vertical_alignment="bottom")
        with left, st.form(f"role {person.email}", border=False):
            role = st.selectbox(
                "Role", ROLES, index=ROLES.index(person.role.value), format_func=str.capitalize
            )
            if st.form_submit_button("Change role"):
                with act("Role changed; they sign in again") as session:
                    team.change_role(session, person.email, Role(role), by=by, now=now)
        with right, st.form(f"password {person.email}", border=False, clear_on_submit=True):
            password = st.text_input("New password", type="password")
            if st.form_submit_button("Set password"):
                with act("Password set; they sign in again") as session:
                    team.set_password(session, person.email, password, by=by, now=now)
        if person.is_active and st.button("Do not let them sign in any more"):
            with act("They are signed out and stay out") as session:
                gone = team.deactivate(session, person.email, by=by, now=now)
                journeys.drop_drawings_of(session, gone)
        elif not person.is_active and st.button("Let them sign in again"):
            with act("They may sign in again") as session:
                team.activate(session, person.email, by=by, now=now)


def team_name(person: StaffLine) -> str:
    """How the person is called here."""
    return person.name or person.email


def as_row(person: StaffLine) -> dict[str, object]:
    """The person as the grid shows them."""
    return {
        "id": person.email,
        "name": person.name,
        "email": person.email,
        "role": person.role.value.capitalize(),
        "state": "Yes" if person.is_active else "No",
        "seen_at": person.seen_at,
    }


def as_deed(number: int, line: AuditLine) -> dict[str, object]:
    """The deed as the grid shows it."""
    detail = ", ".join(f"{name}: {value}" for name, value in line.detail.items())
    what = f"{line.verb} {line.noun} {line.noun_id}".strip()
    return {"id": number, "at": line.at, "by": line.by, "what": what, "detail": detail}


with page("Team", role=Role.ADMIN) as at:
    with read() as session:
        people, deeds = team.staff(session), team.audit(session)
    active = sum(person.is_active for person in people)
    at.answer(f"{count(active, 'person', 'people')} may sign in. Choose one to change them.")
    if at.primary.button("Add somebody", type="primary", icon=":material/person_add:"):
        add(at)
    chosen = table([as_row(person) for person in people], PEOPLE, key="people", at=at)
    for person in people:
        if person.email in chosen:
            change(at, person)
    st.subheader("What the team did", anchor=False)
    table([as_deed(*pair) for pair in enumerate(deeds)], DEEDS, key="deeds", at=at, select=None)
