"""Indexes for long queues: what is due, what has ended, the oldest that waits, today's visits."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The index by state alone gives way to one by interface, state and time."""
    op.drop_index(op.f("ix_outbox_state_sequence"), "outbox")
    columns = ["adapter", "state", "due", "sequence"]
    op.create_index(op.f("ix_outbox_adapter_state_due_sequence"), "outbox", columns)
    _partial("ix_outbox_unfinished", "settled IS NULL", ["adapter", "sequence"])
    _partial("ix_outbox_leased", "leased_by IS NOT NULL", ["leased_by"])
    op.create_index(op.f("ix_visit_saved_at"), "visit", ["saved_at"])


def _partial(name: str, where: str, columns: list[str]) -> None:
    told = sa.text(where)
    op.create_index(name, "outbox", columns, sqlite_where=told, postgresql_where=told)
