"""Rehearsals, test mode and what became of a message."""

import sqlalchemy as sa
from alembic import op

from db.migrations.columns import JSON, MOMENT

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """The tables are of version 0002."""
    op.create_table(
        "rehearsals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("journey_key", sa.String(80), nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.Column("mark", sa.String(80), nullable=False),
        sa.Column("scope", JSON, nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("figures", JSON, nullable=True),
        sa.Column("asked_by", sa.String(320), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "status IN ('waiting', 'running', 'done', 'failed', 'cancelled')",
            name=op.f("ck_rehearsals_status"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rehearsals")),
    )
    with op.batch_alter_table("rehearsals", schema=None) as batch_op:
        batch_op.create_index("ix_rehearsals_journey", ["journey_key", "id"], unique=False)
        batch_op.create_index(
            "ix_rehearsals_open",
            ["id"],
            unique=False,
            sqlite_where=sa.text("status IN ('waiting', 'running')"),
            postgresql_where=sa.text("status IN ('waiting', 'running')"),
        )

    with op.batch_alter_table("enrolments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("not_before", MOMENT, nullable=True))
        batch_op.drop_column("is_stale")

    with op.batch_alter_table("journeys", schema=None) as batch_op:
        batch_op.add_column(sa.Column("test_addresses", JSON, nullable=True))

    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("opened_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("prefetched_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("clicked_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("answered_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("unsubscribed_at", MOMENT, nullable=True))
        batch_op.create_index("ix_messages_journey", ["journey_key", "touchpoint"], unique=False)
