"""How each person wants the screen."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has chosen anything yet: empty means the station's own look."""
    op.add_column(
        "person", sa.Column("look", sa.String(length=30), server_default="", nullable=False)
    )
