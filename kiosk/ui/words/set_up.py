"""What is said while a device is set up or compared: what to do, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.first_day import LOADS, Load, is_confirmed
from kiosk.language.texts import comma, tr
from kiosk.ui.tones import Tone
from kiosk.ui.words.mark import mark
from kiosk.weighing.setting_up import FirstDay, SettingUp, SetUpFault

MOST_WRONG = 3
"""Of loads that do not agree so many are listed; the file has them all."""


@dataclass(frozen=True, slots=True)
class Said:
    """A note: its sign, a few words, a sentence."""

    icon: str
    tone: Tone
    title: str
    text: str = ""


FAULTS: dict[SetUpFault, tuple[str, str]] = {
    SetUpFault.NOTHING_CAME: (
        mark("Det kom ingenting"),
        mark("Sjekk at vekten er på og at kabelen er for data. Trykk PRINT, og prøv igjen."),
    ),
    SetUpFault.NOT_READ: (
        mark("Noe kom, men stasjonen kjenner det ikke"),
        mark("Er det en vekt, kan den læres opp: du legger på noe og skriver det displayet viser."),
    ),
    SetUpFault.LOST: (
        mark("Porten er borte"),
        mark("Kabelen falt ut, eller et annet program bruker porten. Prøv igjen."),
    ),
    SetUpFault.DIFFERS: (
        mark("Det stemmer ikke"),
        mark("Stasjonen leste noe annet enn displayet viste. Prøv igjen, eller velg en annen."),
    ),
    SetUpFault.EMPTY: (
        mark("Vekten var tom"),
        mark("Legg noe på vekten. Et tall over null viser at det leses riktig."),
    ),
    SetUpFault.NOT_KEPT: (
        mark("Det ble ikke lagret"),
        mark("Det som gjaldt før, gjelder fortsatt. Prøv igjen, eller kontakt IKT-ansvarlig."),
    ),
}


def type_the_display() -> Said:
    """Asks for the display."""
    told = tr("Alle siffer, med komma. Velg enheten som står i displayet.")
    return Said("info-circle", Tone.CALM, tr("Skriv det displayet på vekten viser"), told)


def not_mine() -> Said:
    """Who is signed in may look, and not save."""
    told = tr("Bare den som står i oppsettet, kan lagre utstyr. Ingenting er tatt i bruk.")
    return Said("info-circle", Tone.CALM, tr("Hvem lagrer?"), told)


def waiting(*, silent: bool, listens: bool) -> Said:
    """Of a display that is typed, or being typed."""
    if listens:
        told = tr("La vekten være i ro. Har den PRINT, trykk på den nå.")
        return Said("hourglass", Tone.CALM, tr("Lytter til vekten …"), told)
    if silent:
        told = tr("Vent til displayet står stille, og prøv igjen.")
        return Said("alert-triangle", Tone.WARN, tr("Ingen verdi kom fra vekten"), told)
    return type_the_display()


def set_up_note(state: SettingUp, *, may: bool) -> Said:
    """What is said under a scale that is being set up."""
    if state.fault is not None:
        title, told = FAULTS[state.fault]
        return Said("alert-triangle", Tone.WARN, tr(title), tr(told))
    if state.likely is None:
        told = tr("Stasjonen prøver alle vekter den kjenner. Det kan ta et halvt minutt.")
        return Said("hourglass", Tone.CALM, tr("Lytter …"), told)
    if state.chosen is None:
        told = tr("Velg den som ligner mest på det som står på typeskiltet.")
        return Said("help-circle", Tone.CALM, tr("Flere vekter snakker likt"), told)
    if state.proof is not None and not may:
        return not_mine()
    if state.proof is not None:
        told = tr("Når du lagrer, brukes vekten med en gang, også etter en omstart.")
        return Said("circle-check", Tone.GOOD, tr("Displayet og stasjonen er enige"), told)
    return waiting(silent=state.display.silent, listens=state.display.since is not None)


def short_name(name: str) -> str:
    """The name of a driver without what stands behind it in brackets."""
    return name.partition(" (")[0]


def proof_words(load: Load) -> str:
    """The display beside what the station read."""
    shown = tr("Displayet viste: {value} {unit}")
    read = tr("Stasjonen leste: {value} {unit}")
    display = shown.format(value=comma(load.display.number), unit=load.display.unit)
    return f"{display}\n{read.format(value=comma(f'{load.read.value:f}'), unit=load.read.unit)}"


def loads_words(day: FirstDay) -> str:
    """Every load that was taken: the displays that agreed, then each that did not with what was
    read.
    """
    agree = " · ".join(_display_words(one) for one in day.loads if one.agrees)
    lines = [tr("Stemte: {displays}").format(displays=agree)] if agree else []
    wrong = [load_words(one) for one in day.loads if not one.agrees]
    lines += wrong[:MOST_WRONG]
    if len(wrong) > MOST_WRONG:
        lines.append(tr("og {n} til").format(n=len(wrong) - MOST_WRONG))
    return "\n".join(lines)


def load_words(load: Load) -> str:
    """One load: its display, and what was read where that is something else."""
    display = _display_words(load)
    if load.agrees:
        return tr("{display}: stemmer").format(display=display)
    read = f"{comma(f'{load.read.value:f}')} {load.read.unit}"
    return tr("{display}: STEMMER IKKE, stasjonen leste {read}").format(display=display, read=read)


def _display_words(load: Load) -> str:
    return f"{comma(load.display.number)} {load.display.unit}"


def first_day_note(day: FirstDay) -> Said:
    """What is said under the ten loads."""
    if day.kept:
        told = tr("Filen {name} ligger i mappen «confirmed» hos stasjonens data.")
        return Said("circle-check", Tone.GOOD, tr("Skrevet ned"), told.format(name=day.kept))
    if day.failed:
        told = tr("Filen kunne ikke skrives. Prøv igjen, eller kontakt IKT-ansvarlig.")
        return Said("alert-triangle", Tone.BAD, tr("Ikke skrevet ned"), told)
    if not day.is_full:
        display = day.display
        return waiting(silent=display.silent, listens=display.since is not None)
    if is_confirmed(day.loads):
        told = tr("Filen bekrefter vekten, med navnet ditt. Den sier ikke hvem som ble veid.")
        return Said("circle-check", Tone.GOOD, tr("Alle stemte"), told)
    told = tr("Bruk ikke vekten før det er løst. Skriv det ned, og send filen til prosjektet.")
    return Said("alert-triangle", Tone.BAD, tr("Ikke alle stemte, eller for få var ulike"), told)


def of_ten(day: FirstDay) -> str:
    """Which load comes now."""
    return tr("{step} av {steps}").format(step=min(len(day.loads) + 1, LOADS), steps=LOADS)
