"""The words for the codes of the desk: notices, faults, questions and choices.

Every sentence is calm, names the cause and says what to do next. Bokmål is the source.
"""

from __future__ import annotations

from kiosk.core.desk.slip import ReprintReason, SlipName
from kiosk.core.desk.state import EntryFault, FieldFault, LookUp, Notice
from kiosk.core.identity import NumberFault
from kiosk.core.model import ChangeReason, Dress, OddReason, Position, Quantity, Source
from kiosk.core.plausibility import Verdict
from kiosk.i18n import tr, trn
from kiosk.ui.mark import mark
from kiosk.ui.tones import Sign, Tone

NOTICES: dict[Notice, tuple[Tone, str]] = {
    Notice.PIN_WRONG: (Tone.WARN, mark("Feil PIN-kode. Prøv en gang til.")),
    Notice.PIN_LOCKED: (Tone.WARN, mark("For mange feil. Vent litt før du prøver igjen.")),
    Notice.PIN_CHECKING: (Tone.CALM, mark("Kontrollerer PIN-koden …")),
    Notice.FORM_INCOMPLETE: (Tone.WARN, mark("Noe mangler. Se på feltet som er merket.")),
    Notice.NAME_NEEDED: (
        Tone.WARN,
        mark("Journalen ga ikke noe fornavn. Skriv fornavnet, og trykk «Finn barnet»."),
    ),
    Notice.SCAN_NOT_A_NUMBER: (
        Tone.WARN,
        mark("Strekkoden er ikke et fødselsnummer. Skann på nytt, eller tast nummeret."),
    ),
    Notice.BIRTH_DATE_DIFFERS: (
        Tone.WARN,
        mark("Journalen har en annen fødselsdato på dette nummeret. Kontroller begge deler."),
    ),
    Notice.WEIGHT_TAKEN: (Tone.GOOD, mark("Vekten er tatt med. Barnet kan løftes av.")),
    Notice.WEIGHT_GONE: (
        Tone.WARN,
        mark("Verdien var ikke lenger gyldig, og er ikke tatt med. Vei barnet på nytt."),
    ),
    Notice.TOGETHER_TAKEN: (
        Tone.GOOD,
        mark("Begge er veid. La noen holde barnet, og vei den voksne alene."),
    ),
    Notice.DIFFERENCE_TAKEN: (Tone.GOOD, mark("Barnets vekt er regnet ut og tatt med.")),
    Notice.HALF_WEIGHED: (
        Tone.WARN,
        mark("Den voksne er ikke veid alene ennå. Vei ferdig, eller velg vekk «Med voksen»."),
    ),
    Notice.LENGTH_GONE: (
        Tone.WARN,
        mark("Lengden var ikke lenger gyldig, og er ikke tatt med. Send den på nytt."),
    ),
    Notice.LENGTH_REFUSED: (
        Tone.WARN,
        mark("Lengden kan ikke brukes. Mål på nytt, eller skriv den inn."),
    ),
    Notice.ENTRIES_DIFFER: (
        Tone.WARN,
        mark("De to tallene er ulike. Les av på nytt, og skriv tallet to ganger."),
    ),
    Notice.NOTHING_MEASURED: (
        Tone.WARN,
        mark("Ingenting er målt ennå. Vei barnet, eller skriv inn et mål."),
    ),
    Notice.NOT_SAVED: (
        Tone.BAD,
        mark("Målingene ble ikke lagret. De står fortsatt her. Prøv å lagre en gang til."),
    ),
    Notice.DISK_FULL: (
        Tone.BAD,
        mark("Disken er full, og målingene er ikke lagret. Noter dem, og kontakt IKT-ansvarlig."),
    ),
    Notice.DISK_LOW: (
        Tone.WARN,
        mark("Det er lite diskplass igjen. Du kan fortsette, men meld fra til IKT-ansvarlig."),
    ),
    Notice.STORE_BROKEN: (
        Tone.BAD,
        mark("Lageret svarer ikke. Ingenting kan lagres. Noter målene, og kontakt IKT-ansvarlig."),
    ),
    Notice.STORE_CORRUPT: (
        Tone.BAD,
        mark("Lageret er skadet. Ingenting kan lagres. Noter målene, og kontakt IKT-ansvarlig."),
    ),
    Notice.STORE_READ_ONLY: (
        Tone.BAD,
        mark("Lageret er skrivebeskyttet. Noter målene på papir, og kontakt IKT-ansvarlig."),
    ),
    Notice.STORE_PLAINTEXT: (
        Tone.BAD,
        mark("Lageret er ikke kryptert og brukes ikke. Mål på papir, og kontakt IKT-ansvarlig."),
    ),
    Notice.STORE_UNSAFE: (
        Tone.BAD,
        mark("Databaseprogrammet er for gammelt og brukes ikke. Kontakt IKT-ansvarlig."),
    ),
    Notice.STORE_NEWER: (
        Tone.BAD,
        mark("Lageret er fra en nyere versjon av stasjonen. Kontakt IKT-ansvarlig."),
    ),
    Notice.STORE_MIXED: (
        Tone.BAD,
        mark("Opplæringsdata og ekte data kan ikke blandes. Kontakt IKT-ansvarlig."),
    ),
    Notice.STORE_IN_USE: (
        Tone.BAD,
        mark("Stasjonen kjører allerede et annet sted på maskinen. Kontakt IKT-ansvarlig."),
    ),
    Notice.KEY_MISSING: (
        Tone.BAD,
        mark("Nøkkelen til lageret mangler. Ingenting er slettet. Kontakt IKT-ansvarlig."),
    ),
    Notice.KEY_UNREADABLE: (
        Tone.BAD,
        mark("Nøkkelen til lageret kan ikke leses. Ingenting er slettet. Kontakt IKT-ansvarlig."),
    ),
    Notice.KEY_PERMISSIONS: (
        Tone.BAD,
        mark("Nøkkelen til lageret kan leses av andre og brukes ikke. Kontakt IKT-ansvarlig."),
    ),
    Notice.KEY_MALFORMED: (
        Tone.BAD,
        mark("Nøkkelen til lageret er skadet. Ingenting er slettet. Kontakt IKT-ansvarlig."),
    ),
    Notice.KEY_WRONG: (
        Tone.BAD,
        mark("Nøkkelen passer ikke til lageret. Ingenting er slettet. Kontakt IKT-ansvarlig."),
    ),
    Notice.CLOCK_DOUBTFUL: (
        Tone.WARN,
        mark("Klokken ser ut til å gå feil. Kontroller dato og klokkeslett før du måler."),
    ),
    Notice.SAME_CHILD: (
        Tone.WARN,
        mark("Dette er det samme barnet. Finn barnet som målingene hører til."),
    ),
    Notice.CHANGE_NOT_SAVED: (
        Tone.BAD,
        mark("Rettelsen ble ikke lagret. Prøv en gang til."),
    ),
    Notice.SLIP_IS_OUT: (
        Tone.WARN,
        mark("Et måleark med det gamle er skrevet ut. Be om å få det tilbake."),
    ),
    Notice.WILL_LOCK: (Tone.CALM, mark("Skjermen låses snart. Trykk for å fortsette.")),
    Notice.DRAFT_RESTORED: (
        Tone.CALM,
        mark("Her er det du holdt på med. Kontroller at det er riktig barn."),
    ),
    Notice.SOMETHING_WENT_WRONG: (
        Tone.BAD,
        mark("Noe gikk galt på skjermen. Det som er lagret, er trygt. Kontroller og fortsett."),
    ),
}


