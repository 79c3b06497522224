"""What is done about the team, each thing with its line in the audit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from db.kinds import Role
from db.models.team import Audit, Staff
from px.core.errors import InvalidInput, NotFound
from px.team.passwords import hash_password, verify
from px.team.rules import check_password, clean_email
from px.team.sessions import revoke_sessions


class LastAdmin(InvalidInput):
    """This is the only admin. Give somebody else that role first."""


def write_audit(
    session: Session,
    by: str,
    verb: str,
    noun: str,
    noun_id: object = "",
    detail: Mapping[str, Any] | None = None,
    *,
    now: datetime,
) -> None:
    """The record says who did what to which thing. `detail` never holds a password."""
    session.add(
        Audit(
            at=now,
            by=by[:320],
            verb=verb,
            noun=noun,
            noun_id=str(noun_id)[:200],
            detail=dict(detail or {}),
        )
    )
    session.flush()


def add_staff(
    session: Session,
    *,
    email: str,
    role: Role,
    password: str,
    by: str,
    now: datetime,
    name: str = "",
) -> int:
    """The person may sign in with this password. InvalidInput when the address is taken."""
    address = clean_email(email)
    if session.scalar(select(Staff).where(col(Staff.email) == address)) is not None:
        raise InvalidInput(f"{address} is already on the team.")
    staff = Staff(
        email=address,
        name="".join(filter(str.isprintable, name)).strip()[:200],
        role=role.value,
        password_hash=hash_password(check_password(password)),
        created_at=now,
    )
    session.add(staff)
    session.flush()
    write_audit(session, by, "added", "user", address, {"role": role.value}, now=now)
    return staff.id or 0


def change_role(session: Session, email: str, role: Role, *, by: str, now: datetime) -> None:
    """The person has this role and must sign in again."""
    staff = _staff(session, email)
    if staff.role == role.value:
        return
    if role is not Role.ADMIN:
        _keep_an_admin(session, staff)
    write_audit(
        session,
        by,
        "changed the role of",
        "user",
        staff.email,
        {"role": [staff.role, role.value]},
        now=now,
    )
    staff.role = role.value
    revoke_sessions(session, staff.id or 0)


def set_password(session: Session, email: str, password: str, *, by: str, now: datetime) -> None:
    """The person signs in with this password from now on, everywhere anew."""
    staff = _staff(session, email)
    staff.password_hash = hash_password(check_password(password))
    revoke_sessions(session, staff.id or 0)
    write_audit(session, by, "set the password of", "user", staff.email, now=now)


def change_own_password(
    session: Session, email: str, *, current: str, new: str, now: datetime
) -> None:
    """Like `set_password`, by somebody who knows the current one. InvalidInput when they do not."""
    if not verify(_staff(session, email).password_hash, current):
        raise InvalidInput("The current password is not right.")
    set_password(session, email, new, by=email, now=now)


def deactivate(session: Session, email: str, *, by: str, now: datetime) -> int:
    """The person cannot sign in any more; what they did stays on record. Their number, for what
    else was theirs alone.
    """
    staff = _staff(session, email)
    _keep_an_admin(session, staff)
    staff.is_active = False
    revoke_sessions(session, staff.id or 0)
    write_audit(session, by, "deactivated", "user", staff.email, now=now)
    return staff.id or 0


def activate(session: Session, email: str, *, by: str, now: datetime) -> None:
    """The person may sign in again with the password they had."""
    staff = _staff(session, email)
    staff.is_active = True
    write_audit(session, by, "reactivated", "user", staff.email, now=now)


def _staff(session: Session, email: str) -> Staff:
    staff = session.scalar(select(Staff).where(col(Staff.email) == email.strip().lower()))
    if staff is None:
        raise NotFound(f"Nobody on the team has the address {email.strip()}.")
    return staff


def _keep_an_admin(session: Session, leaving: Staff) -> None:
    admins = select(Staff.id).where(col(Staff.role) == Role.ADMIN.value, col(Staff.is_active))
    # Held until the end: two who send each other away at once would each count the other one.
    held = session.scalars(admins.order_by(col(Staff.id)).with_for_update())
    if leaving.role == Role.ADMIN.value and not set(held) - {leaving.id}:
        raise LastAdmin
