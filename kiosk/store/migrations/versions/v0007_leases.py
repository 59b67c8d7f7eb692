"""Who works on a message, for a database that several stations claim from."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is leased at the moment of an upgrade."""
    op.add_column("outbox", sa.Column("leased_by", sa.String(length=40), nullable=True))
    op.add_column("outbox", sa.Column("leased_until", sa.BigInteger(), nullable=True))
