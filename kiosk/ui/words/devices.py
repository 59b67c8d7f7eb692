"""Words of the status line, and for devices, sending and paper: what is wrong, what to do."""

from __future__ import annotations

from kiosk.model.outbox import Failure, JournalState
from kiosk.model.slip import Paper, SlipState
from kiosk.model.visit import ChangeKind, Delivery
from kiosk.ui.tones import Sign, Tone
from kiosk.ui.words.mark import mark

PAPERS: dict[Paper, Sign] = {
    Paper.UNKNOWN: Sign(
        "help-circle", Tone.CALM, mark("Skriver"), mark("Skriveren har ikke svart ennå.")
    ),
    Paper.READY: Sign("circle-check", Tone.GOOD, mark("Skriver"), mark("Skriveren er klar.")),
    Paper.ABSENT: Sign(
        "printer-off",
        Tone.WARN,
        mark("Ingen skriver"),
        mark("Sjekk at skriveren er slått på og koblet til."),
    ),
    Paper.PAPER_LOW: Sign(
        "alert-triangle", Tone.WARN, mark("Lite papir"), mark("Ha en ny papirrull klar.")
    ),
    Paper.PAPER_OUT: Sign(
        "alert-triangle",
        Tone.WARN,
        mark("Tomt for papir"),
        mark("Legg en ny papirrull i skriveren."),
    ),
    Paper.COVER_OPEN: Sign(
        "alert-triangle", Tone.WARN, mark("Lokket er åpent"), mark("Lukk lokket på skriveren.")
    ),
    Paper.NEEDS_POWER_CYCLE: Sign(
        "alert-triangle",
        Tone.WARN,
        mark("Skriveren står"),
        mark("Slå skriveren av, vent fem sekunder, og slå den på igjen."),
    ),
    Paper.ERROR: Sign(
        "alert-triangle",
        Tone.WARN,
        mark("Skriverfeil"),
        mark("Se etter papir som sitter fast, og slå skriveren av og på."),
    ),
    Paper.NOT_CONFIGURED: Sign(
        "printer-off", Tone.CALM, mark("Uten skriver"), mark("Stasjonen er satt opp uten skriver.")
    ),
}

PRINTER_HINTS: dict[str, str] = {
    "not-found": mark("Sjekk at skriveren er slått på og koblet til."),
    "busy": mark("Et annet program bruker skriveren. Kontakt IKT-ansvarlig."),
    "not-allowed": mark("Stasjonen har ikke tilgang til skriveren. Kontakt IKT-ansvarlig."),
    "unplugged": mark("Kabelen til skriveren er trukket ut. Sett den i igjen."),
    "count-unknown": mark("Skriveren falt ut. Se om det siste arket kom helt ut."),
    "broken": mark("Forbindelsen til skriveren ble brutt. Det prøves igjen av seg selv."),
    "silent": mark("Skriveren svarer ikke. Slå den av og på."),
    "unsupported": mark("Stasjonen kan ikke bruke denne skriveren. Kontakt IKT-ansvarlig."),
    "cutter": mark("Kniven sitter fast. Se etter papir, og slå skriveren av og på."),
    "hardware": mark("Skriveren melder feil. Slå den av og på, eller kontakt IKT-ansvarlig."),
    "passing": mark("Skriveren er varm eller opptatt. Den fortsetter av seg selv."),
}
"""Likely causes a printer may name. An unknown one gets the advice of its state."""

JOURNALS: dict[JournalState, Sign] = {
    JournalState.UNKNOWN: Sign(
        "cloud", Tone.CALM, mark("Journal"), mark("Journalen er ikke kontaktet ennå.")
    ),
    JournalState.REACHABLE: Sign(
        "circle-check", Tone.GOOD, mark("Journal"), mark("Journalen svarer.")
    ),
    JournalState.UNREACHABLE: Sign(
        "cloud-off",
        Tone.WARN,
        mark("Uten journal"),
        mark("Journalen svarer ikke. Alt lagres her og sendes når den svarer."),
    ),
    JournalState.STOPPED: Sign(
        "alert-triangle",
        Tone.BAD,
        mark("Sending stoppet"),
        mark("Ingenting blir sendt før feilen er rettet. Alt lagres her så lenge."),
    ),
}

