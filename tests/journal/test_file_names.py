"""Names of files by an agreed pattern, and what a power cut leaves of them."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from uuid6 import uuid7

from kiosk.journal.files.file_drop import FileDrop, Lies
from kiosk.journal.files.file_names import NameFault, NamePattern, name_fault
from kiosk.journal.files.shared_names import drop_for
from kiosk.model.outbox import Failure
from kiosk.model.visit import Delivery
from tests.journal.test_files import Office, mark_beside

WORDS = {"sender": "KIOS", "receiver": "EDV1"}
FIXED = NamePattern("{receiver}{sender}.gdt", WORDS)
COUNTING = NamePattern("{receiver}{sender}.{count}", WORDS)
OWN = NamePattern("{date}-{short}.gdt", WORDS)


def test_names_are_those_that_receivers_expect():
    message = UUID("0192f000-0000-7000-8000-000000000001")
    assert FIXED.name(message) == "EDV1KIOS.gdt"
    assert COUNTING.name(message, 7) == "EDV1KIOS.007"
    assert re.fullmatch(r"2024\d{4}-[0-9A-V]{20}\.gdt", OWN.name(message))
    assert next(COUNTING.names(message, frozenset({"EDV1KIOS.004"}))) == "EDV1KIOS.005"
    assert next(COUNTING.names(message, frozenset({"EDV1KIOS.999"}))) == "EDV1KIOS.001"
    assert [one.is_own for one in (FIXED, COUNTING, OWN)] == [False, False, True]


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("{message", NameFault.NOT_A_PATTERN),
        ("{number}.gdt", NameFault.UNKNOWN_PLACE),
        ("{count:04d}.gdt", NameFault.UNKNOWN_PLACE),
        ("{message.int}", NameFault.UNKNOWN_PLACE),
        ("../x.gdt", NameFault.NOT_A_FILE_NAME),
        ("å.gdt", NameFault.NOT_A_FILE_NAME),
        ("", NameFault.NOT_A_FILE_NAME),
        (".x.gdt", NameFault.HIDDEN),
        ("{short}.TMP", NameFault.HIDDEN),
    ],
)
def test_a_pattern_that_is_none_is_refused(pattern, fault):
    found = name_fault(pattern)
    assert found is not None
    assert found[0] is fault
    with pytest.raises(ValueError, match=fault):
        NamePattern(pattern)


@pytest.fixture
def drop(tmp_path):
    folder = tmp_path / "drop"
    folder.mkdir()
    mark_beside(folder).make(folder, again=False)

    def opened(pattern):
        return drop_for(folder, ".gdt", mark_beside(folder), pattern)

    opened.folder = folder
    return opened


def visible(folder):
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def put(drop, message, body=b"x"):
    drop.write(message, body)
    drop.publish(message)


def test_under_a_fixed_name_one_file_lies_at_a_time_and_each_is_known(drop):
    one, two, three = (uuid7() for _ in range(3))
    shared = drop(FIXED)
    put(shared, one, b"1")
    assert not shared.has_room(two)
    shared.write(two, b"2")
    shared.publish(two)
    assert shared.where(two) is Lies.UNFINISHED, "nothing takes the place of a file"
    assert (drop.folder / "EDV1KIOS.gdt").read_bytes() == b"1"
    (drop.folder / "EDV1KIOS.gdt").unlink()
    assert shared.has_room(two)
    put(shared, two, b"2")
    # Also for a station that has just started.
    again = drop(FIXED)
    assert [again.where(one), again.where(two)] == [Lies.FETCHED, Lies.THERE]
    assert again.name_of(two).name == "EDV1KIOS.gdt"
    assert again.where(three) is Lies.NOWHERE


def test_counted_names_go_on_and_keep_the_order(drop):
    messages = [uuid7() for _ in range(4)]
    shared = drop(COUNTING)
    for message in messages[:3]:
        put(shared, message)
    assert visible(drop.folder) == ["EDV1KIOS.001", "EDV1KIOS.002", "EDV1KIOS.003"]
    (drop.folder / "EDV1KIOS.001").unlink()
    put(shared, messages[3])
    assert "EDV1KIOS.004" in visible(drop.folder)
    assert [shared.where(m) for m in messages] == [Lies.FETCHED, *[Lies.THERE] * 3]


@pytest.mark.parametrize("step", ["written", "traced", "moved"])
def test_a_power_cut_at_any_step_leaves_one_file_and_no_doubt(drop, step, monkeypatch):
    class PowerCutError(Exception):
        pass

    def cut(*_args, **_kwargs):
        raise PowerCutError

    message, shared = uuid7(), drop(FIXED)
    shared.write(message, b"x")
    where = {"traced": "move", "moved": "sync"}
    if step in where:
        shared_names = "kiosk.journal.files.shared_names.Folder"
        monkeypatch.setattr(f"{shared_names}.{where[step]}", cut)
        if step == "moved":
            # The trace is made durable first; here only the name that was given last is cut.
            monkeypatch.setattr(f"{shared_names}.replace", lambda s, n, c, _m: s.write_new(n, c))
            monkeypatch.setattr(
                f"{shared_names}.write_new", lambda s, n, c, m=0o600: s._write(n, c, m)
            )
        with pytest.raises(PowerCutError):
            shared.publish(message)
        monkeypatch.undo()
    again = drop(FIXED)
    expected = Lies.THERE if step == "moved" else Lies.UNFINISHED
    assert again.where(message) is expected
    if expected is Lies.UNFINISHED:
        put(again, message)
    assert again.where(message) is Lies.THERE
    assert visible(drop.folder) == ["EDV1KIOS.gdt"]


@pytest.mark.parametrize("before", [None, FIXED, OWN])
@pytest.mark.parametrize("after", [None, COUNTING, OWN])
def test_what_waits_when_the_pattern_is_changed_does_not_count_as_fetched(drop, before, after):
    message = uuid7()
    put(drop(before), message)
    assert drop(after).where(message) is Lies.THERE
    (name,) = visible(drop.folder)
    (drop.folder / name).unlink()
    assert drop(after).where(message) is Lies.FETCHED


def test_a_name_that_is_taken_by_somebody_else_is_waited_for(drop):
    (drop.folder / "edv1kios.GDT").write_bytes(b"of another program")
    assert not drop(FIXED).has_room(uuid7())
    assert isinstance(drop(None), FileDrop)


def test_messages_take_turns_under_one_name_and_the_wait_is_told(tmp_path, store, monkeypatch):
    from datetime import timedelta

    from kiosk.journal.files import file_interface

    monkeypatch.setattr(file_interface, "LOOK_AGAIN", timedelta(milliseconds=20))
    office = Office(tmp_path, "gdt-file", store)
    interface = office.interface
    office.interface = lambda: _named(interface(), office)
    for _ in range(3):
        office.save()
    told = (Delivery.QUEUED, Failure.NOT_COLLECTED)
    office.run(lambda: told in office.states())
    assert len(visible(office.folder)) == 1
    office.run(
        lambda: all(state in {Delivery.DONE, Delivery.DELIVERED} for state, _ in office.states()),
        fetch=True,
    )
    assert len({body[:400] for body in office.fetched}) == 3


def _named(interface, office):
    interface._drop = drop_for(office.folder, ".gdt", office.mark, FIXED)
    return interface
