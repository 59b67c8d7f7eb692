"""What to do with the scale in each step of a calibration, and what may come of it."""

from __future__ import annotations

from drivers.calibration import Load
from kiosk.language.texts import tr
from kiosk.ui.words.mark import mark
from kiosk.weighing.calibration_steps import Fault

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
