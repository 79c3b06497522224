"""One statement with many rows of values, at about the speed of the driver.

SQLAlchemy prepares values row by row. On SQLite, where that is most of the cost of an import, each
column is prepared at once here, and equal times only once.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Dialect, func, select
from sqlalchemy.sql.compiler import SQLCompiler
from sqlmodel import Session, SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime

# The same moment is the order's, its events' and its customer's. Nothing else may be looked up so:
# 1 and True are the same key, but not the same JSON.
_known: dict[datetime | None, Any] = {}
_MOST_KNOWN = 20_000


def execute_many(session: Session, statement: Any, rows: Sequence[dict[str, Any]]) -> None:
    """The statement was executed with the values of every row; all rows have the same names."""
    if not rows:
        return
    connection = session.connection()
    names = rows[0].keys()
    compiled = None
    if connection.dialect.name == "sqlite":
        compiled = statement.compile(dialect=connection.dialect, column_keys=list(names))
    # A value that is not in the rows is a default, which only SQLAlchemy can make.
    if compiled is None or not names >= set(compiled.positiontup):
        connection.execute(statement, list(rows))
        return
    columns = [_column(compiled, connection.dialect, name, rows) for name in compiled.positiontup]
    connection.exec_driver_sql(str(compiled), list(zip(*columns, strict=True)))


def new_ids(session: Session, model: type[SQLModel], count: int) -> Sequence[int]:
    """So many ids of the table that no other row has or will have, ascending.

    On SQLite that holds until the unit of work ends: it has one writer.
    """
    table = model.__table__  # type: ignore[attr-defined]
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        last = connection.execute(select(func.max(table.c.id))).scalar() or 0
        return range(last + 1, last + 1 + count)
    following = func.nextval(func.pg_get_serial_sequence(table.name, "id"))
    numbers = select(following).select_from(func.generate_series(1, count))
    return sorted(connection.execute(numbers).scalars())


def _moments(values: list[Any], prepare: Callable[[Any], Any]) -> list[Any]:
    if len(_known) > _MOST_KNOWN:
        _known.clear()
    prepared = {value: _known.get(value) or prepare(value) for value in set(values)}
    _known.update(prepared)
    return [prepared[value] for value in values]


def _column(
    compiled: SQLCompiler, dialect: Dialect, name: str, rows: Sequence[dict[str, Any]]
) -> list[Any]:
    values = [row[name] for row in rows]
    kind = compiled.binds[name].type
    prepare = kind.dialect_impl(dialect).bind_processor(dialect)
    if prepare is None:
        return values
    if isinstance(kind, UTCDateTime):
        return _moments(values, prepare)
    empty: dict[type, Any] = {}
    if isinstance(kind, JSON):
        empty = {list: prepare([]), dict: prepare({})}
    return [
        prepare(value) if value or type(value) not in empty else empty[type(value)]
        for value in values
    ]
