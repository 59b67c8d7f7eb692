import json

import pytest
from sqlalchemy import text

from tests.store.samples import ANNE, NOW, message, visit


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
        ("DELETE FROM audit WHERE kind = 'end'", 6),
        ("UPDATE audit SET subject = '4' WHERE kind = 'end'", 6),
        ("UPDATE audit SET sequence = 9 WHERE sequence = 5", 5),
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


def test_a_row_rolled_back_leaves_no_gap_in_the_chain(store):
    def fall_over(connection):
        store._trail.append(connection, NOW, ("view", "anne", ""))
        raise RuntimeError("power")

    store.note("one", "anne", "")
    with pytest.raises(RuntimeError):
        store._write(fall_over)
    store.note("two", "anne", "")
    assert [r.kind for r in store.audit_rows()] == ["one", "two"]
    assert store.audit_verify().sound


def test_another_process_may_write_rows_in_between(beside):
    station, command = beside
    for number in range(6):
        (station if number % 2 else command).note(f"row-{number}", "anne", "")
    report = station.audit_verify()
    assert (report.rows, report.sound) == (6, True)


def test_the_export_has_a_line_for_each_row_and_is_itself_in_the_trail(store):
    store.note("locked", "anne", "")
    lines = []
    assert store.audit_export(lines.append, "it") == 2
    facts = [json.loads(line) for line in lines]
    assert [(f["kind"], f["actor"]) for f in facts] == [
        ("locked", "anne"),
        ("audit-exported", "it"),
    ]
    assert all(len(f["seal"]) == 64 for f in facts)
