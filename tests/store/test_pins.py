from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from kiosk.store import tables as t
from kiosk.store.people import people, pins
from kiosk.store.people.people import PersonRow

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Monotonic:
    """The clock nobody sets."""

    def __init__(self):
        self.seconds = 1000.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def monotonic():
    return Monotonic()


@pytest.fixture
def clinic(opens, monotonic):
    store = opens(monotonic)
    for person in ("anne", "bo"):
        store.add_person(PersonRow(person, person.title(), "health-secretary", ""), "2580", "it")
    yield store
    store.close()


def test_the_right_pin_signs_in_and_clears_the_count(clinic):
    assert not clinic.check_pin("anne", "0000", START).right
    assert clinic.check_pin("anne", "2580", START).right
    assert clinic.check_pin("anne", "0000", START).tries_left == 4


def test_five_wrong_pins_wait_and_another_person_does_not(clinic, monotonic):
    for left in (4, 3, 2, 1):
        assert clinic.check_pin("anne", "0000", START).tries_left == left
    assert clinic.check_pin("anne", "0000", START).locked_seconds == 30
    monotonic.seconds += 10
    waiting = clinic.check_pin("anne", "2580", START + timedelta(seconds=10))
    assert (waiting.right, waiting.locked_seconds) == (False, 20)
    assert clinic.check_pin("bo", "2580", START).right
    monotonic.seconds += 21
    assert clinic.check_pin("anne", "2580", START + timedelta(seconds=31)).right


def test_a_clock_set_forward_does_not_end_the_wait(clinic, monotonic):
    for _ in range(5):
        clinic.check_pin("anne", "0000", START)
    much_later = START + timedelta(days=400)
    assert clinic.check_pin("anne", "2580", much_later).locked_seconds == 30
    monotonic.seconds += 30
    assert clinic.check_pin("anne", "2580", much_later).right


def test_each_outcome_leaves_its_audit_row_and_no_pin(clinic):
    for _ in range(5):
        clinic.check_pin("anne", "0007", START)
    clinic.check_pin("bo", "2580", START)
    rows = [(r.kind, r.actor) for r in clinic.audit_rows()][2:]
    assert rows == [("sign-in-failed", "anne")] * 5 + [("locked-out", "anne"), ("sign-in", "bo")]
    assert "0007" not in repr(clinic.audit_rows())


def test_the_wait_doubles_up_to_a_quarter_of_an_hour():
    assert [pins.wait_after(n) for n in (4, 5, 6, 7, 12)] == [0, 30, 60, 120, 900]


def test_a_try_is_counted_before_the_pin_is_looked_at(clinic, monkeypatch):
    def pull_the_plug(*_):
        raise SystemError("power")

    monkeypatch.setattr(pins, "pin_fits", pull_the_plug)
    with pytest.raises(SystemError):
        clinic.check_pin("anne", "2580", START)
    with clinic._reading.connect() as connection:
        failed = connection.execute(select(t.person.c.failed).where(t.person.c.id == "anne"))
        assert failed.scalar() == 1


def test_a_clock_set_back_neither_frees_nor_locks_for_ever(clinic, monotonic):
    for _ in range(5):
        clinic.check_pin("anne", "0000", START)
    earlier = START - timedelta(days=400)
    monotonic.seconds += 30
    assert clinic.check_pin("anne", "2580", earlier).locked_seconds == 30
    assert clinic.check_pin("anne", "2580", earlier + timedelta(seconds=31)).right


def test_the_same_pin_has_another_hash_for_everybody_and_needs_the_pepper(clinic):
    with clinic._reading.connect() as connection:
        hashes = connection.execute(select(t.person.c.pin_hash)).scalars().all()
    assert len(set(hashes)) == 2
    assert all(h.startswith("$argon2id$") for h in hashes)
    assert not pins.pin_fits(b"another pepper", "2580", hashes[0])


def test_nobody_and_somebody_removed_are_wrong(clinic):
    assert not clinic.check_pin("eve", "2580", START).right
    assert clinic.remove_person("bo", "it")
    assert not clinic.remove_person("bo", "it")
    assert not clinic.check_pin("bo", "2580", START).right
    assert [p.id for p in clinic.persons()] == ["anne"]


def test_pin_results_are_plain_data():
    assert people.PinResult(right=True).locked_seconds == 0


def test_a_persons_look_is_kept_also_with_a_new_pin(clinic):
    clinic.keep_look("anne", "contrast left 150")
    clinic.add_person(PersonRow("anne", "Anne", "health-secretary", ""), "1470", "it")
    looks = {person.id: person.look for person in clinic.persons()}
    assert looks["anne"] == "contrast left 150"
    assert set(looks.values()) == {"contrast left 150", ""}
