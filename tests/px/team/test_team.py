"""The team: adding, signing in, and what ends a sign-in."""

from datetime import UTC, datetime
from threading import Thread

import pytest
from sqlmodel import Session, select

from db.kinds import Role
from db.models.team import Staff, StaffSession
from px import team
from px.core.errors import InvalidInput, NotFound
from px.core.work import reading, work

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
SECRET = "correct horse battery"


def add(session: Session, email: str = "mara@fern.example", role: Role = Role.ADMIN) -> int:
    return team.add_staff(session, email=email, role=role, password=SECRET, by="test", now=NOW)


def signed_in(role: Role = Role.SUPPORT, email: str = "sam@fern.example") -> str:
    """The hash of a sign-in of somebody who is not the only admin."""
    with work() as session:
        add(session)
        staff_id = add(session, email, role)
        token = team.open_session(session, staff_id, agent="Firefox", now=NOW)
    return team.token_hash(token)


def who(hashed: str, now: datetime = NOW) -> team.User | None:
    with reading() as session:
        return team.signed_in(session, hashed, now=now)


@pytest.mark.usefixtures("database")
class TestSigningIn:
    def test_the_table_holds_neither_the_password_nor_the_token(self) -> None:
        with work() as session:
            staff_id = add(session)
            token = team.open_session(session, staff_id, agent="", now=NOW)
            staff = session.scalars(select(Staff)).one()
            row = session.scalars(select(StaffSession)).one()
        assert SECRET not in staff.password_hash
        assert staff.password_hash.startswith("$argon2id$")
        assert token not in row.token_hash
        assert row.token_hash == team.token_hash(token)

    def test_a_token_says_who_it_is_with_which_role(self) -> None:
        user = who(signed_in(Role.MANAGER))
        assert user is not None
        assert (user.email, user.role) == ("sam@fern.example", Role.MANAGER)

    def test_a_token_that_was_never_given_is_nobody(self) -> None:
        assert who(team.token_hash("made up")) is None

    def test_signing_out_ends_that_sign_in_only(self) -> None:
        with work() as session:
            staff_id = add(session)
            one = team.open_session(session, staff_id, agent="", now=NOW)
            other = team.open_session(session, staff_id, agent="", now=NOW)
            team.close_session(session, team.token_hash(one))
        assert who(team.token_hash(one)) is None
        assert who(team.token_hash(other)) is not None

    def test_a_sign_in_ends_by_itself_after_a_week_without_a_visit(self) -> None:
        hashed = signed_in()
        assert who(hashed, datetime(2026, 5, 11, 11, 59, tzinfo=UTC)) is not None
        assert who(hashed, datetime(2026, 5, 11, 12, 0, tzinfo=UTC)) is None

    def test_a_visit_makes_it_last_longer(self) -> None:
        hashed = signed_in()
        with work() as session:
            team.note_seen(session, hashed, now=datetime(2026, 5, 8, 12, 0, tzinfo=UTC))
        assert who(hashed, datetime(2026, 5, 14, 12, 0, tzinfo=UTC)) is not None


@pytest.mark.usefixtures("database")
class TestWhatEndsASignIn:
    def test_a_new_password_signs_the_person_out_everywhere(self) -> None:
        hashed = signed_in()
        with work() as session:
            team.set_password(session, "sam@fern.example", "another long one", by="mara", now=NOW)
        assert who(hashed) is None
        with reading() as session:
            kept = team.sign_in_of(session, "sam@fern.example")
        assert kept is not None
        assert team.verify(kept.password_hash, "another long one")
        assert not team.verify(kept.password_hash, SECRET)

    def test_another_role_signs_the_person_out_everywhere(self) -> None:
        hashed = signed_in()
        with work() as session:
            team.change_role(session, "sam@fern.example", Role.MANAGER, by="mara", now=NOW)
        assert who(hashed) is None

    def test_the_same_role_again_changes_nothing(self) -> None:
        hashed = signed_in()
        with work() as session:
            team.change_role(session, "sam@fern.example", Role.SUPPORT, by="mara", now=NOW)
        assert who(hashed) is not None

    def test_who_is_deactivated_is_out_and_cannot_come_back_in(self) -> None:
        hashed = signed_in()
        with work() as session:
            team.deactivate(session, "sam@fern.example", by="mara", now=NOW)
        assert who(hashed) is None
        with reading() as session:
            assert team.sign_in_of(session, "sam@fern.example") is None
        with work() as session:
            team.activate(session, "sam@fern.example", by="mara", now=NOW)
            assert team.sign_in_of(session, "sam@fern.example") is not None


