"""The guided first day: what to try next, said in the bar of the training mode."""

from __future__ import annotations

from kiosk.desk.child_form import Field, LookUp
from kiosk.desk.pages import Find
from kiosk.desk.state import Desk, Practice, Screen
from kiosk.language.texts import tr
from kiosk.model.visit import Quantity
from kiosk.ui.words.mark import mark
from kiosk.weighing.child_on_scale import asks_whose

FIXED: dict[Screen, str] = {
    Screen.IDENTITY: mark("Les navnet, og trykk «Ja, riktig barn»"),
    Screen.ENTRY: mark("Skriv tallet, trykk «Neste», og skriv det en gang til"),
    Screen.REVIEW: mark("Les navn og tall, og trykk «Lagre for …»"),
    Screen.CHANGE: mark("Trykk «Rett» ved et tall, eller «Tilbake»"),
    Screen.TODAY: mark("Trykk «Vis» ved et barn"),
    Screen.HEARING: mark("Trykk «Begynn testen», eller «Hent resultat»"),
    Screen.HEARING_RECORD: mark("Tenk deg at du gir tonen, og trykk det barnet svarer"),
    Screen.AUDIOGRAM: mark("Se på tegningen, og trykk «Bekreft audiogrammet»"),
    Screen.RECEIVE: mark("Vent litt: det simulerte audiometeret sender snart"),
    Screen.HEARING_CHECK: mark("Trykk på hver tone, og «Lagre sjekken»"),
    Screen.RETESTS: mark("Trykk «Vis» ved et barn"),
    Screen.PROTOCOL: mark("Se hva protokollen sier, og trykk «Tilbake»"),
    Screen.STATUS: mark("Her står det som er galt, og hva du kan gjøre"),
}
"""Pages on which there is one thing to try."""


def next_step(desk: Desk) -> str:
    """What to try now; empty where the station is not one for practice."""
    practice = desk.station.practice
    if practice is None:
        return ""
    match desk.screen:
        case Screen.LOCK:
            return _sign_in(desk, practice)
        case Screen.FIND:
            return _find(desk, practice)
        case Screen.MEASURE:
            return tr(_measure(desk))
        case Screen.DONE:
            return tr(_done(desk))
        case _:
            return tr(FIXED.get(desk.screen, ""))


def _sign_in(desk: Desk, practice: Practice) -> str:
    if desk.lock.user_id is None:
        return tr("Trykk på navnet {name}").format(name=practice.user)
    if len(desk.lock.pin) < len(practice.pin):
        return tr("Tast PIN-koden {pin}").format(pin=practice.pin)
    return tr("Trykk «Logg inn»")


def _find(desk: Desk, practice: Practice) -> str:
    page = desk.page
    if not isinstance(page, Find):
        return ""
    form = page.form
    if page.look_up is LookUp.WAITING:
        return tr("Vent på svaret fra journalen")
    if form.active is Field.NUMBER and len(form.number) < len(practice.number):
        return tr("Tast nummeret {number}").format(number=practice.number)
    if len(form.birth_date) < len(practice.birth_date):
        return tr("Tast fødselsdatoen {date}").format(date=practice.birth_date)
    return tr("Trykk «Finn barnet»")


def _measure(desk: Desk) -> str:
    taken = {draft.quantity for draft in desk.visit.drafts} if desk.visit is not None else set()
    if Quantity.WEIGHT not in taken:
        if asks_whose(desk.station.weighing):
            return mark("Se hvem som er på vekten, og trykk på svaret")
        ready = desk.station.weighing.offer is not None
        return mark("Trykk «Bruk vekten»") if ready else mark("Vent til det står «Klar»")
    if Quantity.LENGTH not in taken:
        return mark("Trykk «Skriv inn» ved lengden, og skriv 61,2")
    if desk.station.audiometer is not None and _is_of_age(desk) and not _is_tested(desk):
        return mark("Trykk «Test hørsel»")
    return mark("Trykk «Se over og lagre»")


def _is_of_age(desk: Desk) -> bool:
    """Whether hearing is tested by play at this age, so that practice makes sense."""
    return desk.visit is not None and desk.visit.age_days >= THREE_YEARS


def _is_tested(desk: Desk) -> bool:
    return desk.visit is not None and bool(desk.visit.hearing)


THREE_YEARS = 3 * 365


def _done(desk: Desk) -> str:
    if desk.saved is None or not desk.saved.copies:
        return mark("Se på de tre merkene, og trykk «Skriv ut måleark»")
    if desk.saved.change is None:
        return mark("Trykk «Noe er feil», og rett et tall")
    return mark("Det var alt. Trykk «Neste barn»")
