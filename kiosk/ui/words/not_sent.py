"""Why the station itself did not send: its own codes in the detail of a message, in words.

What a receiver said is shown as it came. These it never said, and they are not shown as its answer.
"""

from __future__ import annotations

import re

from kiosk.language.texts import tr
from kiosk.model.causes import SHORT_WORDS, Cause, cause_in, own_cause, without_note
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
    "internal-error": "",
    "unfinished": "",
    "no-folder": "",
    "not-writable": "",
    "unmarked": "",
    "other-folder": "",
}
"""By code: the sentence, or nothing where that of the failure says it all."""

_EXCEPTION = re.compile(r"\w+Error\b")


def cause_sentence(detail: str) -> str:
    """What stands in the way, as the doctor and ``kiosk outbox`` name it; empty if it is not known,
    or is that the receiver refuses, which its own sentence says.
    """
    cause = cause_in(detail)
    if cause is None or cause is Cause.REFUSES:
        return ""
    return tr("Årsak: {cause}.").format(cause=tr(SHORT_WORDS[cause]))


def own_reason(detail: str) -> str:
    """The sentence for one of the station's own codes; empty for anything else."""
    sentence = OWN_REASONS.get(detail, "")
    return tr(sentence) if sentence else ""


def receivers_words(detail: str) -> str:
    """What the receiver said; empty where the detail is a code of the station."""
    told = without_note(detail)
    own = detail in OWN_REASONS or own_cause(detail) is not None or _EXCEPTION.match(told)
    return "" if own else told
