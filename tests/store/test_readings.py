"""A value made of several readings keeps them; a store of before knows only single ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from kiosk.model.outbox import Done
from kiosk.model.visit import KeptReading, Part, Rule, Visit
from kiosk.store import audit, schema
from kiosk.store import tables as t
from kiosk.store.database import engine
from kiosk.store.errors import StoreError
from kiosk.store.store import FILE_NAME, Store
from kiosk.store.visits import saved as visits
from tests.store.samples import ANNE, NOW, message, visit


def difference_visit() -> Visit:
    plain = visit()
    readings = tuple(
        KeptReading(part, grams, text, "kg", "stable", b"S S " + text.encode(), NOW)
        for part, grams, text in (
            (Part.TOGETHER, 78420, "78.420"),
            (Part.ADULT, 70000, "70.000"),
        )
    )
    weight = replace(plain.measurements[0], rule=Rule.DIFFERENCE, readings=readings, raw=b"")
    return replace(plain, measurements=(weight, *plain.measurements[1:]))


def saved_in(store: Store) -> Visit:
    saved = difference_visit()
    store.save_visit(saved, [message(saved)], ANNE)
    return saved


def test_both_readings_come_back_as_they_were_sent(opens):
    first = opens()
    saved = saved_in(first)
    first.close()
    second = opens()
    assert second.visit(saved.id) == saved
    second.close()


def test_a_resend_is_taken_once_and_another_adult_is_another_content(store):
    saved = saved_in(store)
    store.save_visit(saved, [message(saved)], ANNE)
    weight, length = saved.measurements
    together, alone = weight.readings
    other = replace(weight, readings=(replace(together, text="79.420", value=79420), alone))
    with pytest.raises(StoreError, match="content-differs"):
        store.save_visit(replace(saved, measurements=(other, length)), [], ANNE)
    assert store.visit(saved.id) == saved


def test_a_difference_is_not_what_the_scale_said_last(store):
    saved_in(store)
    assert store.last_weight() == ""


def test_the_readings_go_with_their_visit_and_not_before_delivery(store):
    saved = saved_in(store)
    later = NOW + timedelta(days=400)
    assert store.purge(later) == 0
    assert store.visit(saved.id).measurements[0].readings
    item = store.claim(later)
    store.mark_in_flight(item.id)
    store.settle(item.id, Done("Bundle/1"), later)
    assert store.purge(later + timedelta(days=400)) == 1
    assert store._read(lambda c: c.execute(select(t.reading)).all()) == []


def test_a_store_of_the_first_release_is_brought_here_with_its_values(tmp_path, key, monkeypatch):
    saved = visit()
    monkeypatch.setattr(t, "SCHEMA_VERSION", "0001")
    writing = engine.writing_engine(tmp_path / FILE_NAME, key)
    with writing.begin() as connection:
        schema.migrate(connection)
        audit.begin(connection)
        connection.execute(insert(t.meta), {"key": schema.MODE, "value": "real"})
        row = visits._visit_row(saved, visits._digest(saved), NOW)
        del row["protected"]
        connection.execute(insert(t.visit), row)
        for row in visits._measurement_rows(saved.measurements):
            del row["rule"]
            connection.execute(insert(t.measurement), row)
    writing.dispose()
    monkeypatch.undo()
    opened = Store.open(tmp_path, key)
    assert opened.visit(saved.id) == saved
    assert {m.rule for m in opened.visit(saved.id).measurements} == {Rule.SINGLE}
    # The same visit again is still the same content: old and new digests agree.
    opened.save_visit(saved, [], ANNE)
    fresh = saved_in(opened)
    assert opened.visit(fresh.id) == fresh
    opened.close()


@pytest.mark.parametrize("rule", [Rule.MEAN, Rule.LARGEST])
def test_several_readings_of_the_child_are_kept_by_the_name_of_their_rule(store, rule):
    plain = visit()
    readings = tuple(
        KeptReading(Part.READING, mm, text, "cm", "", b"", NOW)
        for mm, text in ((701, "70.1"), (706, "70.6"), (708, "70.8"))
    )
    length = replace(plain.measurements[1], rule=rule, readings=readings)
    saved = replace(plain, measurements=(plain.measurements[0], length))
    store.save_visit(saved, [], ANNE)
    assert store.visit(saved.id) == saved


def test_every_revision_there_ever_was_is_known():
    folder = Path(schema.__file__).with_name("migrations") / "versions"
    assert list(schema.KNOWN_VERSIONS) == sorted(path.name[1:5] for path in folder.glob("v*.py"))


@pytest.mark.parametrize("revision", schema.KNOWN_VERSIONS)
def test_a_store_of_any_revision_is_brought_to_todays(tmp_path, key, monkeypatch, revision):
    monkeypatch.setattr(t, "SCHEMA_VERSION", revision)
    writing = engine.writing_engine(tmp_path / FILE_NAME, key)
    with writing.begin() as connection:
        schema.migrate(connection)
        audit.begin(connection)
        connection.execute(insert(t.meta), {"key": schema.MODE, "value": "real"})
    writing.dispose()
    monkeypatch.undo()
    opened = Store.open(tmp_path, key)
    saved = saved_in(opened)
    assert opened.visit(saved.id) == saved
    opened.close()
