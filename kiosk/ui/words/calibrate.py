"""What to do with the scale in each step of a calibration, and what may come of it."""

from __future__ import annotations

from drivers.calibration import Load
from drivers.driver import Rhythm, Settings
from drivers.events import Stability
from drivers.line_forms import forms_of
from drivers.profile import RHYTHM
from kiosk.language.texts import tr
from kiosk.ui.words.mark import mark
from kiosk.weighing.calibration_steps import Fault
from kiosk.weighing.teaching_steps import LineFault, LineLoad, Teaching

LOAD_WORDS: dict[Load, str] = {
    Load.EMPTY: mark("Ta alt av vekten. Trykk null på vekten, og vent til displayet står på null."),
    Load.STABLE: mark("Legg på en vekt du kjenner, for eksempel to liter melk. Vent på ro."),
    Load.HELD: mark("Trykk HOLD på vekten mens vekten ligger på."),
    Load.TARED: mark("Slå av HOLD. Trykk TARA, og legg på litt til."),
    Load.NEGATIVE: mark("Ta av alt. Displayet viser nå et tall med minus. Skriv tallet."),
}

FAULTS: dict[Fault, str] = {
    Fault.NO_NUMBER: mark("Tallet kan ikke leses. Begynn på nytt."),
    Fault.NO_FRAME: mark("Vekten sender noe annet enn vekt. Kontakt IKT-ansvarlig."),
    Fault.OTHER_DIGITS: mark(
        "Tallet du skrev, er ikke det vekten sendte. Vent på ro, og begynn på nytt."
    ),
    Fault.FORMAT_CONTRADICTS: mark("Samme format betyr to ting. Ble enheten byttet underveis?"),
    Fault.BITS_CONTRADICT: mark("Merkene passer ikke til det du så. Gjør stegene om igjen."),
    Fault.CRC_CONTRADICTS: mark("Kontrollsummen er av en ukjent type. Kontakt IKT-ansvarlig."),
    Fault.SILENT: mark("Vekten sendte ikke det samme tre ganger. Sjekk kabelen, og vent på ro."),
    Fault.UNDECIDED: mark("Det er fortsatt flere muligheter. Begynn på nytt med andre vekter."),
    Fault.NOT_KEPT: mark("Profilen kunne ikke lagres. Kontakt IKT-ansvarlig."),
}

LINE_LOAD_WORDS: dict[LineLoad, str] = {
    LineLoad.EMPTY: LOAD_WORDS[Load.EMPTY],
    LineLoad.KNOWN: LOAD_WORDS[Load.STABLE],
    LineLoad.OTHER: mark("Legg på noe annet, så displayet viser andre siffer. Vent på ro."),
    LineLoad.HEAVY: mark("Legg på noe som veier mer enn ti kilo. Vent på ro."),
    LineLoad.MINUS: mark(
        "Trykk TARA på vekten, og ta av alt. Displayet viser et tall med minus. Skriv tallet."
    ),
    LineLoad.PRESS: mark(
        "Trykk ned vekten med hånden, så tallet endrer seg hele tiden. Fortsett i tre sekunder."
    ),
}

LINE_FAULTS: dict[LineFault, str] = {
    LineFault.NO_NUMBER: FAULTS[Fault.NO_NUMBER],
    LineFault.OTHER_DIGITS: FAULTS[Fault.OTHER_DIGITS],
    LineFault.CONTRADICTS: mark(
        "Vekten sa det samme om to ulike ting. Kontroller tallene, og begynn på nytt."
    ),
    LineFault.SILENT: mark("Det kom ingen linje fra vekten. Sjekk kabelen, og begynn på nytt."),
    LineFault.RESTLESS: mark("Tallet sto ikke i ro. Vent til displayet er rolig."),
    LineFault.UNDECIDED: FAULTS[Fault.UNDECIDED],
    LineFault.LOST: mark("Kabelen falt ut, eller porten er opptatt. Begynn på nytt."),
    LineFault.NOT_KEPT: FAULTS[Fault.NOT_KEPT],
}

LONGEST_LINES = 3
"""Of what was learned so many lines are shown beside what they are read as."""


def lines_words(state: Teaching, learned: Settings) -> str:
    """Say what was learned of a scale's lines: what some are read as, and what they tell."""
    shown = list(dict.fromkeys(state.shown))[-LONGEST_LINES:]
    told = [_line_words(one.line, one.shown, one.unit) for one in shown]
    rests = any(form.state is Stability.STABLE for form in forms_of(learned["forms"]))
    told.append(
        tr("Vekten sier fra når tallet er i ro.")
        if rests
        else tr("Vekten sier ikke om tallet er i ro. Sammenlign med displayet hver gang.")
    )
    if learned.get(RHYTHM.key) == Rhythm.ONCE.value:
        told.append(tr("Vekten sender én linje for hver veiing."))
    return "\n".join(told)


def _line_words(line: bytes, display: str, unit: str) -> str:
    text = "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in line).strip()
    read = f"{display.replace('-', '−')} {unit}"
    return tr("«{line}» leses som {value}.").format(line=text, value=read)


ORDERS = {
    "first-is-bit-0": mark("Merkene leses fra bit 0."),
    "first-is-bit-7": mark("Merkene leses fra bit 7."),
}
NO_SUM = mark("Vekten sender ingen kontrollsum.")
SUM = mark("Kontrollsummen er kjent.")


class _Sums(dict[str, str]):
    """Every kind of check sum is the same news to the person; only none is different."""

    def __missing__(self, key: str) -> str:
        return SUM


CRCS = _Sums({"none": NO_SUM})


def format_words(row: str) -> str:
    """Say one display format, such as ``3=kg/3``, in words."""
    code, _, meaning = row.partition("=")
    unit, _, decimals = meaning.partition("/")
    text = tr("Format {code}: {unit} med {decimals} desimaler.")
    return text.format(code=code, unit=unit, decimals=decimals)
