"""Audiometers on a cable: what nobody heard is never a number, and no damage makes one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.audiometers import gsi_38, rion_aa79s
from drivers.contract import read
from drivers.events import Garbage, NoReading
from drivers.hearing import (
    Ear,
    Masking,
    Noise,
    Remark,
    Response,
    Tone,
    ToneRecord,
    Transducer,
)
from drivers.notation import to_records
from drivers.registry import find_driver
from drivers.vector_file import vectors_for

GSI, RION = find_driver("gsi-38"), find_driver("rion-aa79s")
BOTH = pytest.mark.parametrize("driver", [GSI, RION], ids=lambda d: d.key)


def vector(driver, ident):
    return next(one for one in vectors_for(driver) if one.id == ident)


def record(driver, ident) -> ToneRecord:
    found = read(driver, {}, *vector(driver, ident).chunks)
    (only,) = [event for event in found if isinstance(event, ToneRecord)]
    return only


def test_two_records_are_one_test_of_two_ears():
    first, second = record(GSI, "G1"), record(GSI, "G2")
    assert (first.number, first.count, first.sequence) == (1, 2, "0")
    assert (second.number, second.count, second.sequence) == (2, 2, "1")
    assert {tone.ear for tone in first.tones + second.tones} == {Ear.RIGHT, Ear.LEFT}


def test_a_record_that_is_sent_again_keeps_its_sequence():
    again = read(GSI, {}, *vector(GSI, "G1").chunks * 2)
    assert [one.sequence for one in again] == ["0", "0"]


def test_an_empty_test_is_named_and_holds_no_level():
    empty = record(GSI, "G5")
    assert empty.remarks == (Remark.EMPTY,)
    assert {tone.level_db for tone in empty.tones} == {None}


def test_half_decibels_are_kept():
    levels = {tone.hz: tone.threshold for tone in record(GSI, "G3").tones}
    assert (levels[125], levels[750], levels[8000]) == (Decimal(-10), Decimal("2.5"), Decimal(100))


def test_kind_and_level_of_the_noise_are_told():
    heard = [tone for tone in record(RION, "R10").tones if tone.threshold is not None]
    assert [(t.ear, t.masking_db, t.noise) for t in heard] == [
        (Ear.RIGHT, Decimal(60), Noise.WHITE),
        (Ear.LEFT, Decimal(-20), Noise.NARROW_BAND),
    ]


def test_bone_that_is_worse_than_air_is_remarked():
    assert Remark.BONE_WORSE_THAN_AIR in record(RION, "R1").remarks
    assert record(RION, "R2").remarks == ()


def test_the_oldest_frames_cannot_tell_masking():
    tested = [tone for tone in record(RION, "R13").tones if tone.level_db is not None]
    assert {tone.masking for tone in tested} == {Masking.UNKNOWN}


def test_the_device_says_whose_it_is_for_a_comparison_only():
    assert record(RION, "R7").patient == "A1113"


@BOTH
def test_what_was_not_heard_or_not_tested_has_no_threshold_anywhere(driver):
    for one in vectors_for(driver):
        for event in read(driver, {}, *one.chunks):
            for tone in event.tones if isinstance(event, ToneRecord) else ():
                if tone.response is not Response.THRESHOLD:
                    assert tone.threshold is None
                (line,) = to_records(ToneRecord((tone,)))
                if tone.response in {Response.NOT_TESTED, Response.NO_RESPONSE_LEVEL_UNKNOWN}:
                    assert line["level_db"] is None


def whole(driver) -> bytes:
    return b"".join(vector(driver, "G1" if driver is GSI else "R3").chunks)


@BOTH
@given(data=st.data())
def test_one_changed_byte_is_refused_or_changes_one_thing(driver, data):
    frame = bytearray(whole(driver))
    at = data.draw(st.integers(0, len(frame) - 1))
    frame[at] = data.draw(st.integers(0, 255))
    if bytes(frame) == whole(driver):
        return
    (before,) = (e for e in read(driver, {}, whole(driver)) if isinstance(e, ToneRecord))
    for after in read(driver, {}, bytes(frame)):
        assert isinstance(after, Garbage | NoReading | ToneRecord)
        if isinstance(after, ToneRecord):
            changed = [t for t, old in zip(after.tones, before.tones, strict=True) if t != old]
            told = (after.sequence, after.number, after.count, after.patient)
            before_told = (before.sequence, before.number, before.count, before.patient)
            assert changed or told != before_told, "a changed byte must not pass unseen"
            assert len(changed) <= 1 or {t.ear for t in changed} != {t.ear for t in before.tones}


@BOTH
@given(noise=st.binary(max_size=600))
def test_noise_never_becomes_a_tone(driver, noise):
    assert not [e for e in read(driver, {}, noise) if isinstance(e, ToneRecord)]


def reframed(cell: str) -> bytes:
    """R3 with another masking cell at 1000 Hz, its BCC made to fit."""
    body = whole(RION)[1:-1].replace(b"  31", cell.encode())
    return b"\x02" + body + bytes([rion_aa79s.bcc(body)])


def test_a_masking_code_without_a_kind_of_noise_is_no_masking():
    (back,) = read(RION, {}, reframed("  01"))
    assert {t.masking for t in back.tones if t.level_db is not None} == {Masking.NONE}


@pytest.mark.parametrize("cell", ["  zz", "  3@", "  81", " 331"])
def test_a_masking_code_the_device_never_sends_refuses_the_frame(cell):
    (back,) = read(RION, {}, reframed(cell))
    assert (back.reason.value, back.code) == ("not-understood", "undefined-cell")


levels = st.sampled_from([Decimal(n) / 2 for n in range(-20, 201)])
heard = st.builds(lambda level: (Response.THRESHOLD, level), levels)
silent = st.sampled_from([(Response.NOT_TESTED, None), (Response.NO_RESPONSE_LEVEL_UNKNOWN, None)])


@given(
    st.sampled_from([Ear.RIGHT, Ear.LEFT]),
    st.lists(st.one_of(heard, silent), min_size=11, max_size=11),
)
def test_every_record_the_gsi_can_say_comes_back(ear, answers):
    tones = tuple(
        Tone(ear, Transducer.HEADPHONE, hz, *answer)
        for hz, answer in zip(gsi_38.HERTZ, answers, strict=True)
    )
    (back,) = read(GSI, {}, gsi_38.render_record(ToneRecord(tones), {}))
    assert back.tones == tones


whole_levels = st.integers(-20, 130).map(Decimal)
answers = st.one_of(
    st.just((Response.NOT_TESTED, None)),
    st.tuples(st.sampled_from([Response.THRESHOLD, Response.NO_RESPONSE]), whole_levels),
)


@given(st.lists(answers, min_size=44, max_size=44))
def test_every_frame_the_rion_can_say_comes_back(said):
    places = [
        (ear, path, hz)
        for path in rion_aa79s.PATHS
        for hz in rion_aa79s.HERTZ
        for ear in rion_aa79s.EARS
    ]
    tones = tuple(
        Tone(*place, *answer, Masking.UNKNOWN if answer[1] is None else Masking.NONE)
        for place, answer in zip(places, said, strict=True)
    )
    (back,) = read(RION, {}, rion_aa79s.render_record(ToneRecord(tones), {}))
    assert back.tones == tones


@pytest.mark.parametrize(
    "tone",
    [
        Tone(Ear.RIGHT, Transducer.HEADPHONE, 125, Response.HEARD, Decimal(20)),
        Tone(Ear.RIGHT, Transducer.HEADPHONE, 125, Response.NO_RESPONSE, Decimal(90)),
        Tone(Ear.RIGHT, Transducer.HEADPHONE, 125, Response.THRESHOLD, Decimal(110)),
    ],
)
def test_what_the_gsi_cannot_say_is_refused_and_not_said_otherwise(tone):
    rest = tuple(
        Tone(Ear.RIGHT, Transducer.HEADPHONE, hz, Response.NOT_TESTED) for hz in gsi_38.HERTZ[1:]
    )
    with pytest.raises(ValueError, match=r"no way to say"):
        gsi_38.render_record(ToneRecord((tone, *rest)), {})


@pytest.mark.parametrize(
    ("response", "level"),
    [
        (Response.NOT_TESTED, Decimal(0)),
        (Response.NO_RESPONSE_LEVEL_UNKNOWN, Decimal(90)),
        (Response.COULD_NOT_BE_TESTED, Decimal(0)),
        (Response.THRESHOLD, None),
        (Response.HEARD, None),
        (Response.NO_RESPONSE, None),
    ],
)
def test_a_tone_cannot_be_made_with_a_level_it_does_not_have(response, level):
    with pytest.raises(ValueError, match="level"):
        Tone(Ear.RIGHT, Transducer.HEADPHONE, 1000, response, level)