def notice_text(notice: Notice, value: int) -> str:
    """Say a notice; ``value`` is seconds or tries, where the notice counts something."""
    if notice is Notice.WILL_LOCK and value > 0:
        return trn(
            "Skjermen låses om {n} sekund. Trykk for å fortsette.",
            "Skjermen låses om {n} sekunder. Trykk for å fortsette.",
            value,
        )
    if notice is Notice.PIN_LOCKED and value > 0:
        return trn(
            "For mange feil. Prøv igjen om {n} sekund.",
            "For mange feil. Prøv igjen om {n} sekunder.",
            value,
        )
    if notice is Notice.PIN_WRONG and value > 0:
        return trn(
            "Feil PIN-kode. Du har {n} forsøk igjen.",
            "Feil PIN-kode. Du har {n} forsøk igjen.",
            value,
        )
    return tr(NOTICES[notice][1])


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
    Verdict.IMPOSSIBLE: mark("Tallet kan ikke være riktig. Mål på nytt."),
}

ODD_REASONS: dict[OddReason, str] = {
    OddReason.READ_AGAIN: mark("Ja, lest av på nytt"),
    OddReason.PREMATURE: mark("Ja, født for tidlig"),
    OddReason.KNOWN_CONDITION: mark("Ja, kjent årsak"),
    OddReason.OTHER: mark("Ja, annen grunn"),
}

