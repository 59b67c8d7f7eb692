"""The words for the scale and the length board."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.events import LinkState
from kiosk.ui.tones import Sign, Tone
from kiosk.ui.words.mark import mark
from kiosk.weighing import single_lines
from kiosk.weighing.gate import Hold

READY = Sign("circle-check", Tone.GOOD, mark("Klar"), mark("Vekten er rolig."))
"""A weight that may be taken."""


COMPARE = Sign(
    "help-circle",
    Tone.WARN,
    mark("Sammenlign"),
    mark("Vekten sier ikke om tallet er rolig. Viser displayet på vekten det samme?"),
)
"""A weight that may be taken once a person has compared it with the scale's own display."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What is to stand on the scale: the step if there are several, and the words for it.

    ``put_on`` is said of an empty scale, ``again`` of one that may hold the weighing before,
    ``done`` of one that was taken; ``confirm`` and ``take`` are on the buttons. ``whose`` asks by
    name about a load that may be the child's before, ``yes`` is the button to it.
    """

    step: str
    put_on: str
    again: str
    done: str
    confirm: str
    take: str
    whose: str
    yes: str


CHILD = Weighed(
    "",
    mark("Legg barnet på vekten."),
    mark("Løft barnet av og legg det på igjen, eller bekreft her."),
    mark("Løft barnet av. Vil du veie på nytt, legg det på igjen."),
    mark("Barnet ligger på vekten"),
    mark("Bruk vekten"),
    mark("Er det {name} som er der nå?"),
    mark("Ja, det er {name}"),
)


BOTH = Weighed(
    mark("1 av 2: den voksne med barnet"),
    mark("Den voksne går på vekten med barnet på armen."),
    mark("Gå av vekten og på igjen med barnet, eller bekreft her."),
    mark("Gå av vekten. Vil du veie på nytt, begynn med begge."),
    mark("Begge er på vekten"),
    mark("Bruk vekten av begge"),
    mark("Er det den voksne med {name}?"),
    mark("Ja, det er de to"),
)


ADULT = Weighed(
    mark("2 av 2: den voksne alene"),
    mark("Den voksne går på vekten uten barnet."),
    mark("Gi barnet til noen. Stå igjen på vekten, og bekreft her."),
    mark("Gå av vekten."),
    mark("Den voksne står alene"),
    mark("Bruk vekten av den voksne"),
    mark("Er det den voksne som holdt {name}?"),
    mark("Ja, det er den voksne"),
)


WHOSE = Sign("help-circle", Tone.WARN, mark("Hvem er på vekten?"), "")
"""A load that may have lain there before the child was opened; the advice names the child."""


SHOWED_BEFORE = mark("Vekten viste {value} før barnet ble åpnet.")


NOT_SEEN_EMPTY = mark("Vekten har ikke vært tom siden barnet ble åpnet.")


TAKEN = Sign("circle-check", Tone.GOOD, mark("Vekten er tatt med"), CHILD.done)
"""The weight on the scale is the one that was taken."""


HOLDS: dict[Hold, Sign] = {
    Hold.NO_SCALE: Sign(
        "circle-x",
        Tone.WARN,
        mark("Ingen vekt"),
        mark("Vekten er ikke koblet til. Sjekk kabelen, eller skriv inn vekten."),
    ),
    Hold.SILENT: Sign(
        "circle-x",
        Tone.WARN,
        mark("Vekten svarer ikke"),
        mark("Sjekk at vekten er slått på, eller skriv inn vekten."),
    ),
    Hold.NO_VALUE: Sign(
        "hourglass", Tone.CALM, mark("Venter på vekten"), mark("Vekten er tilkoblet.")
    ),
    Hold.OVERLOAD: Sign(
        "alert-triangle",
        Tone.WARN,
        mark("For tungt"),
        mark("Det ligger mer på vekten enn den kan veie. Bruk en annen vekt."),
    ),
    Hold.UNDERLOAD: Sign(
        "alert-triangle",
        Tone.WARN,
        mark("Under null"),
        mark("Ta alt av vekten, og nullstill den på vekten selv."),
    ),
    Hold.MOVING: Sign(
        "activity", Tone.CALM, mark("Ikke rolig ennå"), mark("Vent til tallet står stille.")
    ),
    Hold.SETTLING: Sign(
        "hourglass", Tone.CALM, mark("Straks klar"), mark("Kontrollerer at tallet står stille.")
    ),
    Hold.RESTLESS: Sign(
        "activity",
        Tone.WARN,
        mark("Blir ikke rolig"),
        mark("Legg barnet bedre til, eller skriv inn vekten."),
    ),
    Hold.EMPTY: Sign("scale", Tone.CALM, mark("Vekten er tom"), CHILD.put_on),
    Hold.NEGATIVE: Sign(
        "alert-triangle",
        Tone.WARN,
        mark("Under null"),
        mark("Ta alt av vekten, og nullstill den på vekten selv."),
    ),
    Hold.NOT_NEW: Sign(
        "help-circle",
        Tone.WARN,
        mark("Er dette en ny veiing?"),
        CHILD.again,
    ),
    Hold.RECALLED: Sign(
        "clock",
        Tone.WARN,
        mark("Gammel verdi"),
        mark("Tallet kommer fra minnet i vekten. Vei barnet på nytt."),
    ),
    Hold.UNIT: Sign(
        "alert-triangle",
        Tone.WARN,
        mark("Feil enhet"),
        mark("Still vekten på kilogram, eller skriv inn vekten."),
    ),
    Hold.NOT_CONFIRMED: Sign(
        "help-circle",
        Tone.WARN,
        mark("Ikke bekreftet"),
        mark("Vekten sier ikke om tallet er rolig. Vent til det står stille."),
    ),
    Hold.UNCALIBRATED: Sign(
        "alert-triangle",
        Tone.WARN,
        mark("Vekten er ikke lært"),
        mark("Stasjonen må lære vekten først. Skriv inn vekten så lenge."),
    ),
    Hold.NO_LINE: Sign("scale", Tone.CALM, mark("Klar til veiing"), CHILD.put_on),
    Hold.DEVICE_ERROR: Sign(
        "alert-triangle",
        Tone.WARN,
        mark("Vekten melder feil"),
        mark("Slå vekten av og på. Hjelper det ikke, skriv inn vekten."),
    ),
}


LINKS: dict[LinkState, Sign] = {
    LinkState.ABSENT: Sign(
        "circle-x", Tone.WARN, mark("Ingen vekt"), mark("Sjekk at kabelen sitter i begge ender.")
    ),
    LinkState.REFUSED: Sign(
        "circle-x",
        Tone.WARN,
        mark("Vekten er opptatt"),
        mark("Porten kan ikke åpnes. Koble vekten fra og til, eller kontakt IKT-ansvarlig."),
    ),
    LinkState.OPEN: Sign("circle-check", Tone.GOOD, mark("Vekten"), mark("Vekten er tilkoblet.")),
    LinkState.SILENT: Sign(
        "alert-triangle", Tone.WARN, mark("Vekten er taus"), mark("Sjekk at vekten er slått på.")
    ),
    LinkState.LOST: Sign(
        "circle-x",
        Tone.WARN,
        mark("Vekten er borte"),
        mark("Kabelen er trukket ut. Koble den til, så fortsetter det av seg selv."),
    ),
}


BOARDS: dict[LinkState, Sign] = {
    LinkState.ABSENT: Sign(
        "circle-x",
        Tone.WARN,
        mark("Ingen lengdemåler"),
        mark("Sjekk kabelen, eller skriv inn lengden."),
    ),
    LinkState.REFUSED: Sign(
        "circle-x",
        Tone.WARN,
        mark("Opptatt"),
        mark("Porten kan ikke åpnes. Kontakt IKT-ansvarlig."),
    ),
    LinkState.OPEN: Sign(
        "circle-check", Tone.GOOD, mark("Lengdemåler"), mark("Lengdemåleren er tilkoblet.")
    ),
    LinkState.SILENT: Sign(
        "circle-check", Tone.CALM, mark("Lengdemåler"), mark("Den sender når noen måler.")
    ),
    LinkState.LOST: Sign(
        "circle-x",
        Tone.WARN,
        mark("Lengdemåleren er borte"),
        mark("Koble til kabelen, eller skriv inn lengden."),
    ),
}
"""How the length board stands. A silent one is well: it has nothing to say before its key."""


BOARD_WAITS = mark("send fra lengdemåleren")


BOARD_GONE = mark("ingen lengdemåler")


LENGTH_OFFERED = mark("ikke tatt med ennå")


UNPROVED = Sign(
    "hourglass", Tone.CALM, mark("Venter på vekten"), mark("Porten er åpen. Venter på et svar.")
)
"""An open port that nothing has answered on yet: not a scale before it proves to be one."""


WAITS = Sign(
    "circle-check", Tone.CALM, mark("Vekten"), mark("Porten er åpen. Vekten sender når noen veier.")
)
"""An open port to a scale that is silent until somebody is weighed: nothing is wrong with it."""


SET_UP_NOW = Sign(
    "hourglass", Tone.CALM, mark("Settes opp"), mark("Vekten læres opp eller settes opp nå.")
)
"""A scale whose port a page has borrowed: nothing is wrong with it."""


def link_sign(state: LinkState, hint: str) -> Sign:
    """Return how the scale's link stands, in sign and word."""
    if (state, hint) == (LinkState.OPEN, single_lines.WAITS):
        return WAITS
    if hint == "lent":
        return SET_UP_NOW
    return UNPROVED if (state, hint) == (LinkState.OPEN, "unanswered") else LINKS[state]


