"""Column types that behave alike on SQLite and PostgreSQL.

Times are plain `datetime` annotations: SQLModel stores them in UTC and refuses naive ones.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Dialect, Label, String, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field
from sqlmodel.sql.sqltypes import UTCDateTime

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


class _Moment(UTCDateTime):
    """The same times, read in an eighth of the time on SQLite, where they are text."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: Any) -> Callable[[Any], Any] | None:
        """Text with the offset it was stored without, as the driver hands it over."""
        if dialect.name == "sqlite":
            return _from_text
        return super().result_processor(dialect, coltype)


def moment(column: Any) -> Label[Any]:
    """A column of times under its own name, for a query that reads very many of them."""
    return type_coerce(column, _Moment()).label(column.key)


def _from_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text + "+00:00")