FAILURES: dict[Failure, str] = {
    Failure.UNREACHABLE: mark("Journalen svarer ikke. Det prøves igjen av seg selv."),
    Failure.BUSY: mark("Journalen er opptatt. Det prøves igjen av seg selv."),
    Failure.UNKNOWN_OUTCOME: mark("Svaret uteble. Journalen blir spurt før noe sendes på nytt."),
    Failure.CONFIGURATION: mark("Oppsettet mot journalen er feil. Kontakt IKT-ansvarlig."),
    Failure.SIGN_IN: mark("Journalen avviser innloggingen til stasjonen. Kontakt IKT-ansvarlig."),
    Failure.CERTIFICATE: mark("Sertifikatet til journalen kan ikke godtas. Kontakt IKT-ansvarlig."),
    Failure.CLOCK: mark("Klokken på stasjonen går feil. Kontakt IKT-ansvarlig."),
    Failure.PATIENT_NOT_FOUND: mark(
        "Barnet finnes ikke i journalen. Registrer det, og prøv igjen."
    ),
    Failure.PATIENT_NOT_UNIQUE: mark(
        "Flere i journalen har dette nummeret. Rydd der, og prøv igjen."
    ),
    Failure.PATIENT_DIFFERS: mark(
        "Fødselsdatoen i journalen er en annen. Kontroller hvem som er målt."
    ),
    Failure.REFUSED: mark("Journalen avviste målingene. Kontakt IKT-ansvarlig."),
    Failure.CONFLICT: mark("Journalen har alt noe annet på samme plass. Kontakt IKT-ansvarlig."),
    Failure.NO_NUMBER: mark("Barnet har ikke nummer ennå. Gi barnet nummer når det har fått et."),
    Failure.BY_HAND: mark("Journalen tar ikke imot rettelser herfra. Rett det i journalen selv."),
    Failure.HELD: mark("Holdt tilbake av en person. Send den, eller gi den opp."),
    Failure.CLINIC_SILENT: mark(
        "Klinikkens felles database svarer ikke. Det prøves igjen av seg selv."
    ),
    Failure.CLINIC_REFUSES: mark(
        "Klinikkens felles database avviser stasjonen. Kontakt IKT-ansvarlig."
    ),
    Failure.NOT_COLLECTED: mark("Filen ligger klar. Journalen har ikke hentet den ennå."),
    Failure.FOLDER_UNMARKED: mark("Mappen for filer er ikke merket. Kontakt IKT-ansvarlig."),
    Failure.OTHER_FOLDER: mark("Mappen for filer er borte. Kontakt IKT-ansvarlig."),
    Failure.MAY_HAVE_ARRIVED: mark(
        "Kan være mottatt. Se i journalen. Står det ikke der, prøv igjen."
    ),
    Failure.CHANGED_THERE: mark("Noen har endret tallet i journalen. Se på det i journalen selv."),
}

DELIVERIES: dict[Delivery, Sign] = {
    Delivery.QUEUED: Sign("clock", Tone.CALM, mark("Venter på sending")),
    Delivery.CLAIMED: Sign("clock", Tone.CALM, mark("Skal til å sendes")),
    Delivery.IN_FLIGHT: Sign("send", Tone.CALM, mark("Sendes nå")),
    Delivery.AMBIGUOUS: Sign("help-circle", Tone.WARN, mark("Usikkert, spør journalen")),
    Delivery.REJECTED: Sign("alert-triangle", Tone.BAD, mark("Stoppet, må ses på")),
    Delivery.DELIVERED: Sign("send", Tone.CALM, mark("Levert, ikke bekreftet")),
    Delivery.DONE: Sign("circle-check", Tone.GOOD, mark("Mottatt av journalen")),
    Delivery.CANCELLED: Sign("ban", Tone.CALM, mark("Ble aldri sendt")),
    Delivery.HANDED_OVER: Sign("database", Tone.CALM, mark("I felles database, venter")),
    Delivery.DISCARDED: Sign("ban", Tone.CALM, mark("Gitt opp av en person")),
}

SLIPS: dict[SlipState, Sign] = {
    SlipState.NOT_ASKED: Sign(
        "info-circle",
        Tone.CALM,
        mark("Ikke skrevet ut"),
        mark("Skriv ut bare hvis foresatte vil ha det."),
    ),
    SlipState.QUEUED: Sign(
        "clock", Tone.CALM, mark("I kø"), mark("Målearket venter på skriveren.")
    ),
    SlipState.PRINTING: Sign(
        "printer", Tone.CALM, mark("Skriver ut"), mark("Vent til arket er kuttet.")
    ),
    SlipState.PRINTED: Sign(
        "circle-check", Tone.GOOD, mark("Skrevet ut"), mark("Gi målearket til foresatte.")
    ),
    SlipState.UNCERTAIN: Sign(
        "help-circle",
        Tone.WARN,
        mark("Usikkert"),
        mark("Se om arket kom ut av skriveren før du skriver ut på nytt."),
    ),
    SlipState.FAILED: Sign(
        "alert-triangle",
        Tone.WARN,
        mark("Ikke skrevet ut"),
        mark("Målingene er lagret. Sjekk skriveren, og prøv igjen."),
    ),
    SlipState.EXPIRED: Sign(
        "clock",
        Tone.WARN,
        mark("Avbrutt"),
        mark("Skriveren ble ikke klar i tide. Trykk for å prøve igjen."),
    ),
}


TAKEN_BACK: dict[ChangeKind, Sign] = {
    ChangeKind.WITHDRAWN: Sign(
        "ban",
        Tone.WARN,
        mark("Trukket tilbake"),
        mark("Målingene skal ikke brukes, og måleark skrives ikke ut."),
    ),
    ChangeKind.WRONG_CHILD: Sign(
        "arrows-exchange",
        Tone.WARN,
        mark("Flyttet til et annet barn"),
        mark("Målingene hørte til et annet barn."),
    ),
    ChangeKind.NUMBERED: Sign(
        "circle-check",
        Tone.CALM,
        mark("Har fått nummer"),
        mark("Målingene er sendt under barnets nummer."),
    ),
}
"""What is said of a visit that no longer counts."""

PROTECTED = Sign(
    "shield-lock",
    Tone.WARN,
    mark("Skjermet barn"),
    mark("Skriv helst ikke ut. Arket viser ikke helsestasjonens navn."),
)
"""What is said of the slip of a child whose record is confidential."""
