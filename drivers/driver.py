"""The record that describes one kind of device. Plain data, no class tree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from drivers.events import DeviceEvent, Event, Quantity
from drivers.hearing import ToneRecord

Settings = Mapping[str, str]
"""Profile settings of one device, by key, as given in the configuration or by ``--set``."""


class Decoder(Protocol):
    """Bytes in, events out. No ports, no clock, no threads; one instance per open port."""

    def feed(self, data: bytes) -> Sequence[DeviceEvent]:
        """Take the next bytes, however they were cut, and return what became certain."""

    def drop_partial(self) -> Sequence[DeviceEvent]:
        """Give up an unfinished frame after the line has been silent for 2 s."""


class Kind(StrEnum):
    """What a driver drives."""

    SCALE = "scale"
    AUDIOMETER = "audiometer"


class Maturity(StrEnum):
    """How far a driver has been tried."""

    EXPERIMENTAL = "experimental"
    FROM_MANUAL = "from manual"
    CONFIRMED = "confirmed on hardware"


class Rhythm(StrEnum):
    """How often a device speaks.

    ``STREAMS``: several times a second, by itself. ``ANSWERS``: when it is asked. ``ONCE``: one
    line a weighing, when the display is held or a key is pressed; an empty platform says nothing.
    """

    STREAMS = "streams"
    ANSWERS = "answers"
    ONCE = "once"


@dataclass(frozen=True, slots=True)
class Line:
    """Serial line settings. ``parity`` is N, E or O; ``handshake`` none, rtscts or xonxoff."""

    baud: int = 9600
    bits: int = 8
    parity: str = "N"
    stop: float = 1
    handshake: str = "none"


@dataclass(frozen=True, slots=True)
class Poll:
    """A request that reads and never changes the device.

    ``interval`` is the pause in seconds after an answer; ``timeout`` how long an answer is
    waited for before the request is repeated.
    """

    command: bytes
    interval: float = 0.2
    timeout: float = 1.0


@dataclass(frozen=True, slots=True)
class UsbClaim:
    """A USB identity the device may appear under; ``None`` matches any product."""

    vendor: int
    product: int | None = None
    interface_class: int | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """One profile setting of a device.

    ``default`` is ``None`` where makers disagree or the frame leaves something out: then a
    person has to choose before the device may be used, and a decoder that was not told says
    *unknown* (no unit, stability unknown) instead of guessing. Without ``choices`` any text
    is taken that matches ``pattern``; ``example`` is such a text.
    """

    key: str
    choices: tuple[str, ...]
    default: str | None
    meaning: str
    pattern: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True)
class Driver:
    """One kind of device: what it is, how it is wired, how its bytes are read and written.

    ``trusted_frames`` is how many equal stable frames in a row make one value: 1 where the
    frame has a checksum, 3 where a flipped bit could be another legal weight.
    ``first_frame_stale`` marks devices that repeat the last weighing when a port opens.
    ``requests`` replaces ``poll`` for devices that are asked differently from model to model:
    it has one entry for each choice of the setting ``request``, ``None`` for "it sends by itself".
    ``rhythm`` is how often it speaks as it leaves the factory; a profile may say otherwise (see
    ``drivers.profile.rhythm_of``).
    ``measures`` is what its frames may carry. ``render`` writes an event as the device would and
    raises ``ValueError`` for what the protocol cannot say.
    """

    key: str
    name: str
    kind: Kind
    version: str
    models: tuple[str, ...]
    sources: tuple[str, ...]
    maturity: Maturity
    line: Line
    decoder: Callable[[Settings], Decoder]
    render: Callable[[Event, Settings], bytes]
    poll: Poll | None = None
    requests: Mapping[str, Poll | None] | None = None
    claims: tuple[UsbClaim, ...] = ()
    settings: tuple[Setting, ...] = ()
    priority: int = 50
    trusted_frames: int = 3
    first_frame_stale: bool = False
    confirmed_by: str = ""
    measures: tuple[Quantity, ...] = (Quantity.WEIGHT,)
    render_record: Callable[[ToneRecord, Settings], bytes] | None = None
    rhythm: Rhythm = Rhythm.STREAMS
