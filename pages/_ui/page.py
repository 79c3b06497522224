"""The frame of every page: who may look, the title row, the sandbox badge, problems in words.

with page("Customers", role=Role.SUPPORT) as at:      at.now, at.user, at.settings, at.zone
    at.answer("3 messages failed since yesterday: the mail account refuses the password.")
    if at.primary.button("Import orders", type="primary", shortcut="I"): ...
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from db.kinds import Role
from pages._ui.doing import act, notices, read
from pages._ui.signs import badge as draw_badge
from pages._ui.who import require_role
from pages._ui.words import plain
from px import orders
from px.core import clock, settings
from px.core.errors import PxError
from px.core.settings import Settings
from px.core.work import reading
from px.team import User, may, write_audit

__all__ = ["At", "act", "page", "read"]


@dataclass(frozen=True)
class At:
    """What a page knows: this moment, who looks, the settings, and where its main button goes."""

    now: datetime
    user: User
    settings: Settings
    primary: DeltaGenerator
    _answer: DeltaGenerator

    @property
    def zone(self) -> str:
        """The shop's time zone, in which every time is shown."""
        return self.settings.shop_zone

    @cached_property
    def currency(self) -> str:
        """The currency of the shop; looked up once, however many prices are drawn."""
        with read() as session:
            return orders.shop_currency(session, self.settings)

    def may(self, role: Role) -> bool:
        """Whether the reader's role includes this one."""
        return may(self.user.role, role)

    def answer(self, sentence: str) -> None:
        """The page's question answered under its title, in markdown; `plain` what people wrote."""
        self._answer.markdown(sentence)

    def note(
        self, session: Any, verb: str, noun: str, noun_id: object = "", **detail: object
    ) -> None:
        """The record says that the reader did this to that thing."""
        write_audit(session, self.user.email, verb, noun, noun_id, detail, now=self.now)


@contextmanager
def page(title: str, *, role: Role = Role.SUPPORT, badge: str | None = None) -> Iterator[At]:
    """The page stands, open to `role` and above; a PxError inside is shown as its sentence.

    `title` may hold what people wrote; `badge` is a status word of pages/_ui/signs.py.
    """
    now = clock.now()
    user = require_role(role, now)
    with reading() as session:
        current = settings.current(session)
    if current.mode == "sandbox":
        _sandbox(user)
    row = st.container(horizontal=True, vertical_alignment="center", key="px_title_row")
    row.title(plain(title), anchor=False, width="content")
    if badge:
        draw_badge(badge, on=row)
    row.space("stretch")
    at = At(now, user, current, row, st.container())
    notices()
    try:
        yield at
    except PxError as error:
        st.error(plain(error), icon=":material/error:")


def _sandbox(user: User) -> None:
    label = "Sandbox: nothing leaves this machine"
    with st.popover(label, type="tertiary", icon=":material/science:", key="px_sandbox"):
        st.markdown(
            "Every message is written down instead of being sent, so you can try everything."
        )
        if may(user.role, Role.ADMIN):
            st.markdown("To go live, connect a mail account and fill in your brand under Settings.")
            st.page_link("settings.py", label="Open Settings", icon=":material/settings:")
        else:
            st.markdown("An admin of your team can go live under Settings.")
