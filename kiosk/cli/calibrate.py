"""``kiosk calibrate``: learn what a scale's frames mean from what its display shows."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.cli.drivers_named import FAILED, WRONG_USE, complain, driver_or_sentence
from kiosk.language.texts import tr

if TYPE_CHECKING:
    from drivers.calibration import Learned, Load, Observation, Trouble
    from drivers.driver import Settings
    from drivers.transports.base import Transport

DRIVER: Final = "seca-rs232"
LINES: Final = "taught"
"""The driver of scales whose protocol is not known at all."""

EQUAL: Final = 3
"""Frames that must be the same before one is believed: the display has come to rest."""

PATIENCE: Final = 15.0
"""Seconds to wait for them; the scale sends one a second."""

Ask = Callable[[str], str]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "--driver", default=DRIVER, choices=[DRIVER, LINES], help="what is calibrated"
    )
    parser.add_argument("--port", required=True, metavar="ADDRESS", help="see kiosk devices")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the profile")
    parser.add_argument("--baud", type=int, metavar="N", help="speed of the line, if not usual")
    parser.add_argument("--model", default="", metavar="TEXT", help="model on the type plate")


def run(args: argparse.Namespace) -> int:
    """Ask, listen, learn and write. Exit 2 for a wrong address, 1 where nothing was learned."""
    from dataclasses import replace

    from drivers.transports.base import LinkLost
    from drivers.transports.opening import AddressError, open_transport
    from kiosk.cli.teaching_lines import teach

    driver = driver_or_sentence(args.driver)
    if driver is None:
        return WRONG_USE
    if args.out.exists():
        complain(tr("Filen {file} finnes fra før.").format(file=args.out))
        return WRONG_USE
    try:
        line = replace(driver.line, baud=args.baud) if args.baud else driver.line
        transport = open_transport(args.port, line)
    except AddressError as error:
        complain(str(error))
        return WRONG_USE
    except LinkLost as loss:
        complain(tr("Porten kan ikke åpnes: {cause}").format(cause=loss.cause.value))
        return FAILED
    try:
        if args.driver == LINES:
            settings = teach(transport, _asked)
            return FAILED if settings is None else _keep(settings, args, _asked)
        return _calibrate(transport, args, _asked)
    except LinkLost:
        complain(tr("Kabelen falt ut. Ingenting er lært. Sett den inn og start på nytt."))
        return FAILED
    except (EOFError, KeyboardInterrupt):
        complain(tr("Avbrutt. Ingenting er lært."))
        return FAILED
    finally:
        transport.close()


def _asked(question: str) -> str:
    return input(question + " ").strip()


def _calibrate(transport: Transport, args: argparse.Namespace, ask: Ask) -> int:
    from drivers.calibration import Load, learn

    seen: list[Observation] = []
    for load in Load:
        observed = _observe(transport, load, ask)
        if observed is None:
            return FAILED
        seen.append(observed)
        if (trouble := learn(seen).trouble) is not None:
            complain(_trouble_words(trouble))
            return FAILED
    return _finish(learn(seen), args, ask)


def _observe(transport: Transport, load: Load, ask: Ask) -> Observation | None:
    """Ask for the display until it is a number with a unit, and take the frame beside it."""
    from drivers.calibration import UNITS, Observation

    print(_instructions(load))
    while True:
        words = ask(tr("Hva viser vekten? For eksempel «4,236 kg»:")).split()
        if len(words) == 2 and words[1].lower() in UNITS:
            break
        complain(tr("Skriv tallet slik det står i displayet, et mellomrom og enheten."))
    frame = listen(transport)
    if not frame:
        complain(tr("Vekten sender ikke noe som ligner på seca sin protokoll. Ingenting er lært."))
        return None
    return Observation(load, words[0], words[1].lower(), frame)


def listen(transport: Transport) -> bytes:
    """Return the frame that came several times in a row, or nothing after the patience is over.

    What waits from before the answer is left aside.
    """
    from drivers.framing import FrameDecoder
    from drivers.scales.seca_rs232 import read_frame

    cutter = FrameDecoder(b"\x02", b"\x03", lambda f: read_frame(f, settings={}, formats={}))
    while transport.read(0.0):
        pass
    end, last, equal = time.monotonic() + PATIENCE, b"", 0
    while time.monotonic() < end:
        for event in cutter.feed(transport.read(0.2)):
            if event.raw.startswith(b"\x02A"):
                equal = equal + 1 if event.raw == last else 1
                last = event.raw
        if equal >= EQUAL:
            return last
    return b""


def _finish(learned: Learned, args: argparse.Namespace, ask: Ask) -> int:
    """Show what was learned, and write it once a person agrees."""
    if learned.settings is None:
        complain(tr("Det er fortsatt flere muligheter. Ingenting er lært."))
        return FAILED
    return _keep(learned.settings, args, ask)


def _keep(settings: Settings, args: argparse.Namespace, ask: Ask) -> int:
    from drivers.profile_file import Profile, write_profile

    print(tr("Dette er lært:"))
    for key, value in settings.items():
        print(f"  {key} = {value}")
    if ask(tr("Stemmer tallene på skjermen og i displayet? (ja/nei)")).lower() not in {"ja", "j"}:
        complain(tr("Ingenting er lagret."))
        return FAILED
    plate = {"model": args.model} if args.model else {}
    on = {"on": datetime.now(UTC).date().isoformat()}
    write_profile(args.out, Profile(args.driver, settings, {**plate, **on}))
    print(tr("Profilen er lagret i {file}.").format(file=args.out))
    return 0


def _instructions(load: Load) -> str:
    from drivers.calibration import Load

    return {
        Load.EMPTY: tr("1 av 5. Tom vekt. Trykk null, og vent til displayet står på null."),
        Load.STABLE: tr("2 av 5. Legg på en kjent vekt, for eksempel to liter melk. Vent på ro."),
        Load.HELD: tr("3 av 5. Trykk HOLD mens vekten ligger på."),
        Load.TARED: tr("4 av 5. Slå av HOLD. Trykk TARA, og legg på litt til."),
        Load.NEGATIVE: tr("5 av 5. Ta av alt, så displayet viser et tall med minus."),
    }[load]


def _trouble_words(trouble: Trouble) -> str:
    from drivers.calibration import Trouble

    return {
        Trouble.NO_NUMBER: tr("Tallet kan ikke leses. Start på nytt."),
        Trouble.NO_FRAME: tr("Vekten sender noe annet enn vekt. Ingenting er lært."),
        Trouble.OTHER_DIGITS: tr(
            "Tallet du skrev er ikke det vekten sendte. Vent på ro, og start på nytt."
        ),
        Trouble.FORMAT_CONTRADICTS: tr("Samme format betyr to ting. Ble enheten byttet?"),
        Trouble.BITS_CONTRADICT: tr("Merkene passer ikke til det du så. Gjør stegene om igjen."),
        Trouble.CRC_CONTRADICTS: tr("Kontrollsummen passer ikke til noe vi kjenner."),
    }[trouble]
