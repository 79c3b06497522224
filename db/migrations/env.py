"""What alembic runs; db.migrate hands over the connection with its transaction open."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from db.models import SQLModel


def _in_our_words(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    if kind != "type":
        return False
    if isinstance(item, UTCDateTime):
        return "MOMENT"
    if isinstance(item, sa.JSON):
        return "JSON"
    if isinstance(item, AutoString):
        return f"sa.String({item.length or ''})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=context.config.attributes.get("batch", True),
    render_item=_in_our_words,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
