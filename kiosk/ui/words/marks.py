"""The three marks of a saved visit: saved, sent, accepted. They are never mixed up."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.model.visit import Delivery
from kiosk.ui.tones import Tone
from kiosk.ui.words.mark import mark


@dataclass(frozen=True, slots=True)
class Step:
    """One mark: its name, its icon, its tone, and how it stands in words."""

    name: str
    icon: str
    tone: Tone
    state: str


SAVED, SENT, ACCEPTED = mark("Lagret"), mark("Sendt"), mark("Mottatt")
DELIVERED = mark("Levert")
DONE_ICON, WAIT_ICON, TROUBLE_ICON = "circle-check", "circle-dashed", "alert-triangle"

STORED = Step(SAVED, DONE_ICON, Tone.GOOD, mark("trygt på stasjonen"))
NOT_YET = Step(ACCEPTED, WAIT_ICON, Tone.CALM, mark("venter på svar"))

STEPS: dict[Delivery, tuple[Step, Step]] = {
    Delivery.QUEUED: (Step(SENT, WAIT_ICON, Tone.CALM, mark("venter på tur")), NOT_YET),
    Delivery.CLAIMED: (Step(SENT, WAIT_ICON, Tone.CALM, mark("straks")), NOT_YET),
    Delivery.IN_FLIGHT: (Step(SENT, "send", Tone.CALM, mark("sendes nå")), NOT_YET),
    Delivery.AMBIGUOUS: (
        Step(SENT, "help-circle", Tone.WARN, mark("usikkert, spør journalen")),
        NOT_YET,
    ),
    Delivery.REJECTED: (
        Step(SENT, TROUBLE_ICON, Tone.BAD, mark("stoppet")),
        Step(ACCEPTED, TROUBLE_ICON, Tone.BAD, mark("må ses på")),
    ),
    Delivery.HANDED_OVER: (
        Step(SENT, DONE_ICON, Tone.GOOD, mark("til felles database")),
        NOT_YET,
    ),
    Delivery.DISCARDED: (
        Step(SENT, "ban", Tone.CALM, mark("gitt opp")),
        Step(ACCEPTED, "ban", Tone.CALM, mark("av en person")),
    ),
    Delivery.CANCELLED: (
        Step(SENT, "ban", Tone.CALM, mark("ble aldri sendt")),
        Step(ACCEPTED, "ban", Tone.CALM, mark("journalen har ingenting")),
    ),
    Delivery.DELIVERED: (
        Step(SENT, DONE_ICON, Tone.GOOD, mark("til mottakeren")),
        Step(DELIVERED, WAIT_ICON, Tone.CALM, mark("ikke bekreftet av journalen")),
    ),
    Delivery.DONE: (
        Step(SENT, DONE_ICON, Tone.GOOD, mark("til journalen")),
        Step(ACCEPTED, DONE_ICON, Tone.GOOD, mark("av journalen")),
    ),
}


def steps(delivery: Delivery) -> tuple[Step, Step, Step]:
    """The three marks for a delivery state."""
    return (STORED, *STEPS[delivery])
