"""The rule behind a value, and the readings it was made of where there were several."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every value stored so far was one reading."""
    op.add_column(
        "measurement",
        sa.Column("rule", sa.String(length=12), server_default="single", nullable=False),
    )
    op.create_table(
        "reading",
        sa.Column("measurement_id", sa.String(length=36), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=20), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("stability", sa.String(length=10), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("measured_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["measurement_id"], ["measurement.id"], name=op.f("fk_reading_measurement_id")
        ),
        sa.PrimaryKeyConstraint("measurement_id", "place", name=op.f("pk_reading")),
        sqlite_with_rowid=False,
    )