ODD_NOTES: dict[OddReason, str] = {
    OddReason.READ_AGAIN: mark("uvanlig tall, lest av på nytt"),
    OddReason.PREMATURE: mark("uvanlig tall, født for tidlig"),
    OddReason.KNOWN_CONDITION: mark("uvanlig tall, kjent årsak"),
    OddReason.OTHER: mark("uvanlig tall, annen grunn"),
}
"""How a confirmed odd value is described beside the value."""

DRESSES: dict[Dress, str] = {
    Dress.NAKED: mark("Naken"),
    Dress.NAPPY: mark("Bleie"),
    Dress.LIGHT: mark("Lett kledd"),
    Dress.CLOTHED: mark("Påkledd"),
}

POSITIONS: dict[Position, str] = {
    Position.LYING: mark("Liggende"),
    Position.STANDING: mark("Stående"),
}

QUANTITIES: dict[Quantity, str] = {
    Quantity.WEIGHT: mark("Vekt"),
    Quantity.LENGTH: mark("Lengde"),
    Quantity.HEAD: mark("Hodeomkrets"),
}

SOURCES: dict[Source, str] = {
    Source.DEVICE: mark("fra vekten"),
    Source.TYPED: mark("skrevet inn"),
}

LENGTH_SOURCE = mark("fra lengdemåleren")

SLIP_NAMES: dict[SlipName, str] = {
    SlipName.FIRST_NAME: mark("Fornavn"),
    SlipName.INITIALS: mark("Initialer"),
    SlipName.NONE: mark("Uten navn"),
}


def quantity_text(quantity: Quantity, position: Position | None = None) -> str:
    """Name a quantity; a length says how it was taken: lying or standing."""
    if quantity is Quantity.LENGTH and position is Position.LYING:
        return tr("Lengde (liggende)")
    if quantity is Quantity.LENGTH and position is Position.STANDING:
        return tr("Høyde (stående)")
    return tr(QUANTITIES[quantity])


def short_quantity_text(quantity: Quantity, position: Position | None = None) -> str:
    """Name a quantity in one word. Length is measured lying and height standing."""
    if quantity is Quantity.LENGTH and position is Position.STANDING:
        return tr("Høyde")
    return tr("Hodemål") if quantity is Quantity.HEAD else tr(QUANTITIES[quantity])


CHANGE_REASONS: dict[ChangeReason, str] = {
    ChangeReason.MISTYPED: mark("Skrevet feil"),
    ChangeReason.MISMEASURED: mark("Målt feil"),
    ChangeReason.EQUIPMENT: mark("Feil på utstyret"),
    ChangeReason.TWICE: mark("Lagret to ganger"),
    ChangeReason.WRONG_CHILD: mark("Feil barn"),
    ChangeReason.NUMBERED: mark("Har fått nummer"),
    ChangeReason.OTHER: mark("Annet"),
}

SLIP_LANGUAGE_NAMES: dict[str, str] = {
    "nb": mark("Bokmål"),
    "nn": mark("Nynorsk"),
    "en": mark("Engelsk"),
    "pl": mark("Polsk"),
    "uk": mark("Ukrainsk"),
    "ar": mark("Arabisk"),
    "so": mark("Somali"),
    "se": mark("Nordsamisk"),
    "ti": mark("Tigrinja"),
}
"""The languages of the slip as the secretary says them."""

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
