"""Records that come for one child: joined where they agree, and nothing decided by the station."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.audiogram_files.imported import Concern, FileFormat, FilePatient, Imported
from drivers.audiogram_files.person import Match
from drivers.audiogram_files.points import remarks_on
from drivers.audiogram_files.reading import read_file
from drivers.audiometers import gsi_38
from drivers.hearing import (
    WITH_LEVEL,
    Ear,
    Masking,
    Noise,
    Remark,
    Response,
    Tone,
    ToneRecord,
    Transducer,
)
from drivers.simulators.audiogram_samples import SampleChild, noah, sadata
from kiosk.hearing.merging import Place, place_of
from kiosk.hearing.patient_match import identity_of
from kiosk.hearing.received_data import FORMAT, from_data, to_data
from kiosk.hearing.receiving import CARRIED_OVER, Notice, add, begin, choose, match_of, of_file

G1 = b":y012-----028000001400148000000A8000000A80000014001E001435\r\n"
G2 = b":y122-----01800000280028800000328000003C8000005A008C01C260\r\n"
G4 = b":y311-----018000800080008000002880008000800080008000800024\r\n"
G5 = b":y411-----028000800080008000800080008000800080008000800024\r\n"
R1000 = Place(Ear.RIGHT, Transducer.HEADPHONE, 1000, Masking.UNKNOWN)


def gsi(line: bytes) -> ToneRecord:
    record = gsi_38.read_record(line)
    assert isinstance(record, ToneRecord)
    return record


def tone(level, ear=Ear.RIGHT, hz=1000, path=Transducer.HEADPHONE, masking=Masking.UNKNOWN):
    """A threshold; ``None`` for not tested, ``">90"`` for no response there, ``">?"`` anywhere."""
    if level is None:
        return Tone(ear, path, hz, Response.NOT_TESTED, None, masking)
    if level == ">?":
        return Tone(ear, path, hz, Response.NO_RESPONSE_LEVEL_UNKNOWN, None, masking)
    if isinstance(level, str):
        return Tone(ear, path, hz, Response.NO_RESPONSE, Decimal(level[1:]), masking)
    return Tone(ear, path, hz, Response.THRESHOLD, Decimal(level), masking)


def received(*records):
    found = begin()
    for record in records:
        found = add(found, record)
    return found


def record(*tones, **fields):
    return ToneRecord(tones, **fields)


# What a cable brings


def test_two_ears_in_two_records_are_one_audiogram():
    first = received(gsi(G1))
    assert (first.complete, first.missing) == (False, ((2, 2),))
    assert first.remarks == (Notice.PARTIAL, Notice.INCOMPLETE)
    both = add(first, gsi(G2))
    assert (both.complete, both.missing, both.remarks) == (True, (), ())
    assert [r.raw for r in both.records] == [G1, G2]
    assert [t.ear for t in both.tones] == [Ear.RIGHT] * 11 + [Ear.LEFT] * 11
    levels = {(t.ear, t.hz): t.threshold for t in both.tones}
    assert levels[Ear.RIGHT, 250] == 10
    assert levels[Ear.LEFT, 6000] == 70
    assert levels[Ear.LEFT, 8000] is None
    assert both.tones[-1].response is Response.NO_RESPONSE_LEVEL_UNKNOWN


def test_before_anything_came_nothing_is_complete():
    assert (begin().complete, begin().tones, begin().remarks) == (False, (), ())


def test_one_ear_alone_is_incomplete_and_its_untested_points_are_no_gap():
    only = received(gsi(G4))
    assert only.complete
    assert only.remarks == (Notice.INCOMPLETE,)


def test_an_empty_test_is_not_all_zero():
    empty = received(gsi(G5))
    assert (empty.tones, empty.remarks) == ((), (Notice.EMPTY,))
    assert empty.records[0].raw == G5


def test_an_empty_record_adds_nothing_and_still_counts_in_its_group():
    empty = record(tone(None, Ear.LEFT), number=2, count=2, remarks=(Remark.EMPTY,))
    both = received(record(tone(20), number=1, count=2), empty)
    assert both.complete
    assert both.tones == (tone(20),)
    assert both.remarks == (Notice.EMPTY_RECORD, Notice.INCOMPLETE)


def test_a_child_who_could_not_be_tested_is_not_lost_as_an_empty_record():
    refused = Tone(Ear.RIGHT, Transducer.HEADPHONE, 1000, Response.COULD_NOT_BE_TESTED)
    found = received(record(refused))
    assert found.tones == (refused,)
    assert found.remarks == (Notice.EMPTY,)


@pytest.mark.parametrize("changes", [{}, {"sequence": "7", "raw": b"sent once more"}])
def test_a_record_that_is_sent_again_is_no_second_one(changes):
    first = received(gsi(G1))
    assert add(first, replace(gsi(G1), **changes)) is first


def test_equal_bytes_do_not_make_two_tests_of_a_file_one():
    two = [record(tone(20), raw=b"<file/>"), record(tone(20, Ear.LEFT), raw=b"<file/>")]
    assert len(received(*two).records) == 2


def test_a_group_sent_again_with_one_ear_changed_is_complete_and_asks():
    again = replace(gsi(G1), sequence="2")
    changed = replace(gsi(G2), sequence="3", tones=(tone(25, Ear.LEFT, 250),))
    found = received(gsi(G1), gsi(G2), again, changed)
    assert found.complete
    assert len(found.records) == 3
    assert found.undecided == (Place(Ear.LEFT, Transducer.HEADPHONE, 250, Masking.UNKNOWN),)


@pytest.mark.parametrize(("number", "count"), [(0, 1), (2, 1), (1, 0), (1, 100), (-1, 2)])
def test_a_record_outside_its_group_is_refused(number, count):
    with pytest.raises(ValueError, match="group"):
        add(begin(), record(tone(20), number=number, count=count))


@pytest.mark.parametrize("level", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_a_level_that_is_no_number_is_refused(level):
    with pytest.raises(ValueError, match="number"):
        add(begin(), record(tone(Decimal(level))))


# Answers that differ


def test_two_answers_are_both_kept_until_a_person_picks():
    found = received(record(tone(20), tone(15, hz=500)), record(tone(25)))
    assert found.tones == (tone(15, hz=500),)
    (conflict,) = found.conflicts
    assert (conflict.place, conflict.alternatives) == (R1000, (tone(20), tone(25)))
    assert found.remarks == (Notice.CONFLICT, Notice.INCOMPLETE)
    picked = choose(found, R1000, 1)
    assert picked.tones == (tone(15, hz=500), tone(25))
    assert (picked.undecided, picked.remarks) == ((), (Notice.INCOMPLETE,))
    assert choose(picked, R1000, 0).tones[-1] == tone(20)
    assert choose(picked, R1000, None) == found


def test_a_choice_stands_only_as_long_as_it_was_made_among_all():
    picked = choose(received(record(tone(20)), record(tone(25))), R1000, 1)
    assert add(picked, record(tone(10, hz=500))).undecided == ()
    asked = add(picked, record(tone(30)))
    assert asked.undecided == (R1000,)
    assert asked.conflicts[0].alternatives == (tone(20), tone(25), tone(30))
    assert R1000 not in map(place_of, asked.tones)


@pytest.mark.parametrize(("place", "index"), [(R1000, 2), (R1000, -1), (replace(R1000, hz=500), 0)])
def test_what_is_no_alternative_cannot_be_picked(place, index):
    found = received(record(tone(20)), record(tone(25)))
    with pytest.raises(ValueError, match="there is"):
        choose(found, place, index)


def test_a_place_of_one_answer_offers_no_choice():
    with pytest.raises(ValueError, match="nothing to choose"):
        choose(received(record(tone(20))), R1000, 0)


@pytest.mark.parametrize("other", [">90", ">?", 25])
def test_no_response_and_a_number_are_two_answers(other):
    assert received(record(tone(90)), record(tone(other))).undecided == (R1000,)


def test_masked_and_unmasked_are_two_points():
    pair = tone(20, masking=Masking.MASKED), tone(60, masking=Masking.NONE)
    found = received(record(pair[0]), record(pair[1]))
    assert found.tones == (pair[1], pair[0])
    assert found.conflicts == ()


def test_another_level_of_noise_is_another_answer():
    quiet = Tone(*_right(40), Masking.MASKED, Decimal(50), Noise.WHITE)
    assert received(record(quiet), record(replace(quiet, masking_db=Decimal(60)))).conflicts


def _right(level):
    return Ear.RIGHT, Transducer.HEADPHONE, 1000, Response.THRESHOLD, Decimal(level)


@pytest.mark.parametrize("masking", [Masking.UNKNOWN, Masking.NONE, Masking.MASKED])
@pytest.mark.parametrize("answer", [20, ">90", ">?"])
def test_not_tested_gives_way_in_either_order(masking, answer):
    tested = tone(answer, masking=masking)
    untested = record(tone(None), tone(None, hz=500), tone(15, hz=250))
    for order in permutations([untested, record(tested)]):
        found = received(*order)
        assert set(found.tones) == {tested, tone(None, hz=500), tone(15, hz=250)}
        assert found.conflicts == ()


def test_not_tested_with_noise_does_not_vanish_for_an_answer_without():
    masked = tone(None, masking=Masking.MASKED)
    found = received(record(tone(20, masking=Masking.NONE), masked))
    assert masked in found.tones


def test_the_order_of_the_tones():
    ears = (Ear.RIGHT, Ear.LEFT, Ear.BOTH)
    paths = tuple(Transducer)
    wanted = tuple(tone(20, ear, hz, path) for ear in ears for path in paths for hz in (500, 8000))
    assert received(record(*reversed(wanted))).tones == wanted


# What has to be known


def test_the_remarks_of_records_are_carried_over_in_one_order():
    for remark, notice in CARRIED_OVER.items():
        assert notice in received(record(tone(20), remarks=(remark,))).remarks
    seen_in_tones = {Remark.EMPTY, Remark.CONFLICTING_POINTS}
    assert set(Remark) == set(CARRIED_OVER) | seen_in_tones
    found = received(record(tone(20), remarks=tuple(reversed(CARRIED_OVER))))
    assert list(found.remarks) == sorted(found.remarks, key=list(Notice).index)


def test_bone_worse_than_air_is_seen_across_records():
    bone = record(tone(40, path=Transducer.BONE))
    assert Notice.BONE_WORSE_THAN_AIR in received(record(tone(20)), bone).remarks
    assert Notice.BONE_WORSE_THAN_AIR not in received(record(tone(40)), bone).remarks


def test_an_unknown_transducer_is_told_and_no_gap_of_the_other_ear():
    unknown = record(tone(20, Ear.LEFT, path=Transducer.UNKNOWN))
    found = received(record(tone(20)), unknown)
    assert found.remarks == (Notice.UNKNOWN_TRANSDUCER,)
    assert Notice.INCOMPLETE in received(record(tone(20), tone(20, hz=500)), unknown).remarks
    assert Remark.INCOMPLETE not in remarks_on(found.tones)
    bone = record(tone(40, Ear.LEFT, path=Transducer.BONE))
    assert Notice.BONE_WORSE_THAN_AIR not in received(unknown, bone).remarks


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("4711", "4712", True),
        ("4711", "", False),
        ("", "", False),
        ("170420 99999", "170420-99999", False),
    ],
)
def test_records_of_different_persons_are_named(one, other, differ):
    found = received(record(tone(20), patient=one), record(tone(20, Ear.LEFT), patient=other))
    assert (Notice.OTHER_PATIENT in found.remarks) is differ


def test_the_same_tones_of_another_person_are_no_repetition():
    found = received(record(tone(20), patient="4711"), record(tone(20), patient="4712"))
    assert found.remarks[0] is Notice.OTHER_PATIENT


def test_the_device_is_named_where_all_agree():
    one = record(tone(20), device="AD226", serial="1", calibrated="2026-01-01")
    silent = record(tone(20, Ear.LEFT))
    found = received(one, silent)
    assert (found.device, found.serial, found.calibrated) == ("AD226", "1", "2026-01-01")
    assert found.remarks == ()
    found = received(one, replace(silent, device="AD226", serial="2"))
    assert (found.device, found.serial, found.calibrated) == ("AD226", "", "2026-01-01")
    assert found.remarks == (Notice.SEVERAL_DEVICES,)


def test_the_times_are_those_the_device_says():
    early, late = map(datetime.fromisoformat, ("2026-03-14T09:10", "2026-03-14T09:20"))
    second = record(tone(20, Ear.LEFT), tested_at=early)
    found = received(record(tone(20), tested_at=late), second, record(tone(20, hz=500)))
    assert (found.first_tested_at, found.last_tested_at) == (early, late)
    mixed = add(found, record(tone(20, hz=250), tested_at=late.replace(tzinfo=UTC)))
    assert (mixed.first_tested_at, mixed.last_tested_at) == (None, None)


# Files


def test_a_file_is_received_with_its_person_and_remarks():
    imported = read_file(sadata(SampleChild()))
    found = of_file(imported)
    assert found.complete
    assert len(found.tones) == 4
    assert found.records[0].raw == sadata(SampleChild())
    assert found.file == replace(imported, records=())
    assert Concern.TIME_WITHOUT_ZONE in {remark.code for remark in found.file.remarks}
    with pytest.raises(ValueError, match="no more"):
        add(found, record(tone(20)))


def test_several_tests_of_a_file_conflict_where_they_differ():
    imported = read_file(noah(SampleChild()))
    first = imported.records[0]
    other = replace(first, tones=(replace(first.tones[0], level_db=Decimal(55)), *first.tones[1:]))
    found = of_file(replace(imported, records=(first, other)))
    assert len(found.undecided) == 1
    assert of_file(replace(imported, records=(other,))).conflicts == ()


# Whose it is

BORN = date(2021, 4, 17)


@pytest.mark.parametrize(
    ("patients", "match"),
    [
        ((), Match.CANNOT_TELL),
        (("",), Match.CANNOT_TELL),
        (("47-11",), Match.SAME),
        (("4711", ""), Match.CANNOT_TELL),
        (("4711", "4712"), Match.OTHER),
        (("", "4712"), Match.OTHER),
    ],
)
def test_whose_records_from_a_cable_are(patients, match):
    tones = (tone(20), tone(20, Ear.LEFT))
    found = received(*(record(t, patient=p) for t, p in zip(tones, patients, strict=False)))
    assert match_of(found, frozenset({"4711"}), BORN) is match
    assert match_of(found, frozenset(), None) is Match.CANNOT_TELL


def test_one_record_names_its_person():
    assert identity_of(record(patient="4711"), frozenset({"4711"}), None) is Match.SAME
    assert identity_of(record(patient="4712"), frozenset({"4711"}), None) is Match.OTHER
    assert identity_of(record(), frozenset({"4711"}), BORN) is Match.CANNOT_TELL


@pytest.mark.parametrize(
    ("patient", "said", "match"),
    [
        (FilePatient("4711", "Another Name", BORN), "4711", Match.SAME),
        (FilePatient("4711"), "", Match.SAME),
        (FilePatient("4711", "", date(2021, 4, 18)), "4711", Match.OTHER),
        (FilePatient("4711"), "4712", Match.OTHER),
        (FilePatient("4712"), "4712", Match.OTHER),
        (FilePatient("", "Kari Prøve", BORN), "", Match.CANNOT_TELL),
    ],
)
def test_whose_a_file_is(patient, said, match):
    imported = Imported(FileFormat.CSV, patient, (record(tone(20), patient=said),))
    assert match_of(of_file(imported), frozenset({"4711"}), BORN) is match


# Whatever comes

LEVELS = st.sampled_from([Decimal(text) for text in ("-10", "0", "2.5", "20", "20.0", "100")])


@st.composite
def tones(draw, ears=tuple(Ear)):
    response = draw(st.sampled_from(Response))
    masking = draw(st.sampled_from(Masking))
    noisy = masking is Masking.MASKED and response is not Response.NOT_TESTED
    return Tone(
        draw(st.sampled_from(ears)),
        draw(st.sampled_from(Transducer)),
        draw(st.sampled_from([500, 1000])),
        response,
        draw(LEVELS) if response in WITH_LEVEL else None,
        masking,
        draw(st.none() | LEVELS) if noisy else None,
        draw(st.none() | st.sampled_from(Noise)) if noisy else None,
    )


TIMES = st.datetimes(
    timezones=st.sampled_from([None, UTC, timezone(timedelta(hours=1)), timezone.min])
)
RECORDS = st.builds(
    ToneRecord,
    st.lists(tones(), max_size=8).map(tuple),
    number=st.integers(1, 2),
    count=st.integers(2, 4),
    sequence=st.sampled_from("0123"),
    patient=st.sampled_from(["", "4711", "4712"]),
    tested_at=st.none() | TIMES,
    device=st.text(max_size=3),
    remarks=st.lists(st.sampled_from(Remark), max_size=2).map(tuple),
    raw=st.binary(max_size=8),
)


@st.composite
def groups(draw):
    count = draw(st.integers(1, 4))
    drawn = [draw(RECORDS) for _ in range(count)]
    return [replace(one, number=at, count=count) for at, one in enumerate(drawn, start=1)]


def _known(found):
    conflicts = {(c.place, frozenset(c.alternatives)) for c in found.conflicts}
    times = found.first_tested_at, found.last_tested_at
    device = found.device, found.serial, found.calibrated
    return found.tones, conflicts, found.remarks, found.missing, found.complete, times, device


@given(groups(), st.data())
def test_a_group_may_come_in_any_order(group, data):
    shuffled = data.draw(st.permutations(group))
    assert _known(received(*group)) == _known(received(*shuffled))
    assert received(*group).complete


@given(groups(), st.data())
def test_a_group_is_complete_only_with_all_its_records(group, data):
    lost = data.draw(st.sampled_from(group))
    found = received(*(one for one in group if one is not lost))
    assert not found.complete
    assert found.missing == (((lost.number, lost.count),) if len(group) > 1 else ())
    assert (Notice.PARTIAL in found.remarks) is (len(group) > 1)


@given(st.lists(RECORDS, min_size=1, max_size=4), st.data())
def test_a_record_added_twice_changes_nothing(records, data):
    found = received(*records)
    assert add(found, data.draw(st.sampled_from(records))) == found


@given(st.lists(RECORDS, max_size=4), st.data())
def test_nothing_becomes_a_number_that_was_not_sent_as_one(records, data):
    found = received(*records)
    for conflict in found.conflicts:
        index = data.draw(st.integers(0, len(conflict.alternatives) - 1) | st.none())
        found = choose(found, conflict.place, index)
    sent = [t for one in records for t in one.tones]
    shown = [*found.tones, *(t for c in found.conflicts for t in c.alternatives)]
    assert all(t in sent for t in shown)
    assert len({place_of(t) for t in found.tones}) == len(found.tones)
    assert {place_of(t) for t in found.tones}.isdisjoint(found.undecided)


@given(st.lists(RECORDS, max_size=4), st.data())
def test_no_answer_is_lost(records, data):
    found = received(*records)
    shown = [*found.tones, *(t for c in found.conflicts for t in c.alternatives)]
    answers = [t for r in records for t in r.tones if t.response is not Response.NOT_TESTED]
    assert all(t in shown for t in answers)


# Over a power cut


def _exact(found):
    return [(t, str(t.level_db), str(t.masking_db)) for r in found.records for t in r.tones]


@given(st.lists(RECORDS, max_size=4), st.data())
def test_what_came_is_read_back_exactly(records, data):
    found = received(*records)
    for conflict in found.conflicts:
        index = data.draw(st.integers(0, len(conflict.alternatives) - 1) | st.none())
        found = choose(found, conflict.place, index)
    again = from_data(json.loads(json.dumps(to_data(found))))
    assert again == found
    assert _exact(again) == _exact(found)


@pytest.mark.parametrize("make", [sadata, noah])
def test_a_file_is_read_back_exactly_and_its_bytes_are_written_once(make):
    imported = read_file(make(SampleChild()))
    second = replace(imported.records[0], tones=imported.records[0].tones[:1])
    found = of_file(replace(imported, records=(*imported.records, second)))
    data = to_data(found)
    assert len(data["raws"]) == 1
    assert from_data(json.loads(json.dumps(data))) == found


def _changes():
    yield "format", lambda data: data.update(format=FORMAT + 1)
    yield "no format", lambda data: data.pop("format")
    yield "something more", lambda data: data.update(more=1)
    yield "level as a number", lambda data: data["records"][0]["tones"][0].update(level_db=20.0)
    yield "level that is none", lambda data: data["records"][0]["tones"][0].update(level_db="NaN")
    yield "no level", lambda data: data["records"][0]["tones"][0].update(level_db=None)
    yield "no ear", lambda data: data["records"][0]["tones"][0].update(ear="middle")
    yield "a record twice", lambda data: data["records"].append(data["records"][0])
    yield "no such bytes", lambda data: data.update(raw_of=[0, 9])
    yield "bytes before the first", lambda data: data.update(raw_of=[0, -1])
    yield "no base64", lambda data: data.update(raws=["*", "*"])
    yield "no such choice", lambda data: data["chosen"][0].__setitem__(1, 5)
    yield "a choice without a conflict", lambda data: data["chosen"][0][0].update(hz=125)
    yield "group", lambda data: data["records"][0].update(number=9)


@pytest.mark.parametrize(("what", "change"), list(_changes()))
def test_other_data_is_refused_without_its_values(what, change):
    two = record(tone(20), patient="4711", raw=b"a"), record(tone(25), patient="4711", raw=b"b")
    data = to_data(choose(received(*two), R1000, 1))
    changed = copy.deepcopy(data)
    change(changed)
    with pytest.raises(ValueError, match="not what came") as refused:
        from_data(changed)
    assert "4711" not in str(refused.value)
    assert from_data(data).tones == (tone(25),)


@pytest.mark.parametrize("data", [None, [], {}, "text", 1, {"format": FORMAT}])
def test_anything_else_is_refused(data):
    with pytest.raises(ValueError, match="not what came"):
        from_data(data)
