"""What every driver promises, checked on any driver from anywhere.

A promise is a function that takes a driver and yields a sentence for each way in which it is
broken. The station's own tests and ``kiosk doctor --driver`` run the same ones. Nothing here
needs a test library, a port or a device.
"""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Final

from drivers.contract_samples import Sample, bytes_of, read, readings, sample, values
from drivers.driver import Driver, Kind, Rhythm, Settings
from drivers.events import DeviceEvent, Flag, Garbage, NoReading, Quantity, Reading, Stability
from drivers.framing import CAP
from drivers.hearing import ToneRecord
from drivers.notation import Record, to_records
from drivers.profile import REQUEST, poll_of, rhythm_of, sample_settings
from drivers.registry import check
from drivers.vector_file import Vector, vectors_for

GRAMS: Final[Mapping[str, Decimal]] = {"kg": Decimal(1000), "g": Decimal(1)}
WEIGHTS: Final = ("0.000", "0.052", "2.998", "4.236", "8.420", "12.5", "15.20", "75", "-0.7")
"""Kilograms that are rendered and read back, where the protocol can say them."""

HELD_BYTES: Final = 64 * 1024
DRIVING: Final = frozenset(
    {b"Z", b"ZI", b"T", b"TI", b"TAC", b"C1", b"CU1", b"@", b"OT", b"ST", b"SZ", b"t", b"\x1bT"}
    | {b"\x1bU", b"\x1bV", b"U", b"C", b"R", b"P OFF", b"OFF", b"L", b"X"}
)
"""Commands that zero, tare, switch or reset some scale; none of them may be a poll."""

Promise = Callable[[Driver], Iterator[str]]


def vectors_hold(driver: Driver) -> Iterator[str]:
    """Each vector gives what a person typed, however its bytes are cut."""
    vectors = vectors_for(driver)
    if not vectors:
        yield "it has no vectors"
    for vector in vectors:
        expected = [dict(event) for event in vector.events]
        for chunks in cuts(b"".join(vector.chunks), vector):
            events = read(driver, vector.settings, *chunks)
            got = [_told(record) for event in events for record in to_records(event)]
            if got != expected:
                yield f"vector {vector.id} in {len(chunks)} reads gives {got}"
                break


def _told(record: Record) -> Record:
    """Leave out what is ``null``: a vector file cannot say it."""
    return {key: value for key, value in record.items() if value is not None}


def cuts(data: bytes, vector: Vector) -> Iterator[list[bytes]]:
    """Yield ways to cut ``data``: as given, whole, once, twice, into single bytes."""
    yield list(vector.chunks)
    chance, places = random.Random(1), range(1, len(data))
    chosen = [sorted(chance.sample(places, 2)) for _ in range(20 if len(places) > 1 else 0)]
    for cut in [(), *combinations(range(1, len(data)), 1), *chosen, tuple(range(1, len(data)))]:
        yield [data[a:b] for a, b in pairwise((0, *cut, len(data)))]


def a_frame_is_known(driver: Driver) -> Iterator[str]:
    """There is a vector with one value, on which the other promises are tried."""
    if sample(driver) is None:
        yield "no vector is one whole frame with a value"


def noise_is_no_value(driver: Driver) -> Iterator[str]:
    """Foreign bytes before, between and after frames add no value and hide no second frame."""
    good = sample(driver)
    if good is None:
        return
    chance = random.Random(2)
    foreign = bytes(b for b in range(256) if b not in good.frame) or b"\x00"
    for _ in range(200):
        noise = bytes(chance.choices(foreign, k=chance.randrange(1, 80)))
        if values(read(driver, good.settings, noise)):
            yield f"{noise.hex()} is read as a value"
        got = values(read(driver, good.settings, noise + good.frame * 2 + noise))
        wanted = set(map(repr, values(read(driver, good.settings, good.frame))))
        if not got or {repr(r) for r in got} - wanted:
            yield f"after {noise.hex()} the next frames are read as {got}"


