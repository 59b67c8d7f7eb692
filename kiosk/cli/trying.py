"""``kiosk devices --try PORT``: which drivers read what a port sends, at each speed they know."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from kiosk.cli.drivers_named import FAILED, WRONG_USE, complain
from kiosk.language.texts import tr

if TYPE_CHECKING:
    from drivers.driver import Driver, Line
    from drivers.recognising import Fit

ENOUGH = 400
"""So many bytes are some lines of any scale: no need to listen on."""


def try_port(port: str, drivers: tuple[Driver, ...], seconds: float) -> int:
    """Listen ``seconds`` at each line setting until some driver reads it. Sends nothing.

    Exit 0 if a driver fits, 1 if none does or the port does not open, 2 for no address.
    """
    from drivers.recognising import fits
    from drivers.transports.base import LinkLost
    from drivers.transports.opening import AddressError
    from kiosk.station.recognising import lines_of

    print(tr("Lytter. Legg noe på vekten, og trykk PRINT på den."), flush=True)
    heard = 0
    for line in lines_of(drivers):
        try:
            data = _listen(port, line, seconds)
        except AddressError as error:
            complain(str(error))
            return WRONG_USE
        except LinkLost as loss:
            complain(tr("Porten kan ikke åpnes: {cause}").format(cause=loss.cause.value))
            return FAILED
        heard += len(data)
        found = fits(data, drivers)
        for fit in found:
            print(_told(fit, line))
        if found:
            return 0
    print(_nothing(heard))
    return FAILED


def _listen(port: str, line: Line, seconds: float) -> bytes:
    """What comes within so many seconds, or the first bytes that are enough."""
    from drivers.transports.opening import open_transport

    transport, data = open_transport(port, line), b""
    try:
        end = time.monotonic() + seconds
        while len(data) < ENOUGH and (left := end - time.monotonic()) > 0:
            data += transport.read(min(left, 0.2))
    finally:
        transport.close()
    return data


def _told(fit: Fit, line: Line) -> str:
    text = tr("{driver}: leser {n} verdier ({name}; {baud} {bits}{parity}{stop:g})")
    return text.format(
        driver=fit.driver.key,
        n=fit.values,
        name=fit.driver.name,
        baud=line.baud,
        bits=line.bits,
        parity=line.parity,
        stop=line.stop,
    )


def _nothing(heard: int) -> str:
    if heard:
        return tr("Noe kom, men ingen driver leser det. Ta det opp med «kiosk capture».")
    return tr("Ingenting kom. Noen vekter svarer bare når de blir spurt.")
