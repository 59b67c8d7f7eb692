"""What a port sends, tried with every driver: by listening at each speed, then by asking.

Asking is reading: every request of a driver reads and never changes the device.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from drivers.attached import attached
from drivers.capture import CaptureRing
from drivers.claiming import Verdict, claims_on
from drivers.conversation import Conversation, Timing
from drivers.driver import Driver, Kind, Line, Settings
from drivers.events import DeviceEvent
from drivers.hints import is_valid
from drivers.profile import poll_of, rhythm_of, sample_settings
from drivers.recognising import fits
from drivers.transports.base import LinkLost, LossCause, Transport
from kiosk.model.listening import Likely

ENOUGH: Final = 400
"""So many bytes are some lines of any scale: no need to listen on."""

LISTEN_SECONDS: Final = 3.0
"""How long it is listened at one speed: time to press PRINT."""

ASK_SECONDS: Final = 1.2
"""How long an answer is waited for."""

SLICE: Final = 0.2

Open = Callable[[Line], Transport]
GoesOn = Callable[[], bool]


def lines_of(drivers: Iterable[Driver]) -> list[Line]:
    """Every line setting of the scales, the most usual first."""
    usual = Counter(one.line for one in drivers if one.kind is Kind.SCALE)
    return [line for line, _ in usual.most_common()]


def known_by_identity(port: str, drivers: Sequence[Driver]) -> tuple[Likely, ...]:
    """The drivers that know the very device behind an address, by its USB identity."""
    device = next((one for one in attached() if one.address == port), None)
    if device is None:
        return ()
    known = {one.key: one for one in drivers if one.kind is Kind.SCALE}
    claims = claims_on(device, known.values())
    return tuple(
        likely(known[one.driver], sample_settings(known[one.driver]), known[one.driver].line)
        for one in claims
        if one.verdict is Verdict.CLAIMS
    )


def recognise(
    open_port: Open, drivers: Sequence[Driver], goes_on: GoesOn
) -> tuple[tuple[Likely, ...], int]:
    """The drivers that read the port, the likeliest first, and how many bytes came in all.

    Raises ``LinkLost``.
    """
    heard = 0
    for line in lines_of(drivers):
        data = _listen(open_port, line, goes_on)
        heard += len(data)
        found = fits(data, [one for one in drivers if one.kind is Kind.SCALE])
        if found:
            return tuple(likely(fit.driver, fit.settings, line) for fit in found), heard
        if not goes_on():
            return (), heard
    if heard:
        # It speaks by itself: nobody asks it as well.
        return (), heard
    return tuple(_asked(open_port, drivers, goes_on)), heard


def likely(driver: Driver, settings: Settings, line: Line) -> Likely:
    """A driver with the profile and the line it reads the port with."""
    told = dict(settings)
    return Likely(driver.key, driver.name, told, line, rhythm_of(driver, told))


def _opened(open_port: Open, line: Line) -> Transport | None:
    """The port at this setting; ``None`` where it is there and does not know the setting."""
    try:
        return open_port(line)
    except LinkLost as lost:
        # Not every adapter has every parity. What is absent or taken is no matter of the setting.
        if lost.cause is not LossCause.IO:
            raise
        return None


def _listen(open_port: Open, line: Line, goes_on: GoesOn) -> bytes:
    """What comes within some seconds, or the first bytes that are enough."""
    transport, data = _opened(open_port, line), b""
    if transport is None:
        return data
    try:
        end = time.monotonic() + LISTEN_SECONDS
        while len(data) < ENOUGH and time.monotonic() < end and goes_on():
            data += transport.read(SLICE)
    finally:
        transport.close()
    return data


def _asked(open_port: Open, drivers: Sequence[Driver], goes_on: GoesOn) -> Iterator[Likely]:
    """The drivers whose request is answered with something they understand."""
    for driver in sorted(drivers, key=lambda one: -one.priority):
        settings = sample_settings(driver)
        is_asked = driver.kind is Kind.SCALE and poll_of(driver, settings) is not None
        if is_asked and goes_on() and _answers(driver, open_port, goes_on):
            yield likely(driver, settings, driver.line)


def _answers(driver: Driver, open_port: Open, goes_on: GoesOn) -> bool:
    transport = _opened(open_port, driver.line)
    heard: list[DeviceEvent] = []
    if transport is None:
        return False
    try:
        talk = Conversation(
            driver, transport, sample_settings(driver), CaptureRing(), Timing(slice=SLICE)
        )
        end = time.monotonic() + ASK_SECONDS
        while time.monotonic() < end and goes_on() and not any(map(is_valid, heard)):
            talk.step(heard.append)
    finally:
        transport.close()
    return any(map(is_valid, heard))