def damage_raises_nothing(driver: Driver) -> Iterator[str]:
    """Random and damaged bytes raise nothing and every byte comes back; then reading goes on."""
    good = sample(driver)
    if good is None:
        return
    chance = random.Random(3)
    for number in range(400):
        data = chance.randbytes(chance.randrange(1, 300)) if number % 2 else _hurt(good, chance)
        decoder = driver.decoder(good.settings)
        events = [*decoder.feed(data), *decoder.drop_partial()]
        if bytes_of(events) != data:
            yield f"not every byte of {data.hex()} came back"
        if good.reading not in values([*decoder.feed(good.frame), *decoder.feed(good.frame)]):
            yield f"after {data.hex()} no frame is read any more"


def _hurt(good: Sample, chance: random.Random) -> bytes:
    data = bytearray(good.frame * 3)
    for _ in range(chance.randrange(1, 6)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    start = chance.randrange(len(data))
    return bytes(data[start:] if chance.random() < 0.3 else data)


def rendering_is_read_back(driver: Driver) -> Iterator[str]:
    """What the renderer writes is the same when it is read: to the gram, and tone for tone."""
    settings = sample_settings(driver)
    if driver.kind is Kind.AUDIOMETER:
        yield from _records_differ(driver, settings)
        return
    said = 0
    for text in WEIGHTS:
        value = Decimal(text)
        flags = frozenset({Flag.NEGATIVE} if value < 0 else ())
        for stability in (Stability.STABLE, Stability.MOVING):
            event = Reading(Quantity.WEIGHT, value, "kg", stability, flags)
            try:
                frame = driver.render(event, settings)
            except ValueError:
                continue
            said += 1
            yield from _differs(event, read(driver, settings, frame))
    if not said:
        yield "its renderer can say no weight at all"


def _records_differ(driver: Driver, settings: Settings) -> Iterator[str]:
    records = [
        event
        for vector in vectors_for(driver)
        for event in read(driver, vector.settings, *vector.chunks)
        if isinstance(event, ToneRecord)
    ]
    if driver.render_record is None or not records:
        yield "its renderer can say no record at all"
        return
    for record in records:
        back = values(read(driver, settings, driver.render_record(record, settings)))
        if len(back) != 1 or replace(back[0], raw=b"") != replace(record, raw=b""):
            yield f"a record is rendered and read back as {back}"


def _differs(sent: Reading, events: list[DeviceEvent]) -> Iterator[str]:
    got = [r for r in readings(events) if r.quantity is Quantity.WEIGHT]
    if sent.stability is Stability.MOVING and not got:
        return  # Some scales send no digits before the load has come to rest.
    mass = [r.value * GRAMS.get(r.unit, Decimal(0)) for r in got]
    # A moving value may come without its unit; then only its digits can be compared.
    unitless = [r.value for r in got if not r.unit and r.stability is not Stability.STABLE]
    if mass != [sent.value * 1000] and unitless != [sent.value]:
        yield f"{sent.value} kg is rendered and read back as {got}"
    elif got[0].stability not in {sent.stability, Stability.UNKNOWN}:
        yield f"{sent.stability.value} is rendered and read back as {got[0].stability.value}"


def reasons_are_read_back(driver: Driver) -> Iterator[str]:
    """What a vector calls no value stays no value when it is rendered."""
    for vector in vectors_for(driver):
        settings = {**sample_settings(driver), **vector.settings}
        for event in read(driver, vector.settings, *vector.chunks):
            if isinstance(event, NoReading) and driver.kind is Kind.SCALE:
                try:
                    back = read(driver, settings, driver.render(event, settings))
                except ValueError:
                    continue
                if readings(back):
                    yield f"{event.reason.value} of vector {vector.id} is rendered as a value"


def memory_is_bounded(driver: Driver) -> Iterator[str]:
    """A megabyte without an ending costs little memory, and its bytes come back."""
    good = sample(driver)
    if good is None:
        return
    longest = max(sum(map(len, vector.chunks)) for vector in vectors_for(driver))
    for chunk in (good.frame[:1] * 64, good.frame[:-1].strip() * 4, b"\xff" * 64):
        decoder = driver.decoder(good.settings)
        taken = back = 0
        tracemalloc.start()
        try:
            while taken < 1 << 18:
                taken += len(chunk)
                back += len(bytes_of(decoder.feed(chunk)))
            held, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        if held > HELD_BYTES or taken - back > 2 * max(CAP, longest):
            yield f"it holds {taken - back} bytes of {chunk[:8].hex()}… in {held} bytes of memory"


def nothing_is_invented(driver: Driver) -> Iterator[str]:
    """Without the unit in the frame, or without a profile, no unit and no stability appear."""
    good = sample(driver)
    if good is None or isinstance(good.reading, ToneRecord):
        return
    unit = good.reading.unit.encode()
    if unit and unit in good.frame:
        without = good.frame.replace(unit, b" " * len(unit))
        for reading in readings(read(driver, good.settings, without)):
            if reading.unit and reading.stability is Stability.STABLE:
                yield f"a frame without its unit is read as {reading.value} {reading.unit}"
    untold = {s.key for s in driver.settings if s.default is None} & set(good.settings)
    for reading in readings(read(driver, {}, good.frame)) if untold else ():
        if reading == good.reading:
            yield f"without a profile it reads the same as with {', '.join(sorted(untold))}"


def a_partial_frame_is_given_up(driver: Driver) -> Iterator[str]:
    """Half a frame is no value, and the next whole frame is read."""
    good = sample(driver)
    if good is None:
        return
    decoder = driver.decoder(good.settings)
    early = [*decoder.feed(good.frame[:-1]), *decoder.drop_partial()]
    if any(not isinstance(event, Garbage) for event in early):
        yield f"a frame without its last byte is read as {early}"
    if not values(decoder.feed(good.frame)):
        yield "after half a frame the next one is not read"


def it_measures_what_it_says(driver: Driver) -> Iterator[str]:
    """Its record names what its frames carry, and a vector shows each of it."""
    seen = {
        reading.quantity
        for vector in vectors_for(driver)
        for reading in readings(read(driver, vector.settings, *vector.chunks))
    }
    for quantity in sorted({*driver.measures} ^ seen):
        told = "no vector shows it" if quantity in driver.measures else "its record does not say so"
        yield f"{quantity.value}: {told}"


def the_request_only_reads(driver: Driver) -> Iterator[str]:
    """No request zeroes, tares or switches the device."""
    polls = [*driver.requests.values()] if driver.requests is not None else [driver.poll]
    for poll in (*polls, poll_of(driver, sample_settings(driver))):
        if poll is not None and poll.command.strip() in DRIVING:
            yield f"the request {poll.command!r} does more than read"


def it_can_keep_its_rhythm(driver: Driver) -> Iterator[str]:
    """A profile makes it speak in the rhythm of its record; one that speaks once sends a line."""
    profiles: list[Settings] = [{REQUEST: name} for name in driver.requests or ()] or [{}]
    kept = driver.rhythm in {rhythm_of(driver, profile) for profile in profiles}
    # A driver from before there were rhythms answers, and does not say so.
    if not (kept or driver.rhythm is Rhythm.STREAMS):
        yield f"no profile makes it speak as its record says: {driver.rhythm.value}"
    settings, weight = sample_settings(driver), Decimal(WEIGHTS[3])
    event = Reading(Quantity.WEIGHT, weight, "kg", Stability.STABLE)
    if driver.rhythm is Rhythm.ONCE and not driver.render(event, settings):
        yield "it is said to speak once a weighing, and says nothing of a settled one"


def the_record_is_sound(driver: Driver) -> Iterator[str]:
    """Key, line, settings and sources of the record make sense."""
    yield from check([driver])


PROMISES: Final[tuple[Promise, ...]] = (
    the_record_is_sound,
    vectors_hold,
    a_frame_is_known,
    noise_is_no_value,
    damage_raises_nothing,
    rendering_is_read_back,
    reasons_are_read_back,
    memory_is_bounded,
    nothing_is_invented,
    a_partial_frame_is_given_up,
    it_measures_what_it_says,
    the_request_only_reads,
    it_can_keep_its_rhythm,
)


def broken_promises(driver: Driver) -> Iterator[tuple[str, str]]:
    """Yield (promise, sentence) for everything the driver does not keep."""
    for promise in PROMISES:
        try:
            for sentence in promise(driver):
                yield promise.__name__, sentence
        except Exception as error:  # noqa: BLE001 - a foreign driver may raise anything: name it
            yield promise.__name__, f"{type(error).__name__}: {error}"