LINK_HINTS: dict[str, str] = {
    "absent": mark("Sjekk at kabelen sitter i begge ender, og at vekten er slått på."),
    "permission": mark("Stasjonen har ikke tilgang til porten. Kontakt IKT-ansvarlig."),
    "busy": mark("Et annet program bruker porten. Kontakt IKT-ansvarlig."),
    "unplugged": mark("Kabelen er trukket ut. Koble den til, så fortsetter det av seg selv."),
    "io": mark("Porten svarer ikke. Trekk ut kabelen, og sett den i igjen."),
    "ambiguous": mark(
        "To like kabler er tilkoblet. Vekten åpnes ikke på måfå. Kontakt IKT-ansvarlig."
    ),
    "taken": mark("Et annet program tar porten (brltty). Kontakt IKT-ansvarlig."),
    "lent": mark("Vekten læres opp eller settes opp nå."),
    "fault": mark("Noe uventet skjedde på porten. Det prøves igjen av seg selv."),
    "unanswered": mark("Porten er åpen. Venter på et svar fra vekten."),
    "silent": mark("Sjekk at vekten er slått på. Noen kabler er bare for lading."),
    "silent-or-parity": mark("Sjekk at vekten er på. Er den det, er pariteten trolig feil."),
    "asleep": mark("Vekten har sovnet eller er slått av. Slå den på."),
    "foreign-commands": mark("Et annet program skriver til vekten. Kontakt IKT-ansvarlig."),
    "echo": mark("Stasjonen hører bare seg selv. Sjekk at kabelen er av riktig type."),
    "wrong-parity": mark("Paritet og databiter er satt feil. Kontakt IKT-ansvarlig."),
    "parity-stripped": mark("Vekten leses uten paritetskontroll. Si fra til IKT-ansvarlig."),
    "wrong-speed": mark("Hastigheten på linjen er trolig feil. Kontakt IKT-ansvarlig."),
    "printout": mark("Vekten sender utskrift. Sett den til å svare på kommandoer."),
    "not-understood": mark("Vekten forstår ikke stasjonen. Sjekk hvilken vekt som er valgt."),
    "garbage": mark("Vekten sender noe annet enn ventet. Sjekk innstillingene på vekten."),
}
"""Likely causes a link may name. An unknown one gets the advice of the state."""
