"""Set-based writes that mean the same on SQLite and PostgreSQL."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from px.core.many import execute_many

CHUNK = 1000
T = TypeVar("T")


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The items in lists of at most `size`, in order."""
    chunk: list[T] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def table_of(model: type[SQLModel]) -> Table:
    """The Core table behind a model."""
    return model.__table__  # type: ignore[attr-defined, no-any-return]


def insert_new(
    session: Session, model: type[SQLModel], rows: Sequence[dict[str, Any]], key: Sequence[str]
) -> None:
    """Every row whose `key` columns are not taken yet stands in the table; the others are left as
    they were.
    """
    if not rows:
        return
    statement = _insert(session, model).on_conflict_do_nothing(index_elements=list(key))
    execute_many(session, statement, rows)


def upsert(
    session: Session,
    model: type[SQLModel],
    rows: Sequence[dict[str, Any]],
    key: Sequence[str],
    update: Sequence[str],
) -> None:
    """Every row stands in the table; where its `key` was taken, the `update` columns have the new
    values.
    """
    if not rows:
        return
    statement = _insert(session, model)
    changes = {name: statement.excluded[name] for name in update}
    statement = statement.on_conflict_do_update(index_elements=list(key), set_=changes)
    execute_many(session, statement, rows)


def _insert(session: Session, model: type[SQLModel]) -> Any:
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    return dialect.insert(table_of(model))
