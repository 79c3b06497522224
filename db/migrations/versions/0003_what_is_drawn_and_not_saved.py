"""What is drawn and not saved."""

import sqlalchemy as sa
from alembic import op

from db.migrations.columns import JSON, MOMENT

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """The tables are of version 0003."""
    op.create_table(
        "drawings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("journey_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("pending", sa.String(), nullable=True),
        sa.Column("saved", JSON, nullable=False),
        sa.Column("draft_at", MOMENT, nullable=True),
        sa.Column("live_version_id", sa.Integer(), nullable=True),
        sa.Column("drawn_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["journey_id"],
            ["journeys.id"],
            name=op.f("fk_drawings_journey_id_journeys"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
            name=op.f("fk_drawings_staff_id_staff"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drawings")),
        sa.UniqueConstraint("journey_id", "staff_id", name=op.f("uq_drawings_journey_id_staff_id")),
    )
    with op.batch_alter_table("drawings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_drawings_staff_id"), ["staff_id"], unique=False)
