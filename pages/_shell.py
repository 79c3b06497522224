"""The script behind every address of the team: who looks, and which pages their role may open."""

from pathlib import Path

import streamlit as st

import px
from db.kinds import Role
from pages._ui.who import reader, session_ended
from pages._ui.words import plain
from px.core import clock
from px.team import may

HERE = Path(__file__).parent
MARK = Path(px.__file__).parent / "web" / "html" / "mark.svg"

# Group, script, title, icon, address, the least role, and whether it stands in the sidebar.
PAGES = (
    ("", "today.py", "Today", "wb_sunny", "", Role.SUPPORT, True),
    ("", "account.py", "Your account", "account_circle", "account", Role.SUPPORT, False),
    ("Plan", "journeys.py", "Journeys", "route", "journeys", Role.MANAGER, True),
    ("Plan", "journey.py", "Journey", "route", "journey", Role.MANAGER, False),
    ("Plan", "library.py", "Library", "local_library", "library", Role.MANAGER, True),
    ("Plan", "message_templates.py", "Messages", "edit_note", "messages", Role.MANAGER, True),
    ("Plan", "outbox.py", "Outbox", "outbox", "outbox", Role.SUPPORT, True),
    ("Plan", "pressure.py", "Calendar", "calendar_month", "calendar", Role.MANAGER, True),
    ("Plan", "late.py", "Late messages", "schedule", "late", Role.MANAGER, False),
    ("Learn", "journey_map.py", "Journey map", "map", "journey-map", Role.MANAGER, True),
    ("Shop", "customers.py", "Customers", "group", "customers", Role.SUPPORT, True),
    ("Shop", "customer.py", "Customer", "person", "customer", Role.SUPPORT, False),
    ("Shop", "imports.py", "Imports", "upload", "imports", Role.MANAGER, True),
    ("Set up", "team.py", "Team", "badge", "team", Role.ADMIN, True),
    ("Set up", "settings.py", "Settings", "settings", "settings", Role.ADMIN, True),
)


def pages_for(role: Role) -> dict[str, list[st.Page]]:
    """The pages that this role may open, by group."""
    groups: dict[str, list[st.Page]] = {}
    for group, script, title, icon, address, needed, listed in PAGES:
        if may(role, needed):
            page = st.Page(
                HERE / script,
                title=title,
                icon=f":material/{icon}:",
                url_path=address or None,
                default=not address,
                visibility="visible" if listed else "hidden",
            )
            groups.setdefault(group, []).append(page)
    return groups


def main() -> None:
    """Runs the page that was asked for, for whoever is signed in."""
    st.set_page_config(page_title="px", page_icon=str(MARK), layout="wide")
    st.html(HERE / "_ui" / "house.css")
    user = reader(clock.now())
    if user is None:
        st.navigation([st.Page(session_ended, title="Signed out")], position="hidden").run()
        return
    groups = pages_for(user.role)
    chosen = st.navigation(groups)
    account = next(one for one in groups[""] if one.url_path == "account")
    st.logo(str(MARK), size="medium")
    with st.sidebar.container(key="px_who", gap="xsmall"):
        st.page_link(account, label=plain(user.called), icon=":material/account_circle:")
        st.html('<a class="px-link" href="/auth/sign-out" target="_self">Sign out</a>')
    chosen.run()


main()
