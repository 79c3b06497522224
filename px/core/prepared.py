"""Statements that run for every single message: compiled once, then run by the driver itself.

A Core statement costs about four times what SQLite takes for it, most of it for finding its
compiled form again and wrapping its result. Here values go through SQLAlchemy's own types and
errors are SQLAlchemy's own; results are the driver's, so select only what needs no conversion.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement
from sqlmodel import Session

Convert = Callable[[Any], Any]


class Prepared:
    """One statement; every value has a name, and none is a list."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._by_dialect: dict[str, _Compiled] = {}

    def run(self, session: Session, values: Mapping[str, Any]) -> Any:
        """The driver's cursor, the statement having run in the session's transaction."""
        connection = session.connection()
        dialect = connection.dialect
        compiled = self._by_dialect.get(dialect.name)
        if compiled is None:
            compiled = self._by_dialect[dialect.name] = _Compiled(self._statement, dialect)
        text, given = compiled.text, compiled.given(values)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(text, given)
        except dialect.loaded_dbapi.Error as error:
            raise DBAPIError.instance(text, given, error, dialect.loaded_dbapi.Error) from error
        return cursor


class _Compiled:
    """The statement in one dialect, with what is done to each value before it goes in."""

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        self.text = str(compiled)
        self._is_positional = compiled.positiontup is not None
        by_name = {name: bind for bind, name in compiled.bind_names.items()}
        self._steps: list[tuple[str, str, Any, Convert | None]] = [
            (name, by_name[name].key, by_name[name].value, _converter(by_name[name].type, dialect))
            for name in compiled.positiontup or by_name
        ]

    def given(self, values: Mapping[str, Any]) -> Any:
        """The values as the driver takes them, those that the statement fixes among them."""
        converted = [
            convert(values.get(key, fixed)) if convert else values.get(key, fixed)
            for _, key, fixed, convert in self._steps
        ]
        if self._is_positional:
            return converted
        return dict(zip((name for name, *_ in self._steps), converted, strict=True))


def _converter(kind: Any, dialect: Dialect) -> Convert | None:
    found: Convert | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return found
