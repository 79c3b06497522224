"""The shell: who sees which pages, what everybody sees, and what becomes of an ended sign-in."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from db.kinds import Role
from px import team
from px.core import settings
from px.core.work import reading, work
from tests.pages.conftest import Look


@pytest.mark.parametrize("user", [{}, {"session": ""}, {"session": "made up"}, {"id": "1"}])
@pytest.mark.usefixtures("database")
def test_without_a_sign_in_there_is_one_page_and_it_says_so(
    root: Path, user: dict[str, str]
) -> None:
    at = AppTest.from_file(str(root / "pages" / "_shell.py"), default_timeout=20)
    at.user = user
    at.run()
    assert [title.value for title in at.title] == ["You are signed out"]
    assert not at.get("popover")
    assert not at.button


@pytest.mark.parametrize(
    ("role", "allowed", "refused"),
    [
        (Role.ADMIN, ["team.py", "settings.py"], []),
        (Role.MANAGER, [], ["team.py", "settings.py"]),
        (Role.SUPPORT, [], ["team.py", "settings.py"]),
    ],
)
def test_a_role_opens_its_pages_and_no_other(
    look: Look, root: Path, role: Role, allowed: list[str], refused: list[str]
) -> None:
    at = look("", role)
    for script in allowed:
        at.switch_page(str(root / "pages" / script)).run()
        assert not at.exception
    for script in refused:
        with pytest.raises(ValueError, match="Could not find a navigation page"):
            at.switch_page(str(root / "pages" / script))


@pytest.mark.parametrize("script", ["settings.py", "team.py"])
def test_a_page_asks_for_the_role_itself_too(
    sign_in: Callable[[Role], str], root: Path, script: str
) -> None:
    at = AppTest.from_file(str(root / "pages" / script), default_timeout=20)
    at.user = {"session": sign_in(Role.SUPPORT)}
    at.run()
    assert [title.value for title in at.title] == ["Not for your role"]
    assert not at.button


def test_a_sign_in_that_was_ended_elsewhere_ends_the_page_at_its_next_run(look: Look) -> None:
    at = look("settings.py")
    with work() as session:
        team.revoke_sessions(session, 1)
    at.run()
    assert [title.value for title in at.title] == ["You are signed out"]


def test_using_the_pages_makes_the_sign_in_last(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = look()
    later = datetime(2026, 5, 9, 12, 0, tzinfo=UTC)
    monkeypatch.setattr("px.core.clock.now", lambda: later)
    at.run()
    much_later = datetime(2026, 5, 15, 12, 0, tzinfo=UTC)
    monkeypatch.setattr("px.core.clock.now", lambda: much_later)
    at.run()
    assert [title.value for title in at.title] == ["Today"]


def test_the_sandbox_is_said_on_every_page_until_it_is_left(look: Look, now: datetime) -> None:
    at = look("team.py")
    shown = [popover.proto.popover.label for popover in at.get("popover")]
    assert shown == ["Sandbox: nothing leaves this machine"]
    with work() as session:
        settings.save(session, {"mode": "live"}, by="x", now=now)
    at.run()
    assert not at.get("popover")


def test_the_sidebar_says_who_is_signed_in_as_plain_text(
    sign_in: Callable[[Role], str], root: Path
) -> None:
    hashed = sign_in(Role.ADMIN)
    with work() as session:
        from db.models.team import Staff

        staff = session.get(Staff, 1)
        assert staff is not None
        staff.name = "**Eve** [x](javascript:alert(1)) :red[boo] <b>"
    at = AppTest.from_file(str(root / "pages" / "_shell.py"), default_timeout=20)
    at.user = {"session": hashed}
    at.run()
    shown = [link.proto.label for link in at.get("page_link")]
    assert shown[-1] == r"\*\*Eve\*\* \[x\]\(javascript\:alert\(1\)\) \:red\[boo\] \<b\>"


def test_a_deactivated_person_is_out(look: Look, now: datetime) -> None:
    at = look("", Role.SUPPORT)
    with work() as session:
        team.deactivate(session, "support@fern.example", by="x", now=now)
    at.run()
    assert [title.value for title in at.title] == ["You are signed out"]
    with reading() as session:
        assert team.sign_in_of(session, "support@fern.example") is None
