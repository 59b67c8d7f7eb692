"""Random and mutated bytes for every driver, and what may never come of them.

The mutator starts from the frames a person typed into the vector files and cuts, doubles, flips,
inserts, splices and joins them, with a dictionary of what separates and signs. It is seeded, so an
input that breaks a promise can be made again. A value counts as invented when

- its bytes are no piece of the input,
- its digits do not stand in its bytes (text protocols), or
- its bytes alone, given to a fresh decoder, do not say the same.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from drivers.contract import bytes_of, read, readings
from drivers.driver import Driver, Settings
from drivers.events import Event, Reading
from drivers.profile import sample_settings
from drivers.vector_file import vectors_for

WORDS = (
    *(b"\r\n", b"\r", b"\n", b"\x02", b"\x03", b"\x1b", b"\x01", b"\x04", b"\x06", b"\x1bE"),
    *(b"-", b"+", b".", b",", b" ", b"0", b"9", b"kg", b"g", b"lb", b"S ", b"?", b"\x00", b"\xff"),
)
PER_INPUT = 12
"""Mutated frames that go into a decoder before it is asked again from the start."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Frames to start from, with the profile they are read with."""

    driver: Driver
    frames: tuple[bytes, ...]
    settings: Settings
    is_text: bool


def corpus_of(driver: Driver) -> Corpus:
    """Return a driver's vectors as one corpus, read with a profile that tells everything."""
    frames = tuple(b"".join(vector.chunks) for vector in vectors_for(driver))
    is_text = driver.key not in {"usb-hid", "toledo-continuous", "seca-rs232"}
    return Corpus(driver, frames, sample_settings(driver), is_text)


def inputs(corpus: Corpus, seed: int, count: int) -> Iterator[bytes]:
    """Yield ``count`` inputs: two thirds mutated frames, one third random bytes."""
    chance = random.Random(seed)
    for number in range(count):
        if number % 3:
            yield mutated(corpus, chance)
        else:
            yield chance.randbytes(chance.randrange(1, 48))


def mutated(corpus: Corpus, chance: random.Random) -> bytes:
    """Return one frame, or two joined, after one to four changes."""
    data = bytearray(chance.choice(corpus.frames))
    if chance.random() < 0.3:
        other = chance.choice(corpus.frames)
        data = data[: chance.randrange(len(data) + 1)] + other[chance.randrange(len(other)) :]
    for _ in range(chance.randrange(1, 5)):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(5):
            case 0 if data:
                data[at - 1] ^= 1 << chance.randrange(8)
            case 1:
                data[at:at] = chance.choice(WORDS)
            case 2:
                del data[at : at + chance.randrange(1, 4)]
            case 3:
                data[at:at] = data[at : at + chance.randrange(1, 8)]
            case _:
                data[at : at + 1] = bytes([chance.randrange(256)])
    return bytes(data)


def faults(corpus: Corpus, data: bytes) -> Iterator[str]:
    """Yield what is wrong with what a decoder makes of ``data``."""
    try:
        events = read(corpus.driver, corpus.settings, data)
    except Exception as error:  # the finding itself
        yield f"{type(error).__name__} on {data.hex()}"
        return
    if bytes_of(events) != data:
        yield f"not every byte of {data.hex()} came back"
    for reading in readings(events):
        yield from _invented(corpus, reading, events, data)


def _invented(corpus: Corpus, reading: Reading, events: list[Event], data: bytes) -> Iterator[str]:
    if not reading.raw or reading.raw not in data:
        yield f"the bytes of a value are no piece of {data.hex()}"
    if corpus.is_text and not _digits_stand_in(reading):
        yield f"{reading.value} does not stand in {reading.raw.hex()}"
    if reading not in read(corpus.driver, corpus.settings, reading.raw):
        yield f"{reading.raw.hex()} alone does not say {reading.value}"


def _digits_stand_in(reading: Reading) -> bool:
    """Whether the value's digits stand in its bytes, leading zeros, comma and brackets aside."""
    plain = bytes(byte & 0x7F for byte in reading.raw).decode().replace(",", ".")
    plain = re.sub(r"[\[\]]", "", plain)
    return f"{abs(reading.value):f}" in plain
