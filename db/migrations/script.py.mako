"""${message[:1].upper()}${message[1:]}."""

import sqlalchemy as sa
from alembic import op

from db.migrations.columns import JSON, MOMENT

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """The tables are of version ${up_revision}."""
    ${upgrades if upgrades else "pass"}
