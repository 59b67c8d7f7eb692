"""What every driver promises, checked on any driver from anywhere.

A promise is a function that takes a driver and yields a sentence for each way in which it is
broken. The station's own tests and ``kiosk doctor --driver`` run the same ones. Nothing here
needs a test library, a port or a device.
"""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Final

from drivers.driver import Driver, Settings
from drivers.events import Event, Flag, Garbage, NoReading, Quantity, Reading, Stability
from drivers.framing import CAP
from drivers.notation import to_record
from drivers.profile import poll_of, sample_settings
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


def read(driver: Driver, settings: Settings, *chunks: bytes) -> list[Event]:
    """Return what a fresh decoder makes of some reads, the unfinished rest given up."""
    decoder = driver.decoder(settings)
    events = [event for chunk in chunks for event in decoder.feed(chunk)]
    return [*events, *decoder.drop_partial()]


def readings(events: Sequence[Event]) -> list[Reading]:
    """Return the values among ``events``."""
    return [event for event in events if isinstance(event, Reading)]


def bytes_of(events: Sequence[Event]) -> bytes:
    """Return the bytes the events account for; events of one frame share theirs."""
    raw: list[bytes] = []
    for event in events:
        # Python keeps one object for each single byte, so garbage is never taken for shared.
        if isinstance(event, Garbage) or not raw or event.raw is not raw[-1]:
            raw.append(event.raw)
    return b"".join(raw)


@dataclass(frozen=True, slots=True)
class Sample:
    """A frame with one weight that a person typed, and the profile it is read with."""

    frame: bytes
    settings: Settings
    reading: Reading


def sample(driver: Driver) -> Sample | None:
    """Return the driver's first vector that is one whole frame with a weight."""
    for vector in vectors_for(driver):
        frame = b"".join(vector.chunks)
        events = read(driver, vector.settings, frame)
        weights = [r for r in readings(events) if r.quantity is Quantity.WEIGHT]
        if len(weights) == 1 and weights[0].raw == frame:
            return Sample(frame, vector.settings, weights[0])
    return None


def vectors_hold(driver: Driver) -> Iterator[str]:
    """Each vector gives what a person typed, however its bytes are cut."""
    vectors = vectors_for(driver)
    if not vectors:
        yield "it has no vectors"
    for vector in vectors:
        expected = [dict(event) for event in vector.events]
        for chunks in cuts(b"".join(vector.chunks), vector):
            got = [to_record(event) for event in read(driver, vector.settings, *chunks)]
            if got != expected:
                yield f"vector {vector.id} in {len(chunks)} reads gives {got}"
                break


def cuts(data: bytes, vector: Vector) -> Iterator[list[bytes]]:
    """Yield ways to cut ``data``: as given, whole, once, twice, into single bytes."""
    yield list(vector.chunks)
    pairs = list(combinations(range(1, len(data)), 2))
    chosen = random.Random(1).sample(pairs, min(20, len(pairs)))
    for cut in [(), *combinations(range(1, len(data)), 1), *chosen, tuple(range(1, len(data)))]:
        yield [data[a:b] for a, b in pairwise((0, *cut, len(data)))]


def a_frame_is_known(driver: Driver) -> Iterator[str]:
    """There is a vector with one weight, on which the other promises are tried."""
    if sample(driver) is None:
        yield "no vector is one whole frame with a weight"


def noise_is_no_value(driver: Driver) -> Iterator[str]:
    """Foreign bytes before, between and after frames add no value and hide no second frame."""
    good = sample(driver)
    if good is None:
        return
    chance = random.Random(2)
    foreign = bytes(b for b in range(256) if b not in good.frame) or b"\x00"
    for _ in range(200):
        noise = bytes(chance.choices(foreign, k=chance.randrange(1, 80)))
        if readings(read(driver, good.settings, noise)):
            yield f"{noise.hex()} is read as a value"
        got = readings(read(driver, good.settings, noise + good.frame * 2 + noise))
        wanted = set(map(repr, readings(read(driver, good.settings, good.frame))))
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
        if good.reading not in readings([*decoder.feed(good.frame), *decoder.feed(good.frame)]):
            yield f"after {data.hex()} no frame is read any more"


def _hurt(good: Sample, chance: random.Random) -> bytes:
    data = bytearray(good.frame * 3)
    for _ in range(chance.randrange(1, 6)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    start = chance.randrange(len(data))
    return bytes(data[start:] if chance.random() < 0.3 else data)


def rendering_is_read_back(driver: Driver) -> Iterator[str]:
    """What the renderer writes is the same weight when it is read, to the gram."""
    settings = sample_settings(driver)
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


def _differs(sent: Reading, events: list[Event]) -> Iterator[str]:
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
            if isinstance(event, NoReading):
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
        if held > HELD_BYTES or taken - back > 2 * CAP:
            yield f"it holds {taken - back} bytes of {chunk[:8].hex()}… in {held} bytes of memory"


def nothing_is_invented(driver: Driver) -> Iterator[str]:
    """Without the unit in the frame, or without a profile, no unit and no stability appear."""
    good = sample(driver)
    if good is None:
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
    if not readings(decoder.feed(good.frame)):
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
)


def broken_promises(driver: Driver) -> Iterator[tuple[str, str]]:
    """Yield (promise, sentence) for everything the driver does not keep."""
    for promise in PROMISES:
        try:
            for sentence in promise(driver):
                yield promise.__name__, sentence
        except Exception as error:  # noqa: BLE001 - a foreign driver may raise anything: name it
            yield promise.__name__, f"{type(error).__name__}: {error}"
