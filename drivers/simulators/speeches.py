"""The command sets the simulated scales speak.

Sources: MT-SICS levels 0 and 1 as in the Mettler-Toledo AL-IC manual p. 72 and the AT manual p. 87;
KERN KIB-TM manual p. 33 and PCB p. 36; Mettler DIVA service manual p. 39 to 45 (8217); Sartorius
Cubis manual p. 71 and 72 and IW2 p. 25 (SBI); RADWAG PUE C/31H manual p. 58; Adam MDW 300L manual
p. 12 and 13 (NCI); Cardinal 190 manual p. 79 and 124 (SMA).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from drivers.driver import Driver, Poll, Settings
from drivers.events import Flag, NoReading, Reading, Reason, Stability
from drivers.simulators import speeches_print
from drivers.simulators.keys import Key
from drivers.simulators.talk import Answer, Bench, Repeat, Speech, Wait, polled, until

SERIAL: Final = "0123456789"
SICS_COMMANDS: Final = (
    *("@", "I0", "I1", "I2", "I3", "I4", "I5", "S", "SI", "SIR", "Z", "ZI"),
    *("D", "DW", "SR", "T", "TA", "TAC", "TI"),
)
_SICS_TEXTS: Final = {
    "I1": '"01" "2.20" "2.20" "" ""',
    "I2": '"SIMULATED 15000 g"',
    "I3": '"1.00 0.0.0.0.0"',
    "I4": f'"{SERIAL}"',
    "I5": '"00000000A"',
}
_SICS_TARE: Final = re.compile(r"TA (\d{1,5}(?:\.\d{1,4})?) (kg|g)")


def _sics(request: bytes, bench: Bench) -> Answer:
    text = request.decode("ascii", "replace").strip()
    if text == "@":
        return (_line(f"I4 A {_SICS_TEXTS['I4']}"),)
    if text in _SICS_TEXTS:
        return (_line(f"{text} A {_SICS_TEXTS[text]}"),)
    if text == "I0":
        last = len(SICS_COMMANDS) - 1
        return [
            _line(f'I0 {"A" if n == last else "B"} {int(n > 11)} "{name}"')
            for n, name in enumerate(SICS_COMMANDS)
        ]
    if text == "DW" or re.fullmatch(r'D "[^"]*"', text):
        return (_line(f"{text.split()[0]} A"),)
    return _sics_weight(text, bench)


def _sics_weight(text: str, bench: Bench) -> Answer:
    match text:
        case "SI":
            return (bench.event(),)
        case "SIR":
            return Repeat(b"SI")
        case "SR":
            return Repeat(b"SI", (bench.event(),))
        case "S" | "Z" | "T" if not bench.is_stable():
            return Wait(_line(f"{text} I"))
        case "S":
            return (bench.event(),)
    return _sics_keys(text, bench)


def _sics_keys(text: str, bench: Bench) -> Answer:
    settled = "S" if bench.is_stable() else "D"
    match text:
        case "Z" | "ZI":
            told = "A" if text == "Z" else settled
            return (_line(f"{text} {told}" if bench.key(Key.ZERO) else f"{text} +"),)
        case "T" | "TI":
            bench.key(Key.TARE)
            return (_line(f"{text} {settled} {_kilograms(bench)}"),)
        case "TAC":
            bench.take_tare(0)
            return (_line("TAC A"),)
    if (preset := _SICS_TARE.fullmatch(text)) is not None:
        bench.take_tare(int(Decimal(preset[1]) * (1000 if preset[2] == "kg" else 1)))
    elif text != "TA":
        return (NoReading(Reason.NOT_UNDERSTOOD),)
    return (_line(f"TA A {_kilograms(bench)}"),)


def _line(text: str) -> bytes:
    return f"{text}\r\n".encode()


def _kilograms(bench: Bench) -> str:
    return f"{Decimal(bench.tare_grams()).scaleb(-3):>10f} kg"


def _letters(request: bytes, bench: Bench) -> Answer:
    """KERN's single letters: ``s`` when stable, ``w`` now, ``t`` tare, which is not answered."""
    match request.strip():
        case b"s" if not bench.is_stable():
            return Wait(b" " * 11 + b"Error\r\n")
        case b"s" | b"w":
            return (bench.event(),)
        case b"t":
            bench.key(Key.TARE)
    return ()


