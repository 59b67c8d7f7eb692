"""The words for the codes of the desk: notices, faults, questions and choices.

Every sentence is calm, names the cause and says what to do next. Bokmål is the source.
"""

from __future__ import annotations

from kiosk.desk.child_form import LookUp
from kiosk.desk.notices import EntryFault, FieldFault
from kiosk.language.texts import tr
from kiosk.model.identity import NumberFault
from kiosk.model.quantities import MEASURED
from kiosk.model.slip import ReprintReason, SlipName
from kiosk.model.visit import ChangeReason, OddReason, Position, Quantity
from kiosk.ui.tones import Sign, Tone
from kiosk.ui.words.mark import mark
from kiosk.weighing.plausibility import Verdict

NUMBER_FAULTS: dict[NumberFault, str] = {
    NumberFault.EMPTY: mark("Skriv eller skann nummeret."),
    NumberFault.NOT_DIGITS: mark("Nummeret skal bare ha siffer."),
    NumberFault.LENGTH: mark("Nummeret skal ha 11 siffer."),
    NumberFault.DATE: mark("De seks første sifrene er ingen dato. Sammenlign med kortet."),
    NumberFault.CHECK_DIGIT: mark("Et siffer kan være feil. Sammenlign med kortet."),
}

FIELD_FAULTS: dict[FieldFault, str] = {
    FieldFault.MISSING: mark("Fyll ut dette feltet."),
    FieldFault.NOT_A_DATE: mark("Datoen finnes ikke. Skriv dag, måned og år."),
    FieldFault.FUTURE: mark("Datoen er ikke kommet ennå."),
    FieldFault.TOO_LONG_AGO: mark("Datoen er for lenge siden for et barn."),
    FieldFault.NOT_A_NAME: mark("Bruk bare bokstaver og bindestrek."),
}

ENTRY_FAULTS: dict[EntryFault, str] = {
    EntryFault.EMPTY: mark("Skriv tallet du leste av."),
    EntryFault.NOT_A_NUMBER: mark("Tallet kan bare ha siffer og ett komma, for eksempel 54,3."),
    EntryFault.TOO_MANY_DECIMALS: mark("For mange siffer etter kommaet."),
    EntryFault.ZERO: mark("Tallet kan ikke være 0. Les av på nytt."),
    EntryFault.IMPOSSIBLE: mark("Så stort eller lite kan tallet ikke være. Se på kommaet."),
    EntryFault.POSITION_MISSING: mark("Velg om barnet ble målt liggende eller stående."),
    EntryFault.SAME: mark("Dette tallet står der allerede. Skriv det som er riktig."),
    EntryFault.DIFFERS: mark("De to tallene var ulike. Les av på nytt, og begynn om igjen."),
}

LOOK_UPS: dict[LookUp, Sign] = {
    LookUp.NOT_ASKED: Sign("help-circle", Tone.CALM, mark("Journalen er ikke spurt")),
    LookUp.WAITING: Sign("hourglass", Tone.CALM, mark("Spør journalen …")),
    LookUp.FOUND: Sign("circle-check", Tone.GOOD, mark("Funnet i journalen")),
    LookUp.MISSING: Sign(
        "alert-triangle",
        Tone.WARN,
        mark("Ikke funnet i journalen"),
        mark("Målingene lagres her, men sendes ikke før barnet er registrert i journalen."),
    ),
    LookUp.SEVERAL: Sign(
        "alert-triangle",
        Tone.WARN,
        mark("Flere treff i journalen"),
        mark("Målingene lagres her, men sendes ikke før noen har ryddet i journalen."),
    ),
    LookUp.NO_NUMBER: Sign(
        "info-circle",
        Tone.WARN,
        mark("Uten nummer"),
        mark("Målingene lagres her. De sendes når du har gitt barnet nummeret det får."),
    ),
    LookUp.OFFLINE: Sign(
        "cloud-off",
        Tone.WARN,
        mark("Journalen svarer ikke"),
        mark("Du kan måle likevel. Målingene lagres her og sendes når journalen svarer."),
    ),
}

VERDICTS: dict[Verdict, str] = {
    Verdict.USUAL: mark("Tallet er vanlig for alderen."),
    Verdict.ASK: mark("Tallet er uvanlig for alderen. Les av en gang til."),
    Verdict.FAR: mark(
        "Tallet er langt fra det vanlige for alderen. "
        "Kontroller tallet, kommaet og at det er riktig barn."
    ),
    Verdict.SAME_AS_LAST: mark(
        "Vekten er nøyaktig lik den forrige som ble tatt med på denne stasjonen."
    ),
    Verdict.SURPRISE: mark("Tallet er langt fra det som ble målt sist. Les av en gang til."),
    Verdict.IMPOSSIBLE: mark("Tallet kan ikke være riktig. Mål på nytt."),
}

ODD_REASONS: dict[OddReason, str] = {
    OddReason.READ_AGAIN: mark("Ja, lest av på nytt"),
    OddReason.PREMATURE: mark("Ja, født for tidlig"),
    OddReason.KNOWN_CONDITION: mark("Ja, kjent årsak"),
    OddReason.OTHER: mark("Ja, annen grunn"),
}

SLIP_NAMES: dict[SlipName, str] = {
    SlipName.FIRST_NAME: mark("Fornavn"),
    SlipName.INITIALS: mark("Initialer"),
    SlipName.NONE: mark("Uten navn"),
}


def quantity_text(quantity: Quantity, position: Position | None = None) -> str:
    """Name a quantity; a length says how it was taken: lying or standing."""
    return tr(MEASURED[quantity].named(position).page)


def short_quantity_text(quantity: Quantity, position: Position | None = None) -> str:
    """Name a quantity in one word. Length is measured lying and height standing."""
    return tr(MEASURED[quantity].named(position).short)


CHANGE_REASONS: dict[ChangeReason, str] = {
    ChangeReason.MISTYPED: mark("Skrevet feil"),
    ChangeReason.MISMEASURED: mark("Målt feil"),
    ChangeReason.EQUIPMENT: mark("Feil på utstyret"),
    ChangeReason.TWICE: mark("Lagret to ganger"),
    ChangeReason.WRONG_CHILD: mark("Feil barn"),
    ChangeReason.NUMBERED: mark("Har fått nummer"),
    ChangeReason.OTHER: mark("Annet"),
}

REPRINT_REASONS: dict[ReprintReason, str] = {
    ReprintReason.LOST: mark("Arket er borte"),
    ReprintReason.UNREADABLE: mark("Arket er uleselig"),
    ReprintReason.OTHER_PARENT: mark("Til den andre forelderen"),
    ReprintReason.OTHER: mark("Annet"),
}

FIRST_REASONS: dict[ReprintReason, str] = {
    ReprintReason.ASKED_FOR: mark("Foresatte ber om det"),
    ReprintReason.OTHER: mark("Annet"),
}
"""Why a slip of a protected child is printed at all."""
