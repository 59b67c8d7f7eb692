"""A store that is less than it was, and a mark that is gone: what is so and what to do."""

from __future__ import annotations

from kiosk.desk.notices import Notice
from kiosk.language.texts import tr, trn
from kiosk.store.database.mark import Loss, Lost
from kiosk.store.database.marker import Found, Standing

NOTICES = {Loss.OLDER: Notice.STORE_OLDER, Loss.SHORTENED: Notice.STORE_SHORTENED}


def found_words(found: Found, *, mended: bool) -> list[str]:
    """What there is to say of a store beside its mark; nothing where the two fit.

    ``mended``: the station has it open now, so the mark is written anew and what was not sent is in
    doubt. Otherwise that is still to come.
    """
    said = []
    if found.standing is Standing.UNMARKED:
        said.append(
            tr("Merket ved siden av lageret manglet eller var ødelagt, og er skrevet på nytt.")
            if mended
            else tr(
                "Merket ved siden av lageret mangler eller er ødelagt. Det skrives på nytt når "
                "stasjonen starter."
            )
        )
    if found.standing is Standing.FOREIGN and not mended:
        said.append(
            tr(
                "Lageret er ikke det stasjonen hadde. Legg det riktige tilbake, eller ta dette i "
                "bruk med «kiosk store accept»."
            )
        )
    if found.lost is not None:
        said.append(lost_words(found.lost))
    return said


def lost_words(lost: Lost) -> str:
    """How the store is less than it was, and what becomes of what was not sent."""
    if lost.kind is Loss.OLDER:
        first = trn(
            "Lageret er eldre enn det stasjonen hadde: {n} hendelse i revisjonssporet mangler.",
            "Lageret er eldre enn det stasjonen hadde: {n} hendelser i revisjonssporet mangler.",
            lost.missing,
        )
    else:
        first = trn(
            "Slutten på lageret mangler: {n} hendelse i revisjonssporet er borte.",
            "Slutten på lageret mangler: {n} hendelser i revisjonssporet er borte.",
            lost.missing,
        )
    then = tr(
        "Det som ikke var sendt, sendes ikke på nytt uten at journalen eller et menneske er spurt. "
        "Finnes det et nyere lager, stopp stasjonen og legg det tilbake. Ellers: skriv «kiosk "
        "store accept»."
    )
    return f"{first} {then}"
