"""What every table shares: names of constraints that alembic can find again."""

from typing import Any

from sqlalchemy import ForeignKey
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def id_field() -> Any:
    """A row's own number."""
    return Field(default=None, primary_key=True)


def ref(target: str, *, ondelete: str = "CASCADE", **kwargs: Any) -> Any:
    """A column that points at `target` ("table.id") and goes with it by default."""
    return Field(sa_column_args=(ForeignKey(target, ondelete=ondelete),), **kwargs)
