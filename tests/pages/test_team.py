"""The team page: adding and changing people, the row written and the words shown."""

from datetime import datetime

import pytest
from streamlit.testing.v1 import AppTest

from db.kinds import Role
from px import team
from px.core.work import reading, work
from tests.pages.conftest import SECRET, Look, text_of


def press(at: AppTest, label: str) -> AppTest:
    return next(button for button in at.button if button.label == label).click().run()


@pytest.fixture
def with_sam(look: Look, now: datetime) -> AppTest:
    """The page of an admin, with Sam of support chosen."""
    at = look("team.py")
    with work() as session:
        team.add_staff(
            session,
            email="sam@fern.example",
            name="Sam",
            role=Role.SUPPORT,
            password=SECRET,
            by="test",
            now=now,
        )
    at.session_state["people"] = {"ids": ["sam@fern.example"]}
    return at.run()


def sam() -> team.StaffLine:
    with reading() as session:
        return next(line for line in team.staff(session) if line.email == "sam@fern.example")


def test_the_role_of_somebody_is_changed(with_sam: AppTest) -> None:
    box = next(box for box in with_sam.selectbox if box.label == "Role")
    box.set_value("manager")
    press(with_sam, "Change role")
    assert sam().role is Role.MANAGER


def test_a_short_password_is_refused_in_words(with_sam: AppTest) -> None:
    next(f for f in with_sam.text_input if f.label == "New password").set_value("short")
    press(with_sam, "Set password")
    assert "use at least 10 characters" in text_of(with_sam)
    with reading() as session:
        kept = team.sign_in_of(session, "sam@fern.example")
    assert kept is not None
    assert team.verify(kept.password_hash, SECRET)


def test_somebody_is_kept_out_and_let_in_again(with_sam: AppTest) -> None:
    press(with_sam, "Do not let them sign in any more")
    assert sam().is_active is False
    with_sam.session_state["people"] = {"ids": ["sam@fern.example"]}
    with_sam.run()
    press(with_sam, "Let them sign in again")
    assert sam().is_active is True


def test_the_last_admin_cannot_be_shut_out(look: Look) -> None:
    at = look("team.py")
    at.session_state["people"] = {"ids": ["admin@fern.example"]}
    at.run()
    press(at, "Do not let them sign in any more")
    assert "This is the only admin. Give somebody else that role first." in text_of(at).replace(
        "\\", ""
    )
    assert not at.exception


class TestOwnPassword:
    def fill(self, at: AppTest, current: str, new: str, again: str) -> AppTest:
        for field, value in zip(at.text_input, (current, new, again), strict=True):
            field.set_value(value)
        return press(at, "Change password")

    def test_it_is_changed_by_who_knows_the_current_one_and_ends_the_sign_in(
        self, look: Look
    ) -> None:
        at = self.fill(
            look("account.py", Role.SUPPORT), SECRET, "a much newer one", "a much newer one"
        )
        assert [title.value for title in at.title] == ["You are signed out"]
        with reading() as session:
            kept = team.sign_in_of(session, "support@fern.example")
        assert kept is not None
        assert team.verify(kept.password_hash, "a much newer one")

    @pytest.mark.parametrize(
        ("current", "new", "again", "said"),
        [
            ("not it", "a much newer one", "a much newer one", "The current password is not right"),
            (SECRET, "a much newer one", "a much newer two", "The two new passwords differ"),
            (SECRET, "short", "short", "use at least 10 characters"),
        ],
    )
    def test_otherwise_it_stays_and_a_sentence_says_why(
        self, look: Look, current: str, new: str, again: str, said: str
    ) -> None:
        at = self.fill(look("account.py", Role.SUPPORT), current, new, again)
        assert said in text_of(at)
        with reading() as session:
            kept = team.sign_in_of(session, "support@fern.example")
        assert kept is not None
        assert team.verify(kept.password_hash, SECRET)
