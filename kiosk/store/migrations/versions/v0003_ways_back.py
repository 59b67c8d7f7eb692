"""Corrections and withdrawals, beside what was saved and never in its place."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing stored so far was changed, and nobody was known to be protected."""
    op.add_column("visit", sa.Column("protected", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "change",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=14), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("offset_minutes", sa.Integer(), nullable=False),
        sa.Column("performer_id", sa.String(length=40), nullable=False),
        sa.Column("performer_display", sa.String(length=60), nullable=False),
        sa.Column("performer_role", sa.String(length=40), nullable=False),
        sa.Column("performer_basis", sa.String(length=40), nullable=False),
        sa.Column("performer_hpr", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_change_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_change_visit_id"), "change", ["visit_id"])
    op.create_table(
        "new_value",
        sa.Column("change_id", sa.String(length=36), nullable=False),
        sa.Column("measurement_id", sa.String(length=36), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=20), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("position", sa.String(length=10), nullable=True),
        sa.Column("odd_reason", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name=op.f("fk_new_value_change_id")),
        sa.ForeignKeyConstraint(
            ["measurement_id"], ["measurement.id"], name=op.f("fk_new_value_measurement_id")
        ),
        sa.PrimaryKeyConstraint("change_id", "measurement_id", name=op.f("pk_new_value")),
        sqlite_with_rowid=False,
    )
