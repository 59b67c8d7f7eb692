"""The follow-up list of hearing tests: every child of whom a test left something open."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from kiosk.store.database import sealing

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_REASONS = {
    "refer": "refer",
    "retest": "retest",
    "not-testable": "not-testable",
    "not-completed": "not-completed",
}
_NOTHING_OPEN = ("normal-by-protocol", "already-known")
_TAKEN_OUT = ("wrong-child", "withdrawn", "numbered")


def upgrade() -> None:
    """Put every child on the list that should have stood on it."""
    text, whole = sa.Text(), sa.String
    op.create_table(
        "follow_up",
        sa.Column("id", whole(36), nullable=False),
        sa.Column("visit_id", whole(36), nullable=True),
        sa.Column("number", whole(12).with_variant(text, "postgresql"), nullable=False),
        sa.Column("given_name", whole(80).with_variant(text, "postgresql"), nullable=False),
        sa.Column("birth_date", whole(10), nullable=False),
        sa.Column("tested_at", sa.BigInteger(), nullable=False),
        sa.Column("reason", whole(20), nullable=False),
        sa.Column("due", whole(10), nullable=False),
        sa.Column("data", text, nullable=False),
        sa.Column("settled", sa.BigInteger(), nullable=True),
        sa.Column("settled_by_visit", whole(36), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_follow_up_visit_id"), "follow_up", ["visit_id"])
    op.create_index(op.f("ix_follow_up_due"), "follow_up", ["due"])
    if op.get_bind().dialect.name != "postgresql":
        # In a clinic's database nobody looks at the list: each station has its own.
        for row in list(_open_ones()):
            op.get_bind().execute(_INSERT, row)
    op.drop_index(op.f("ix_hearing_test_retest_until"), "hearing_test")
    op.drop_column("hearing_test", "retest_until")
    op.drop_column("hearing_test", "retest_settled")


_TESTS = sa.text(
    "SELECT h.id, h.visit_id, h.tested_at, h.retest_until, h.data,"
    " v.number, v.given_name, v.birth_date"
    " FROM hearing_test h JOIN visit v ON v.id = h.visit_id"
    " WHERE h.retest_settled IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM change c WHERE c.visit_id = v.id AND c.kind IN :kinds)"
    " ORDER BY h.tested_at"
).bindparams(sa.bindparam("kinds", _TAKEN_OUT, expanding=True))
_CORRECTED = sa.text(
    "SELECT n.data FROM new_hearing n JOIN change c ON c.id = n.change_id"
    " WHERE n.hearing_id = :id ORDER BY c.place DESC LIMIT 1"
)
_INSERT = sa.text(
    "INSERT INTO follow_up (id, visit_id, number, given_name, birth_date, tested_at, reason, due,"
    " data) VALUES (:id, :visit_id, :number, :given_name, :birth_date, :tested_at, :reason, :due,"
    " :data)"
)


def _open_ones() -> Iterator[dict[str, Any]]:
    """The tests that leave something open, without those a later one of the child was passed."""
    bind = op.get_bind()
    found: dict[str, list[dict[str, Any]]] = {}
    for row in bind.execute(_TESTS).mappings().all():
        kept = bind.execute(_CORRECTED, {"id": row["id"]}).scalar() or row["data"]
        test = json.loads(sealing.show(bind, "data", kept))
        outcome, of_child = test["outcome"], found.setdefault(row["number"] or row["id"], [])
        if outcome["result"] in _NOTHING_OPEN:
            of_child[:] = [one for one in of_child if one["reason"] == "refer"]
            continue
        told = {name: row[name] for name in _KEPT}
        data = json.dumps(outcome, separators=(",", ":"))
        told |= {"reason": _reason(outcome), "data": sealing.hide(bind, "data", data)}
        of_child.append(told | {"due": row["retest_until"] or str(test["tested_at"])[:10]})
    for of_child in found.values():
        yield from of_child


_KEPT = ("id", "visit_id", "tested_at", "number", "given_name", "birth_date")


def _reason(outcome: Mapping[str, Any]) -> str:
    if outcome["result"] is not None:
        return _REASONS[outcome["result"]]
    return "not-judged" if outcome["why"] in {None, "protocol-has-gaps"} else "not-decided"