def _letter(asked: bytearray) -> bytes | None:
    """Cut single letters, with or without a line end behind them."""
    if not asked:
        return None
    request = bytes(asked[:1])
    del asked[:1]
    return request


def _toledo(request: bytes, bench: Bench) -> Answer:
    match request[:1]:
        case b"W":
            event = bench.event()
            negative = isinstance(event, Reading) and event.value < 0
            return (_status(bench) if negative else event,)
        case b"Z":
            bench.key(Key.ZERO)
        case b"T":
            bench.key(Key.TARE)
        case b"C":
            bench.take_tare(0)
        case b"A":
            return (b"\x02\r",)
        case b"E" | b"F":
            return (b"\x02" + request[:1] + b"\r",)
        case b"B":
            pass
        case _:
            return ()
    return (_status(bench),)


def _status(bench: Bench) -> bytes:
    """STX, ``?``, motion, over, under, zero and net as bits 0, 1, 2, 4 and 5, bit 6 set, CR."""
    event, bits = bench.event(), 0x40
    bits |= 0 if bench.is_stable() else 1
    if isinstance(event, NoReading):
        bits |= {Reason.OVERLOAD: 2, Reason.UNDERLOAD: 4}.get(event.reason, 0)
    if isinstance(event, Reading):
        bits |= (4 if event.value < 0 else 0) | (0x10 if not event.value else 0)
    bits |= 0x20 if bench.tare_grams() else 0
    return b"\x02?" + bytes([bits]) + b"\r"


_SBI: Final = re.compile(rb"\x1b(?:[A-Z]|[a-z][0-9A-Z]*_)(?:\r?\n|\r)?")
_SBI_TEXTS: Final = {
    b"x1_": "SIMULATED",
    b"x2_": SERIAL,
    b"x3_": "01-00-00",
    b"x4_": "01-00-00",
    b"x5_": "",
}


def _sbi_cut(asked: bytearray) -> bytes | None:
    start = asked.find(b"\x1b")
    del asked[: start if start >= 0 else len(asked)]
    found = _SBI.match(asked)
    if found is None:
        return None
    request = bytes(found[0]).strip(b"\x1b\r\n")
    del asked[: found.end()]
    return request


def _sbi(request: bytes, bench: Bench) -> Answer:
    match request:
        case b"P" | b"kP_" | b"p_":
            return (bench.event(),)
        case b"T" | b"U":
            bench.key(Key.TARE)
        case b"V" | b"f4_":
            bench.key(Key.ZERO)
        case _ if request in _SBI_TEXTS:
            return (f"{_SBI_TEXTS[request]:<14}\r\n".encode(),)
    return ()


_RADWAG_DONE: Final = {b"K1", b"K0", b"C0", b"CU0"}


def _radwag(request: bytes, bench: Bench) -> Answer:
    match request.strip():
        case b"SI" | b"SUI":
            return (bench.event(),)
        case b"S" | b"SU" if not bench.is_stable():
            return Wait(b"S E\r\n")
        case b"S" | b"SU":
            return (request.strip() + b" A\r\n", bench.event())
        case b"C1" | b"CU1":
            return Repeat(b"SI", (request.strip() + b" A\r\n",))
        case b"Z" | b"T" as name:
            done = bench.key(Key.ZERO if name == b"Z" else Key.TARE)
            return (name + b" A\r\n", name + (b" D\r\n" if done else b" ^\r\n"))
        case b"OT":
            return (f"OT {Decimal(bench.tare_grams()).scaleb(-3):>9f} kg \r\n".encode(),)
    return _radwag_rest(request, bench)


