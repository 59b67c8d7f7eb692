"""The one test that every driver passes, found wherever the registry finds drivers."""

import json
import random
import subprocess
import sys
import tracemalloc
from decimal import Decimal
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.driver import Driver
from drivers.events import Flag, Garbage, NoReading, Quantity, Reading, Stability
from drivers.notation import to_record
from drivers.registry import all_drivers, check
from drivers.vector_file import vectors_of

DRIVERS = list(all_drivers().values())
CASES = [(d, v) for d in DRIVERS for v in vectors_of(d.decoder.__module__).vectors]
each_driver = pytest.mark.parametrize("driver", DRIVERS, ids=lambda d: d.key)
each_vector = pytest.mark.parametrize(
    ("driver", "vector"), CASES, ids=[f"{d.key}-{v.id}" for d, v in CASES]
)


def fresh(driver: Driver):
    defaults = {s.key: s.default for s in driver.settings if s.default is not None}
    return driver.decoder(defaults)


def read(driver: Driver, *chunks: bytes):
    decoder = fresh(driver)
    events = [event for chunk in chunks for event in decoder.feed(chunk)]
    return [*events, *decoder.drop_partial()]


def readings(events):
    return [event for event in events if isinstance(event, Reading)]


def tells_stability(driver: Driver) -> bool:
    """Whether the protocol says stable or moving at all, going by what a person typed."""
    vectors = vectors_of(driver.decoder.__module__).vectors
    return any(e.get("stability") in {"stable", "moving"} for v in vectors for e in v.events)


def good_frame(driver: Driver) -> tuple[bytes, Reading]:
    vectors = vectors_of(driver.decoder.__module__).vectors
    for vector in vectors:
        if len(vector.events) == 1 and vector.events[0]["event"] == "reading":
            frame = b"".join(vector.chunks)
            return frame, readings(read(driver, frame))[0]
    raise AssertionError(f"{driver.key} has no vector with a single reading")


@each_vector
def test_a_vector_gives_what_a_person_typed(driver, vector):
    assert [to_record(e) for e in read(driver, *vector.chunks)] == [dict(e) for e in vector.events]


@each_vector
def test_a_vector_means_the_same_however_it_is_cut(driver, vector):
    data = b"".join(vector.chunks)
    expected = [dict(e) for e in vector.events]
    cuts = [(), *combinations(range(1, len(data)), 1)]
    pairs = list(combinations(range(1, len(data)), 2))
    cuts += random.Random(1).sample(pairs, min(20, len(pairs)))
    for cut in cuts:
        edges = [0, *cut, len(data)]
        chunks = [data[a:b] for a, b in pairwise(edges)]
        assert [to_record(e) for e in read(driver, *chunks)] == expected
    single = [data[i : i + 1] for i in range(len(data))]
    assert [to_record(e) for e in read(driver, *single)] == expected


@each_driver
@settings(max_examples=200, deadline=None)
@given(noise=st.binary(max_size=80), after=st.binary(max_size=80))
def test_noise_never_becomes_a_value_and_the_next_frame_is_read(driver, noise, after):
    frame, reading = good_frame(driver)
    noise = noise.replace(b"S", b"x")
    decoder = fresh(driver)
    assert not readings(decoder.feed(noise))
    # The line of noise has to end before a frame can begin.
    assert not readings(decoder.feed(b"\r\n"))
    assert readings(decoder.feed(frame)) == [reading]
    assert not readings(decoder.feed(after.replace(b"S", b"x")))


@each_driver
@given(data=st.binary(max_size=400))
def test_random_bytes_raise_nothing_and_every_byte_comes_back(driver, data):
    events = read(driver, data)
    assert b"".join(e.raw for e in events) == data


@each_driver
@given(
    grams=st.integers(-20_000, 400_000),
    places=st.integers(0, 4),
    moving=st.booleans(),
)
def test_what_is_rendered_is_read_back(driver, grams, places, moving):
    value = (Decimal(grams) / 1000).quantize(Decimal(1).scaleb(-places))
    value = abs(value) if value == 0 else value
    flags = frozenset({Flag.NEGATIVE}) if value < 0 else frozenset()
    stability = Stability.MOVING if moving else Stability.STABLE
    event = Reading(Quantity.WEIGHT, value, "kg", stability, flags)
    (back,) = read(driver, driver.render(event))
    assert isinstance(back, Reading)
    assert (back.value, back.unit, back.flags) == (value, "kg", flags)
    assert back.stability is (stability if tells_stability(driver) else Stability.UNKNOWN)
    assert str(back.value) == str(value)


@each_driver
def test_reasons_survive_rendering(driver):
    for vector in vectors_of(driver.decoder.__module__).vectors:
        for event in read(driver, *vector.chunks):
            if isinstance(event, NoReading):
                (back,) = read(driver, driver.render(event))
                assert isinstance(back, NoReading)


@each_driver
def test_memory_stays_bounded_and_work_linear_without_a_terminator(driver):
    decoder = fresh(driver)
    chunk = b"S" * 64
    tracemalloc.start()
    try:
        given_back = 0
        for _ in range(16_384):
            given_back += sum(len(e.raw) for e in decoder.feed(chunk))
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 64 * 1024
    assert 16_384 * 64 - given_back <= 512


@each_driver
def test_unit_and_stability_are_never_invented(driver):
    frame, reading = good_frame(driver)
    unit = reading.unit.encode()
    without = frame.replace(unit, b" " * len(unit))
    assert without != frame
    assert not readings(read(driver, without))


@each_driver
def test_a_partial_frame_is_given_up_as_garbage(driver):
    frame, _ = good_frame(driver)
    decoder = fresh(driver)
    assert decoder.feed(frame[:-1]) == []
    assert [type(e) for e in decoder.drop_partial()] == [Garbage]
    assert readings(decoder.feed(frame))


@each_driver
def test_a_poll_reads_and_never_drives_the_scale(driver):
    if driver.poll is not None:
        command = driver.poll.command.strip()
        assert command not in {b"Z", b"ZI", b"T", b"TI", b"TAC", b"C1", b"CU1", b"@", b"OT"}


def test_the_drivers_do_not_contradict_each_other():
    assert check(DRIVERS) == []


def test_protocol_modules_import_no_port_library():
    code = (
        "import sys, drivers.registry as r; r.all_drivers();"
        "print(sorted(m for m in sys.modules if m.split('.')[0] in ('serial', 'usb', 'kiosk')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.replace("'", '"')) == []
