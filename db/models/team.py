"""The team: who may sign in, who is signed in, and who did what."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from db.kinds import Role
from db.models.base import id_field, ref
from db.types import json_field, kind_field, one_of


class Staff(SQLModel, table=True):
    """Somebody of the team."""

    __tablename__ = "staff"
    __table_args__ = (one_of("role", Role),)

    id: int | None = id_field()
    email: str = Field(max_length=320, unique=True)
    name: str = Field(default="", max_length=200)
    role: str = kind_field()
    password_hash: str = Field(max_length=300)
    is_active: bool = True
    created_at: datetime
    seen_at: datetime | None = None


class StaffSession(SQLModel, table=True):
    """One sign-in of one person in one browser; only the hash of its token is kept."""

    __tablename__ = "sessions"

    token_hash: str = Field(primary_key=True, max_length=64)
    staff_id: int = ref("staff.id", index=True)
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    agent: str = Field(default="", max_length=300)


class Audit(SQLModel, table=True):
    """Something somebody of the team did, in words."""

    __tablename__ = "audit"

    id: int | None = id_field()
    at: datetime = Field(index=True)
    by: str = Field(max_length=320)
    verb: str = Field(max_length=80)
    noun: str = Field(max_length=80)
    noun_id: str = Field(default="", max_length=200)
    detail: dict[str, Any] = json_field(default_factory=dict)
