"""Hearing tests: saved, corrected, under way, held; and the checks of the audiometer."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing of hearing was kept before."""
    op.create_table(
        "hearing_test",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("tested_at", sa.BigInteger(), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=True),
        sa.Column("retest_until", sa.String(length=10), nullable=True),
        sa.Column("retest_settled", sa.BigInteger(), nullable=True),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_hearing_test_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearing_test")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_hearing_test_visit_id"), "hearing_test", ["visit_id"])
    op.create_index(op.f("ix_hearing_test_retest_until"), "hearing_test", ["retest_until"])
    op.create_table(
        "new_hearing",
        sa.Column("change_id", sa.String(length=36), nullable=False),
        sa.Column("hearing_id", sa.String(length=36), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"], ["change.id"], name=op.f("fk_new_hearing_change_id")
        ),
        sa.ForeignKeyConstraint(
            ["hearing_id"], ["hearing_test.id"], name=op.f("fk_new_hearing_hearing_id")
        ),
        sa.PrimaryKeyConstraint("change_id", "hearing_id", name=op.f("pk_new_hearing")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "hearing_session",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearing_session")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "hearing_check",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearing_check")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_hearing_check_at"), "hearing_check", ["at"])
    op.create_table(
        "held_record",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("link", sa.String(length=40), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_record")),
        sqlite_with_rowid=False,
    )
