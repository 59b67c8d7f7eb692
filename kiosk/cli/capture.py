"""``kiosk capture``: record the raw bytes of a port, with times, for a new driver or support."""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.common import cause_words
from kiosk.cli.drivers_named import (
    FAILED,
    WRONG_USE,
    add_driver_folder,
    complain,
    driver_or_sentence,
)
from kiosk.language.texts import tr

if TYPE_CHECKING:
    from drivers.capture import CaptureWriter
    from drivers.driver import Driver, Poll
    from drivers.transports.base import Transport


LONGEST_NOTE = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("port", metavar="PORT", help="/dev/… or tcp://host:port")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="capture file")
    add_driver_folder(parser)
    parser.add_argument(
        "--notes",
        action="store_true",
        help="type what the display shows, a line at a time, while recording",
    )
    parser.add_argument("--driver", metavar="KEY", help="use its line settings and its request")
    parser.add_argument(
        "--seconds", type=float, default=0.0, metavar="N", help="how long; else until Ctrl-C"
    )


def run(args: argparse.Namespace) -> int:
    """Record until the time is up or Ctrl-C.

    Exit 2 for an unknown driver or address, 1 when the port or the file fails. Without
    ``--driver`` nothing is ever sent, and the line is 9600 8N1.
    """
    driver: Driver | None = None
    if args.driver:
        driver = driver_or_sentence(args.driver, args.drivers)
        if driver is None:
            return WRONG_USE
    return _record_to_file(args, driver)


def _record_to_file(args: argparse.Namespace, driver: Driver | None) -> int:
    from datetime import UTC, datetime

    from drivers.capture import CaptureWriter
    from drivers.driver import Line
    from drivers.folder import overwrite
    from drivers.profile import poll_of
    from drivers.transports.base import LinkLost
    from drivers.transports.opening import AddressError, open_transport

    try:
        transport = open_transport(args.port, driver.line if driver else Line())
    except AddressError as error:
        complain(str(error))
        return WRONG_USE
    except LinkLost as loss:
        complain(tr("Porten kan ikke åpnes: {cause}").format(cause=loss.cause.value))
        return FAILED
    try:
        with os.fdopen(overwrite(args.out), "w", encoding="utf-8") as stream:
            started = datetime.now(UTC).isoformat()
            key = driver.key if driver else ""
            writer = CaptureWriter(stream, driver=key, started=started)
            start = time.monotonic()
            if args.notes:
                print(tr("Skriv det displayet viser, og trykk Enter. Avslutt med Ctrl+C."))
                _take_notes(writer, start)
            poll = poll_of(driver, {}) if driver else None
            count = _record(transport, writer, poll, start, args.seconds)
    except OSError as error:
        complain(tr("Opptaket kan ikke skrives: {error}").format(error=cause_words(error)))
        return FAILED
    finally:
        transport.close()
    print(tr("{count} byte tatt opp i {file}").format(count=count, file=args.out))
    return 0


def _take_notes(writer: CaptureWriter, start: float) -> None:
    """Write each typed line beside the bytes, from a thread that ends with the command."""
    from drivers.capture import Note

    def write() -> None:
        for line in sys.stdin:
            text = line.strip()
            if text:
                writer.note(Note(time.monotonic() - start, text[:LONGEST_NOTE]))

    threading.Thread(target=write, name="notes", daemon=True).start()


def _record(
    transport: Transport, writer: CaptureWriter, poll: Poll | None, start: float, seconds: float
) -> int:
    """Record both directions; returns the number of bytes received.

    A lost port ends the recording; what was recorded until then counts.
    """
    from drivers.transports.base import LinkLost

    count = 0
    ask_at = start
    try:
        while not seconds or time.monotonic() < start + seconds:
            if poll and time.monotonic() >= ask_at:
                ask_at = time.monotonic() + _pause(poll)
                transport.write(poll.command)
                _keep(writer, start, "out", poll.command)
            data = transport.read(0.1)
            _keep(writer, start, "in", data)
            count += len(data)
    except LinkLost as loss:
        complain(tr("Porten ble borte: {cause}").format(cause=loss.cause.value))
    except KeyboardInterrupt:
        return count
    return count


def _pause(poll: Poll) -> float:
    """Return the seconds between requests: always past the time-out, so answers never mix."""
    return poll.timeout + poll.interval


def _keep(writer: CaptureWriter, start: float, direction: str, data: bytes) -> None:
    from drivers.capture import Chunk, Direction

    if data:
        writer.add(Chunk(time.monotonic() - start, Direction(direction), data))
