"""Random and mutated bytes for every driver, and what may never come of them.

The mutator starts from the frames a person typed into the vector files and cuts, doubles, flips,
inserts, splices and joins them, with a dictionary of what separates and signs. It is seeded, so an
input that breaks a promise can be made again. A value counts as invented when

- its bytes are no piece of the input,
- its sign and digits are not what its bytes say, as text or by a second reader of binary frames,
  or
- its bytes alone, given to a fresh decoder, do not say the same.
"""

from __future__ import annotations

import random
import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from drivers.contract_samples import bytes_of, read, readings
from drivers.driver import Driver, Settings
from drivers.events import Event, Reading
from drivers.profile import sample_settings
from drivers.vector_file import vectors_for

WORDS = (
    *(b"\r\n", b"\r", b"\n", b"\x02", b"\x03", b"\x1b", b"\x01", b"\x04", b"\x06", b"\x1bE"),
    *(b"-", b"+", b".", b",", b" ", b"0", b"9", b"kg", b"g", b"lb", b"S ", b"?", b"\x00", b"\xff"),
)


_NUMBER = re.compile(r"(-?) *(\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Corpus:
    """Frames to start from, with the profile they are read with."""

    driver: Driver
    frames: tuple[bytes, ...]
    settings: Settings


def corpus_of(driver: Driver) -> Corpus:
    """Return a driver's vectors as one corpus, read with a profile that tells everything."""
    frames = tuple(b"".join(vector.chunks) for vector in vectors_for(driver))
    return Corpus(driver, frames, sample_settings(driver))


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
    if not _says(corpus.driver.key, reading):
        yield f"{reading.value} does not stand in {reading.raw.hex()}"
    if reading not in read(corpus.driver, corpus.settings, reading.raw):
        yield f"{reading.raw.hex()} alone does not say {reading.value}"


def _says(key: str, reading: Reading) -> bool:
    """Whether the bytes say this value: by a second reader of binary frames, else as text."""
    if key in BINARY:
        return BINARY[key](reading.raw) == reading.value
    plain = bytes(byte & 0x7F for byte in reading.raw).decode().replace("[", "").replace("]", "")
    # A comma parts fields in some lines and is the decimal mark of others.
    numbers = [*_NUMBER.findall(plain), *_NUMBER.findall(plain.replace(",", "."))]
    wanted = f"{abs(reading.value):f}"
    signs = {bool(minus) for minus, digits in numbers if f"{Decimal(digits):f}" == wanted}
    if not reading.value:
        return bool(signs) and not reading.value.is_signed()
    return reading.value.is_signed() in signs


def _pelstar(raw: bytes) -> Decimal:
    value = Decimal(raw[4:-1].decode())
    return -value if raw[1] & 0x30 and value else value


def _toledo(raw: bytes) -> Decimal:
    value = Decimal(int(raw[4:10])) / 10 ** ((raw[1] & 7) - 2)
    return -value if raw[2] & 2 and value else value


def _seca(raw: bytes) -> Decimal:
    value = Decimal(int(raw[3:8])) / {ord("3"): 1000, ord("4"): 100}[raw[8]]
    return -value if int(raw[9:11], 16) & 8 and value else value


def _hid(raw: bytes) -> Decimal:
    _, _, _, exponent, count = struct.unpack("<BBBbH", raw)
    return Decimal(count) * Decimal(10) ** exponent


def _tscale(raw: bytes) -> Decimal:
    if raw[0] == 1:
        value = Decimal(raw[2:9].decode())
        return -value if raw[1:2] == b"-" and value else value
    value = Decimal(int(raw[4:10])) / 10 ** (raw[1] - 0x22)
    return -value if raw[2] & 2 and value else value


def _yousheng(raw: bytes) -> Decimal:
    count = 0
    for byte in raw[4:1:-1]:
        count = count * 100 + (byte >> 4) * 10 + (byte & 15)
    value = Decimal(count) / 10 ** (raw[1] & 7)
    return -value if raw[1] & 0x20 and value else value


BINARY: dict[str, Callable[[bytes], Decimal]] = {
    "pelstar": _pelstar,
    "toledo-continuous": _toledo,
    "seca-rs232": _seca,
    "usb-hid": _hid,
    "tscale-row": _tscale,
    "yousheng": _yousheng,
}
"""Second readers, written from the frame layouts without the drivers' code."""
