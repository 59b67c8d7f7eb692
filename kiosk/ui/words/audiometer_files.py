"""What became of an audiometer's file, and what a result brings along, in sentences."""

from __future__ import annotations

from drivers.audiogram_files.imported import ASKED, Concern, Refusal
from drivers.inbox_events import FolderState, Held
from kiosk.hearing.receiving import Notice, Received
from kiosk.language.texts import tr
from kiosk.ui.words.mark import mark

HELD: dict[Refusal | Held, str] = {
    Held.DUPLICATE: mark("Filen er lest inn før."),
    Held.UNREADABLE: mark("Stasjonen har ikke lov til å lese filen. Den ligger der den lå."),
    Refusal.EMPTY_FILE: mark("Filen er tom."),
    Refusal.TOO_LARGE: mark("Filen er for stor til å være et audiogram."),
    Refusal.UNKNOWN_FORMAT: mark("Filen er ikke av et slag stasjonen kjenner."),
    Refusal.NO_PROFILE: mark("Tabellen har ingen profil. IKT-ansvarlig må legge inn en."),
    Refusal.WRONG_ENCODING: mark("Filen er skrevet med et annet tegnsett enn profilen sier."),
    Refusal.FORBIDDEN_XML: mark("Filen inneholder noe som ikke er trygt å lese."),
    Refusal.MALFORMED: mark("Filen er skadet."),
    Refusal.CUT_SHORT: mark("Filen er bare halv. Eksporter den på nytt."),
    Refusal.UNSUPPORTED_VERSION: mark("Filen er av en versjon stasjonen ikke kjenner."),
    Refusal.NOT_A_RESULT: mark("Filen er ikke et resultat. Den ligger der den lå."),
    Refusal.NO_TONE_TEST: mark("Filen har ingen rentonetest."),
    Refusal.NO_PATIENT: mark("Filen sier ikke hvem den gjelder."),
    Refusal.SEVERAL_PATIENTS: mark("Filen gjelder flere personer."),
    Refusal.WRONG_TOTAL_LENGTH: mark("Filen er kortere eller lengre enn den selv sier."),
    Refusal.WRONG_LINE_LENGTH: mark("En linje i filen er kortere eller lengre enn den selv sier."),
    Refusal.UNMAPPED: mark("Filen har målinger som profilen ikke kjenner."),
    Refusal.BAD_VALUE: mark("Filen har en verdi som ikke kan leses."),
    Refusal.CONTRADICTION: mark("Filen motsier seg selv."),
    Refusal.IMPLAUSIBLE_LEVEL: mark("Filen har et nivå som ikke finnes på noe audiometer."),
    Refusal.IMPLAUSIBLE_FREQUENCY: mark("Filen har en frekvens som ikke kan være riktig."),
    Refusal.NOT_HEARING_LEVEL: mark("Nivåene i filen er ikke i dB HL."),
    Refusal.TOO_MANY_POINTS: mark("Filen har flere punkter enn en test kan ha."),
    Refusal.NO_RESPONSE_UNDECLARED: mark("Profilen sier ikke hva som betyr «ikke svar»."),
}
FOLDERS: dict[FolderState, str] = {
    FolderState.READY: mark("Mappen er klar"),
    FolderState.MISSING: mark("Mappen er borte. Stasjonen ser etter den."),
    FolderState.READ_ONLY: mark("Filene kan ikke flyttes i mappen"),
}
REMARKS: dict[Notice, str] = {
    Notice.PARTIAL: mark("Noe av resultatet har ikke kommet"),
    Notice.CONFLICT: mark("Noen punkter har flere svar"),
    Notice.OTHER_PATIENT: mark("Delene gjelder ulike personer"),
    Notice.SEVERAL_DEVICES: mark("Delene kommer fra ulikt utstyr"),
    Notice.EMPTY: mark("Ingen toner er testet"),
    Notice.EMPTY_RECORD: mark("En av delene er tom"),
    Notice.INCOMPLETE: mark("Testen er ikke fullstendig"),
    Notice.CARRIED_FORWARD: mark("Noen punkter kan være fra en tidligere test"),
    Notice.BONE_WORSE_THAN_AIR: mark("Benledning er dårligere enn luftledning"),
    Notice.MASKED_WITHOUT_FREQUENCY: mark("Maskering uten frekvens"),
}
CONCERNS: dict[Concern, str] = {
    Concern.TIME_WITHOUT_ZONE: mark("Tidspunktet er uten tidssone"),
    Concern.TIME_MAY_BE_OF_EXPORT: mark("Tidspunktet kan være da filen ble laget"),
    Concern.TIME_MISSING: mark("Filen sier ikke når testen ble tatt"),
    Concern.DATE_WITHOUT_TIME: mark("Filen har dato, men ikke klokkeslett"),
    Concern.LAST_CHANGED: mark("Tidspunktet er da testen sist ble endret"),
    Concern.UNKNOWN_STATUS: mark("Noen svar er merket på en måte stasjonen ikke kjenner"),
    Concern.UNKNOWN_TRANSDUCER: mark("Filen sier ikke hvilken hodetelefon som ble brukt"),
    Concern.NOT_MEASURABLE: mark("Noen toner kunne ikke måles"),
    Concern.CURVE_NOT_READ: mark("Noe i filen er ikke lest inn"),
    Concern.CARRIED_FORWARD: REMARKS[Notice.CARRIED_FORWARD],
    Concern.EARLIER_TEST: mark("Filen har også en tidligere test"),
    Concern.SEVERAL_TESTS: mark("Filen har flere tester"),
    Concern.CONTROL_CHARACTERS: mark("Filen har tegn som ikke kan vises"),
    Concern.COMMENT: mark("Filen har en kommentar, som ikke er lest inn"),
    Concern.END_NOT_KNOWN: mark("Det er ikke sikkert at filen er hel"),
    Concern.NAME_NOT_READ: mark("Navnet i filen kan ikke leses"),
}
"""What a person must know about a file that was accepted."""


def remarks_of(received: Received) -> list[str]:
    """What is to be said of a result: of what came together, then of its file, urgent first."""
    concerns = [one.code for one in received.file.remarks] if received.file is not None else []
    ordered = sorted(dict.fromkeys(concerns), key=lambda code: code not in ASKED)
    told = [*(REMARKS[one] for one in received.remarks), *(CONCERNS[one] for one in ordered)]
    return [tr(text) for text in dict.fromkeys(told)]
