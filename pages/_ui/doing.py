"""Units of work for pages: `read` to look, `act` to change something and say so.

with read() as session: rows = customers.listed(session)
with act("Journey published") as session: journeys.publish(session, ...)
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner_utils.script_run_context import RunLocation, ThreadState

from pages._ui.who import reader
from pages._ui.words import plain
from px.core import clock
from px.core.errors import PxError
from px.core.work import reading, work

_DONE = "px_done"
_PROBLEM = "px_problem"
_log = logging.getLogger("px.pages")


@contextmanager
def read() -> Iterator[Any]:
    """A session to read with, for whoever is still signed in; also in fragments."""
    _still_signed_in()
    with reading() as session:
        yield session


@contextmanager
def act(done: str | None = None, *, again: bool = True) -> Iterator[Any]:
    """What is done inside is kept, `done` is said, and the page runs again; or a PxError is shown.

    After a PxError nothing of the block is kept, and the code behind the block goes on. With
    `again=False` the page goes on too; in a callback it runs anyway.
    """
    with saying(done, again=again), work() as session:
        yield session


@contextmanager
def saying(done: str | None = None, *, again: bool = True) -> Iterator[None]:
    """Like `act`, for what opens its own units of work."""
    _still_signed_in()
    try:
        yield
    except PxError as error:
        _log.info("refused: %s", error)
        say_problem(str(error))
        return
    if again and not _in_callback():
        st.session_state[_DONE] = done
        st.rerun()
    _say_done(done)


def say_problem(sentence: str) -> None:
    """Shows what went wrong and that nothing was changed; `sentence` says what to do."""
    text = f"{sentence.rstrip()} Nothing was changed."
    if _in_callback():
        st.session_state[_PROBLEM] = text
    else:
        st.error(plain(text), icon=":material/error:")


def say_refused(error: PxError) -> None:
    """What could not be done is said when the page runs again."""
    st.session_state[_PROBLEM] = f"{str(error).rstrip()} Nothing was changed."


def notices() -> None:
    """Draws what the run before had to say."""
    _say_done(st.session_state.pop(_DONE, None))
    if problem := st.session_state.pop(_PROBLEM, None):
        st.error(plain(problem), icon=":material/error:")


def _say_done(done: str | None) -> None:
    if done:
        st.toast(plain(done), icon=":material/check:")


def _in_callback() -> bool:
    return ThreadState.get().run_location is RunLocation.CALLBACK


def _still_signed_in() -> None:
    # Fragments skip the shell, which otherwise asks on every run.
    if reader(clock.now()) is None:
        st.rerun(scope="app")
