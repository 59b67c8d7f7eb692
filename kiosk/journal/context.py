"""How a value was taken, in words for whoever reads the journal: no code of ours ever stands there.

The words are those of the screen, in the station's language. Every interface that has no field of
its own for one of them carries the words.
"""

from __future__ import annotations

from collections.abc import Container

from kiosk.language.texts import speaking, tr
from kiosk.model.quantities import DRESSES, ODD_NOTES, POSITIONS, WITH_ADULT
from kiosk.model.visit import Measurement, Rule


def odd_words(measurement: Measurement, language: str) -> tuple[str, ...]:
    """Why a person confirmed a value that looked mistyped; nothing if it did not."""
    reason = measurement.odd_reason
    return () if reason is None else (_said(ODD_NOTES[reason], language),)


def context_words(
    measurement: Measurement, language: str, *, coded: Container[str] = ()
) -> tuple[str, ...]:
    """Position, dress, whether an adult was on the scale too, and why an odd value was kept.

    ``coded`` are those of ``position``, ``dress`` and ``adult`` that an interface has told already.
    """
    words = {
        "position": POSITIONS[measurement.position] if measurement.position is not None else "",
        "dress": DRESSES[measurement.dress] if measurement.dress is not None else "",
        "adult": WITH_ADULT if measurement.rule is Rule.DIFFERENCE else "",
    }
    told = [_said(word, language) for field, word in words.items() if word and field not in coded]
    return (*told, *odd_words(measurement, language))


def _said(words: str, language: str) -> str:
    try:
        with speaking(language):
            return tr(words)
    except FileNotFoundError:
        # A language without texts must not keep a value from being saved.
        return words
