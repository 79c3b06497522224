"""What pages and the sign-in read about the team."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from db.kinds import Role
from db.models.team import Audit, Staff


@dataclass(frozen=True, slots=True)
class StaffLine:
    """One person of the team, as listed."""

    email: str
    name: str
    role: Role
    is_active: bool
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One thing somebody did."""

    at: datetime
    by: str
    verb: str
    noun: str
    noun_id: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SignIn:
    """What is needed to check a password."""

    staff_id: int
    password_hash: str


def has_staff(session: Session) -> bool:
    """Whether anybody was ever added to the team."""
    return session.scalar(select(Staff.id).limit(1)) is not None


def sign_in_of(session: Session, email: str) -> SignIn | None:
    """The hash to check a password against; None when nobody active has the address."""
    if not email.isprintable():
        return None
    statement = select(Staff).where(col(Staff.email) == email.strip().lower(), col(Staff.is_active))
    staff = session.scalar(statement)
    return SignIn(staff.id or 0, staff.password_hash) if staff else None


def staff(session: Session) -> list[StaffLine]:
    """The team, by address."""
    rows = session.scalars(select(Staff).order_by(col(Staff.email)))
    return [StaffLine(r.email, r.name, Role(r.role), r.is_active, r.seen_at) for r in rows]


def audit(session: Session, limit: int = 500) -> list[AuditLine]:
    """What the team did, the latest first."""
    rows = session.scalars(select(Audit).order_by(col(Audit.id).desc()).limit(limit))
    return [AuditLine(r.at, r.by, r.verb, r.noun, r.noun_id, r.detail) for r in rows]
