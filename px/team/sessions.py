"""Sign-ins. A browser holds a random token; the table its hash, so a copy of it opens nothing."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, delete, select, update

from db.kinds import Role
from db.models.team import Staff, StaffSession
from px.team.rules import SEEN_EVERY, SESSION_LIFE, session_ends


@dataclass(frozen=True, slots=True)
class User:
    """Somebody of the team, as pages know them."""

    id: int
    email: str
    name: str
    role: Role
    seen_at: datetime

    @property
    def called(self) -> str:
        """The name, else the address."""
        return self.name or self.email


def token_hash(token: str) -> str:
    """The name under which a token's sign-in is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(session: Session, staff_id: int, *, agent: str, now: datetime) -> str:
    """The person is signed in; the answer is the token for their browser, kept nowhere else."""
    token = secrets.token_urlsafe(32)
    session.connection().execute(delete(StaffSession).where(col(StaffSession.expires_at) <= now))
    session.add(
        StaffSession(
            token_hash=token_hash(token),
            staff_id=staff_id,
            created_at=now,
            seen_at=now,
            expires_at=now + SESSION_LIFE,
            agent=agent[:300],
        )
    )
    session.connection().execute(update(Staff).where(col(Staff.id) == staff_id).values(seen_at=now))
    session.flush()
    return token


def signed_in(session: Session, hashed: str, *, now: datetime) -> User | None:
    """Whose sign-in this is; None when it ended, was revoked, or the person is not active."""
    statement = (
        select(StaffSession, Staff)
        .join(Staff, col(Staff.id) == col(StaffSession.staff_id))
        .where(col(StaffSession.token_hash) == hashed, col(Staff.is_active))
    )
    found = session.exec(statement).first()
    if found is None:
        return None
    row, staff = found
    if min(row.expires_at, session_ends(row.created_at, row.seen_at)) <= now or staff.id is None:
        return None
    return User(staff.id, staff.email, staff.name, Role(staff.role), row.seen_at)


def is_seen_lately(user: User, *, now: datetime) -> bool:
    """Whether the use of this sign-in was noted within the last five minutes."""
    return now - user.seen_at < SEEN_EVERY


def note_seen(session: Session, hashed: str, *, now: datetime) -> None:
    """The sign-in was used just now, so it lasts another week."""
    session.connection().execute(
        update(StaffSession).where(col(StaffSession.token_hash) == hashed).values(seen_at=now)
    )


def close_session(session: Session, hashed: str) -> None:
    """This sign-in is over."""
    session.connection().execute(delete(StaffSession).where(col(StaffSession.token_hash) == hashed))


def revoke_sessions(session: Session, staff_id: int) -> None:
    """Every sign-in of this person is over, in every browser."""
    session.connection().execute(delete(StaffSession).where(col(StaffSession.staff_id) == staff_id))
