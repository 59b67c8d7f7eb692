"""What the desk has to say, in sentences: calm, the cause named, and what to do next."""

from __future__ import annotations

from kiosk.desk.notices import Notice
from kiosk.language.texts import tr, trn
from kiosk.ui.tones import Tone
from kiosk.ui.words.mark import mark

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
    Notice.PROTOCOL_EMPTY: (
        Tone.WARN,
        mark("Protokollen har ingen toner. Fyll den ut, eller velg en annen."),
    ),
    Notice.LEVEL_REFUSED: (Tone.WARN, mark("Audiometeret har ikke dette nivået.")),
    Notice.NOTHING_HEARD: (
        Tone.WARN,
        mark("Ingen toner er testet. Gå tilbake, eller avslutt testen med en grunn."),
    ),
    Notice.HEARING_OPEN: (
        Tone.WARN,
        mark("Hørselstesten er ikke ferdig. Åpne den, og bekreft audiogrammet først."),
    ),
    Notice.OTHER_CHILD: (
        Tone.BAD,
        mark("Resultatet gjelder et annet barn, og er ikke brukt. Det ligger der det lå."),
    ),
    Notice.RECORD_DAMAGED: (
        Tone.WARN,
        mark("Det kom noe fra audiometeret som ikke kan leses. Send det på nytt."),
    ),
    Notice.CHECK_INCOMPLETE: (Tone.WARN, mark("Noen toner mangler svar.")),
    Notice.CHECK_KEPT: (Tone.GOOD, mark("Sjekken er lagret.")),
    Notice.NOT_AN_APPROVER: (Tone.WARN, mark("Du står ikke i oppsettet som den som godkjenner.")),
    Notice.PROTOCOL_LACKS: (Tone.WARN, mark("Noe mangler i protokollen.")),
    Notice.PROTOCOL_SIGNED: (Tone.GOOD, mark("Protokollen er godkjent og tatt i bruk.")),
    Notice.PROTOCOL_NOT_KEPT: (
        Tone.BAD,
        mark("Protokollen ble ikke lagret. Den gamle gjelder fortsatt. Prøv igjen."),
    ),
    Notice.HEARING_SAME: (Tone.WARN, mark("Ingenting er endret i audiogrammet.")),
    Notice.HEARING_NOT_OURS: (
        Tone.WARN,
        mark("Dette audiogrammet kan ikke rettes her. Trekk det tilbake, og ta det inn på nytt."),
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
    Notice.ACCESS_ENDS: (
        Tone.WARN,
        mark("Stasjonens tilgang til journalen har gått ut. Kontakt IKT-ansvarlig."),
    ),
    Notice.JOURNAL_DOUBLES: (
        Tone.WARN,
        mark(
            "Journalen besto ikke selvtesten. Du kan måle som vanlig. Meld fra til IKT-ansvarlig."
        ),
    ),
    Notice.SAVE_LATE: (Tone.BAD, mark("Ikke lagret ennå. Skriv tallene på papir.")),
    Notice.PART_STOPPED: (
        Tone.BAD,
        mark(
            "Noe i stasjonen har stoppet. Den starter snart på nytt. Det som er lagret, er trygt."
        ),
    ),
    Notice.RESTARTS_AGAIN: (
        Tone.BAD,
        mark("Stasjonen har startet på nytt flere ganger. Mål på papir, og kontakt IKT-ansvarlig."),
    ),
    Notice.CLINIC_AWAY: (
        Tone.WARN,
        mark("Klinikkens felles database svarer ikke. Bestem dette når den er tilbake."),
    ),
    Notice.DECISION_TOO_LATE: (
        Tone.WARN,
        mark("Meldingen har flyttet seg i mellomtiden. Se på den på nytt."),
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
    Notice.STORE_ABSENT: (
        Tone.BAD,
        mark("Stasjonen har ikke noe lager ennå. Mål på papir, og kontakt IKT-ansvarlig."),
    ),
    Notice.STORE_VANISHED: (
        Tone.BAD,
        mark("Lageret er borte. Ingenting nytt er laget. Mål på papir, og kontakt IKT-ansvarlig."),
    ),
    Notice.STORE_EMPTIED: (
        Tone.BAD,
        mark("Lageret er tømt. Ingenting nytt er laget. Mål på papir, og kontakt IKT-ansvarlig."),
    ),
    Notice.STORE_FOREIGN: (
        Tone.BAD,
        mark("Lageret er ikke det stasjonen hadde. Mål på papir, og kontakt IKT-ansvarlig."),
    ),
    Notice.STORE_NO_ROOM: (
        Tone.BAD,
        mark("Disken er for full til å oppgradere. Mål på papir, og kontakt IKT-ansvarlig."),
    ),
    Notice.STORE_OLDER: (
        Tone.WARN,
        mark("Lageret er eldre enn det var. Du kan måle som vanlig. Meld fra til IKT-ansvarlig."),
    ),
    Notice.STORE_SHORTENED: (
        Tone.WARN,
        mark("Det siste i lageret mangler. Du kan måle som vanlig. Meld fra til IKT-ansvarlig."),
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
    Notice.KEY_OWNER: (
        Tone.BAD,
        mark("Nøkkelen til lageret tilhører en annen bruker. Kontakt IKT-ansvarlig."),
    ),
    Notice.KEY_SEALED: (
        Tone.BAD,
        mark("Nøkkelen til lageret kan ikke låses opp her. Kontakt IKT-ansvarlig."),
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
    Notice.TICKET: (Tone.GOOD, mark("Kølappen skrives ut.")),
    Notice.WILL_LOCK: (Tone.CALM, mark("Skjermen låses snart. Trykk for å fortsette.")),
    Notice.STILL_SAVING: (Tone.CALM, mark("Lagrer fortsatt. Vent litt.")),
    Notice.DEVICE_KEPT: (Tone.GOOD, mark("Vekten er lagret og tatt i bruk.")),
    Notice.PRINTER_KEPT: (
        Tone.GOOD,
        mark("Skriveren er lagret. Den brukes fra neste gang stasjonen starter."),
    ),
    Notice.CHILD_IS_OPEN: (
        Tone.CALM,
        mark("Gjør ferdig barnet først. Utstyr settes opp når ingen barn er åpne."),
    ),
    Notice.NO_WAY_BACK: (Tone.CALM, mark("Det er ingen side å gå tilbake til herfra.")),
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
    """Say a notice; ``value`` is seconds, days or tries, where the notice counts something."""
    if notice is Notice.WILL_LOCK and value > 0:
        return trn(
            "Skjermen låses om {n} sekund. Trykk for å fortsette.",
            "Skjermen låses om {n} sekunder. Trykk for å fortsette.",
            value,
        )
    if notice is Notice.ACCESS_ENDS and value > 0:
        return trn(
            "Stasjonens tilgang til journalen går ut om {n} dag. Meld fra til IKT-ansvarlig.",
            "Stasjonens tilgang til journalen går ut om {n} dager. Meld fra til IKT-ansvarlig.",
            value,
        )
    if notice is Notice.TICKET:
        return tr("Kølapp nummer {n} skrives ut.").format(n=value)
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
