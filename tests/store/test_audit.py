import pytest
from samples import ANNE, message, visit
from sqlalchemy import text


def broken_by(store, statement):
    for _ in range(5):
        saved = visit()
        store.save_visit(saved, [message(saved)], ANNE)
    assert store.audit_verify().sound
    store._write(lambda c: c.execute(text(statement)))
    return store.audit_verify()


@pytest.mark.parametrize(
    ("tampering", "found_at"),
    [
        ("UPDATE audit SET actor = 'bo' WHERE sequence = 3", 3),
        ("UPDATE audit SET at = at + 1 WHERE sequence = 2", 2),
        ("DELETE FROM audit WHERE sequence = 3", 3),
        ("DELETE FROM audit WHERE sequence = 5", 5),
        ("DELETE FROM audit", 1),
    ],
)
def test_tampering_is_found(store, tampering, found_at):
    report = broken_by(store, tampering)
    assert not report.sound
    assert report.broken_at == found_at


def test_two_rows_changed_for_each_other_are_found(store):
    swap = (
        "UPDATE audit SET subject = (SELECT o.subject FROM audit o"
        " WHERE o.sequence = 5 - audit.sequence) WHERE sequence IN (2, 3)"
    )
    assert broken_by(store, swap).broken_at == 2


def test_rows_hold_ids_and_nothing_of_a_person(store):
    saved = visit()
    store.save_visit(saved, [message(saved)], ANNE)
    store.note("locked", "anne", "")
    rows = store.audit_rows()
    assert [(r.kind, r.actor) for r in rows] == [("save", "anne"), ("locked", "anne")]
    assert "Kanari" not in repr(rows)