@pytest.mark.usefixtures("database")
class TestTheTeam:
    def test_an_address_is_on_the_team_once_however_it_is_written(self) -> None:
        with work() as session:
            add(session)
        with pytest.raises(InvalidInput, match=r"mara@fern\.example is already"), work() as session:
            add(session, " Mara@Fern.Example")

    def test_the_last_admin_keeps_the_role(self) -> None:
        with work() as session:
            add(session)
            add(session, "sam@fern.example", Role.MANAGER)
        with pytest.raises(team.LastAdmin), work() as session:
            team.change_role(session, "mara@fern.example", Role.MANAGER, by="x", now=NOW)

    def test_the_last_admin_stays_active(self) -> None:
        with work() as session:
            add(session)
        with pytest.raises(team.LastAdmin), work() as session:
            team.deactivate(session, "mara@fern.example", by="x", now=NOW)

    def test_a_deactivated_admin_does_not_count_as_another(self) -> None:
        with work() as session:
            add(session)
            add(session, "sam@fern.example", Role.ADMIN)
            team.deactivate(session, "sam@fern.example", by="mara", now=NOW)
        with pytest.raises(team.LastAdmin), work() as session:
            team.deactivate(session, "mara@fern.example", by="mara", now=NOW)

    def test_two_admins_who_send_each_other_away_at_once_are_not_both_gone(self) -> None:
        with work() as session:
            add(session)
            add(session, "sam@fern.example")
        refused = []

        def second() -> None:
            try:
                with work() as session:
                    team.deactivate(session, "mara@fern.example", by="sam", now=NOW)
            except team.LastAdmin as problem:
                refused.append(problem)

        at_once = Thread(target=second)
        with work() as session:
            team.deactivate(session, "sam@fern.example", by="mara", now=NOW)
            at_once.start()
            at_once.join(0.3)
        at_once.join()
        assert len(refused) == 1
        with reading() as session:
            active = [line.email for line in team.staff(session) if line.is_active]
        assert active == ["mara@fern.example"]

    def test_who_is_not_on_the_team_cannot_be_changed(self) -> None:
        with pytest.raises(NotFound, match=r"ghost@fern\.example"), work() as session:
            team.set_password(session, "ghost@fern.example", SECRET, by="x", now=NOW)

    def test_the_audit_says_who_did_what_and_never_the_password(self) -> None:
        with work() as session:
            add(session)
            add(session, "sam@fern.example", Role.SUPPORT)
            team.change_role(session, "sam@fern.example", Role.MANAGER, by="mara", now=NOW)
            team.set_password(session, "sam@fern.example", "another long one", by="mara", now=NOW)
            lines = team.audit(session)
        assert [(line.by, line.verb, line.noun_id) for line in lines] == [
            ("mara", "set the password of", "sam@fern.example"),
            ("mara", "changed the role of", "sam@fern.example"),
            ("test", "added", "sam@fern.example"),
            ("test", "added", "mara@fern.example"),
        ]
        assert lines[1].detail == {"role": ["support", "manager"]}
        assert SECRET not in repr(lines)
        assert "another long one" not in repr(lines)


def test_a_password_for_nobody_is_wrong_even_if_it_is_the_one_behind_the_dummy() -> None:
    words = "the hash that unknown addresses are checked against"
    assert team.verify(None, words) is False


@pytest.mark.parametrize("password", ["x" * 1_000_000, "", "\0", "\ud800"])
def test_a_hostile_password_is_wrong_and_not_an_error(password: str) -> None:
    assert team.verify(None, password) is False


def test_a_broken_hash_lets_nobody_in() -> None:
    assert team.verify("not a hash", SECRET) is False
