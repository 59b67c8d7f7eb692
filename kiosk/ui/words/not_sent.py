"""Why the station itself did not send: its own codes in the detail of a message, in words.

What a receiver said is shown as it came. These it never said, and they are not shown as its answer.
"""

from __future__ import annotations

from kiosk.language.texts import tr
from kiosk.ui.words.mark import mark

BROKEN = mark("Målingen kan ikke gjøres om til en melding. Kontakt IKT-ansvarlig.")

OWN_REASONS: dict[str, str] = {
    "patient-number-too-long": mark("Nummeret er for langt for GDT-filen. Kontakt IKT-ansvarlig."),
    "name-not-in-character-set": mark("Navnet kan ikke skrives i filen. Kontakt IKT-ansvarlig."),
    "name-missing": mark("Filen må ha barnets navn. Åpne barnet i journalen, og prøv igjen."),
    "no-request-of-the-journal": mark("Åpne barnet i journalen, og prøv igjen."),
    "several-requests-of-the-journal": mark(
        "Journalen har bedt om flere barn. Lukk de andre der, og prøv igjen."
    ),
    "patient-replaced-since": mark("Barnet har fått en annen journal. Kontakt IKT-ansvarlig."),
    "message-damaged": mark("Meldingen er skadet i lageret. Kontakt IKT-ansvarlig."),
    "nothing-was-tested": BROKEN,
    "two-answers-for-one-tone": BROKEN,
    "visit-is-empty": BROKEN,
    "too-many-entries": BROKEN,
    "unit-not-known": BROKEN,
    "digits-and-number-differ": BROKEN,
    "digits-not-a-number": BROKEN,
    # The sentence of what may have arrived says what to do.
    "restored-copy": "",
    "no-trace-of-the-file": "",
}
"""By code: the sentence, or nothing where that of the failure says it all."""

PREFIXES = ("not-asked:", "taken-again:")
"""What the station notes before the receiver's words."""


def own_reason(detail: str) -> str:
    """The sentence for one of the station's own codes; empty for anything else."""
    sentence = OWN_REASONS.get(detail, "")
    return tr(sentence) if sentence else ""


def receivers_words(detail: str) -> str:
    """What the receiver said; empty where the detail is a code of the station."""
    if detail in OWN_REASONS:
        return ""
    for prefix in PREFIXES:
        detail = detail.removeprefix(prefix)
    return detail.strip()
