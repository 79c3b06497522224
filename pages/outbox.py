"""Outbox: what waits, what left, and why did somebody not get it?"""

import streamlit as st

from db.kinds import Role
from pages._outbox.acts import acts
from pages._outbox.filters import ask
from pages._outbox.story import story
from pages._outbox.words import answer, as_row
from pages._ui.doing import read
from pages._ui.empty import empty
from pages._ui.export import export_button
from pages._ui.page import At, page
from pages._ui.table import Column, table
from pages._ui.words import count, figure, plain
from px import messages
from px.core.lease import read_lease
from px.messages import OutboxFilter

COLUMNS = [
    Column("status", "Status", "status", tip="why", width=140),
    Column("to", "To", tip="to_address"),
    Column("subject", "Message", tip="touchpoint"),
    Column("journey", "Journey"),
    Column("channel", "Channel", "status", width=130),
    Column("at", "When", "moment", width=170),
]
PAGE = 5000


def main() -> None:
    """Draws the filters, the messages they let through, and what can be done with the chosen."""
    with page("Outbox", role=Role.SUPPORT) as at:
        with read() as session:
            counts = messages.count_by_status(session)
            keys = messages.journeys_in_outbox(session)
            lease = read_lease(session, "scheduler")
        if not counts:
            first_steps(at)
            return
        problems = lease.detail.get("problems", {}) if lease else {}
        at.answer(answer(counts, problems.get("send", "")))
        draw(ask(keys), at)


def first_steps(at: At) -> None:
    """What the page is for, and where messages come from."""
    text = "Every message to a customer stands here, with what became of it. Journeys write them."
    button = "Open journeys" if at.may(Role.MANAGER) else None
    if empty("No messages yet", text, button=button, icon=":material/outbox:"):
        st.switch_page("journeys.py")


def draw(chosen: OutboxFilter, at: At) -> None:
    """The messages, and the story of the one that is chosen."""
    with read() as session:
        found = messages.outbox_size(session, chosen)
        pages = max(1, -(-found // PAGE))
        number = min(st.session_state.get("px_outbox_page", 1), pages)
        rows = messages.outbox(session, chosen, limit=PAGE, offset=(number - 1) * PAGE)
    if not rows:
        st.markdown(
            f"No message is found{f' for “{plain(chosen.search)}”' if chosen.search else ''}."
        )
        return
    shown = [as_row(row) for row in rows]
    ids = set(table(shown, COLUMNS, key="px_outbox", at=at, select="many"))
    picked = [row for row in rows if row.id in ids]
    with st.container(horizontal=True, vertical_alignment="center"):
        acts(picked, at)
        st.space("stretch")
        if pages > 1:
            st.pagination(pages, key="px_outbox_page")
        st.markdown(f"{figure(found)} found" if pages > 1 else count(found, "message"))
        export_button(shown, COLUMNS, name="outbox", at=at)
    if len(picked) == 1:
        story(picked[0], at)


main()