def _radwag_rest(request: bytes, bench: Bench) -> Answer:
    match request.strip():
        case b"PC":
            return (b'PC A "Z,T,OT,UT,S,SI,SU,SUI,C1,C0,CU1,CU0,K1,K0,PC,NB"\r\n',)
        case b"NB":
            return (f'NB A "{SERIAL}"\r\n'.encode(),)
        case name if name in _RADWAG_DONE:
            return (name + b" A\r\n",)
    if (tare := re.fullmatch(rb"UT (\d{1,4}(?:\.\d{1,3})?)", request.strip())) is not None:
        bench.take_tare(int(Decimal(tare[1].decode()) * 1000))
        return (b"UT OK\r\n",)
    return (NoReading(Reason.NOT_UNDERSTOOD),)


def _nci(request: bytes, bench: Bench) -> Answer:
    match request.strip():
        case b"W":
            return (bench.event(),)
        case b"Z":
            bench.key(Key.ZERO)
        case b"T":
            bench.key(Key.TARE)
        case b"L":
            bench.key(Key.HOLD)
        case b"U":
            bench.key(Key.UNITS)
        case b"X":
            return ()
        case b"S":
            pass
        case _:
            return (NoReading(Reason.NOT_UNDERSTOOD),)
    event = bench.event()
    flags = event.flags if isinstance(event, Reading) else frozenset[Flag]()
    moving = isinstance(event, Reading) and event.stability is Stability.MOVING
    at_zero = isinstance(event, Reading) and not event.value
    first = 0x30 | moving | (2 if at_zero else 0)
    third = 0x30 | (2 if Flag.HOLD in flags else 1) | (4 if Flag.NET in flags else 0)
    return (b"\n" + bytes([first, 0x70, third]) + b"\r\x03",)


def _sma_cut(asked: bytearray) -> bytes | None:
    """Cut ENQ, or what stands between LF and CR."""
    if asked[:1] == b"\x05":
        del asked[:1]
        return b"W"
    return until(b"\r")(asked)


def _sma(request: bytes, bench: Bench) -> Answer:
    match request.strip():
        case b"W":
            pass
        case b"Z":
            bench.key(Key.ZERO)
        case b"T":
            bench.key(Key.TARE)
        case b"C":
            bench.take_tare(0)
        case b"U":
            bench.key(Key.UNITS)
        case b"M":
            return (f"\n 1T  {Decimal(bench.tare_grams()).scaleb(-3):>10f}kg \r".encode(),)
        case _:
            return (NoReading(Reason.NOT_UNDERSTOOD),)
    return (bench.event(),)


_SPEECHES: Final[Mapping[str, Speech]] = {
    "mt-sics": Speech(until(b"\r\n"), _sics),
    "toledo-8217": Speech(_letter, _toledo),
    "sartorius": Speech(_sbi_cut, _sbi),
    "radwag": Speech(until(b"\r\n"), _radwag),
    "nci": Speech(until(b"\r"), _nci),
    "sma": Speech(_sma_cut, _sma),
    "ohaus": Speech(until(b"\r\n"), speeches_print.ohaus),
    "axis": Speech(until(b"\r\n"), speeches_print.axis),
    "cas": Speech(_letter, speeches_print.cas),
}


def speech_of(driver: Driver, settings: Settings, poll: Poll | None) -> Speech | None:
    """Return what this device understands; ``None`` for one that is never asked."""
    if driver.key == "kern":
        request = settings.get("request", "")
        letters = Speech(_letter, _letters) if poll else None
        return _SPEECHES["mt-sics"] if request == "kcp" else letters
    if driver.key == "st-us" and settings.get("request") == "q":
        return Speech(until(b"\r\n"), speeches_print.and_balance)
    return _SPEECHES.get(driver.key) or (polled(poll) if poll else None)
