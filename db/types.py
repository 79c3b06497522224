"""Column types that behave alike on SQLite and PostgreSQL.

Times are plain `datetime` annotations: SQLModel stores them in UTC and refuses naive ones.
"""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from db.kinds import Kind

JsonColumn = JSON().with_variant(JSONB(), "postgresql")


def json_field(**kwargs: Any) -> Any:
    """A column of plain JSON: JSONB on PostgreSQL, text on SQLite."""
    return Field(sa_type=JsonColumn, **kwargs)


def kind_field(**kwargs: Any) -> Any:
    """A text column for a word of db.kinds; pair it with `one_of` so that the table refuses
    others.
    """
    return Field(sa_type=String(40), **kwargs)


def one_of(column: str, kinds: type[Kind]) -> CheckConstraint:
    """The check that `column` holds a word of `kinds`, named after the column."""
    words = ", ".join(f"'{kind.value}'" for kind in kinds)
    return CheckConstraint(f"{column} IN ({words})", name=column)
