"""``kiosk calibrate --driver taught``: learn the lines of any scale from what its display shows."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.cli.drivers_named import complain
from kiosk.language.texts import tr

if TYPE_CHECKING:
    from drivers.driver import Settings
    from drivers.learning import LearnedLines, LineTrouble, Shown
    from drivers.transports.base import Transport

Ask = Callable[[str], str]


def teach(transport: Transport, ask: Ask) -> Settings | None:
    """Ask for displays until enough agree, and return the profile; ``None`` with a sentence."""
    from drivers.learning import learn_lines

    shown: list[Shown] = []
    ear = _Ear(transport)
    for instruction, may_be_left_out in _steps():
        print(instruction)
        one = _display(ear, ask, may_be_left_out=may_be_left_out)
        if one is None:
            return None
        shown += one
        if (trouble := learn_lines(shown).trouble) is not None:
            complain(_trouble_words(trouble))
            return None
    print(tr("Trykk på plata med hånden, så tallet hele tiden endrer seg."))
    ask(tr("Trykk Enter mens du gjør det, og fortsett i tre sekunder."))
    learned = _learned(learn_lines(shown, ear.lines()), ear.heard.ending)
    return ear.heard.profile(learned) if learned is not None else None


class _Ear:
    """Hears lines on a port whose line ending nobody knows yet."""

    def __init__(self, transport: Transport) -> None:
        from drivers.heard_lines import Heard

        self._transport = transport
        self.heard = Heard()

    def line(self) -> bytes:
        """The line that belongs to a display that was just typed; empty where there is none."""
        before, after = self._waiting(), self._listen()
        heard = replace(self.heard, before=before, after=after)
        self.heard = heard.taken()
        return heard.believed

    def lines(self) -> list[bytes]:
        """All lines from now on."""
        self._waiting()
        return list(self.heard.lines(self._listen()))[1:]

    def _waiting(self) -> bytes:
        data = b""
        while more := self._transport.read(0.0):
            data += more
        return data

    def _listen(self) -> bytes:
        from drivers.heard_lines import SECONDS

        data, end = b"", time.monotonic() + SECONDS
        while (left := end - time.monotonic()) > 0:
            data += self._transport.read(min(left, 0.2))
        return data


def _steps() -> list[tuple[str, bool]]:
    """What to do, and whether the step may be left out."""
    return [
        (tr("Tom vekt. Trykk null, og vent til displayet står på null."), False),
        (tr("Legg på en kjent vekt, for eksempel to liter melk. Vent på ro."), False),
        (tr("Legg på noe annet, så displayet viser andre siffer. Vent på ro."), False),
        (tr("Legg på noe som veier mer enn ti kilo. Bare Enter: ta ikke med dette."), True),
        (tr("Trykk TARA, og ta av alt: et tall med minus. Bare Enter: ta ikke med dette."), True),
    ]


def _display(ear: _Ear, ask: Ask, *, may_be_left_out: bool) -> list[Shown] | None:
    from drivers.learning import Shown
    from drivers.line_forms import UNITS

    while True:
        words = ask(tr("Hva viser vekten? For eksempel «4,236 kg»:")).split()
        if may_be_left_out and not words:
            return []
        if len(words) == 2 and words[1].lower() in UNITS:
            break
        complain(tr("Skriv tallet slik det står i displayet, et mellomrom og enheten."))
    line = ear.line()
    if not line:
        complain(tr("Vekten sendte ikke den samme linjen flere ganger. Ingenting er lært."))
        return None
    return [Shown(words[0], words[1].lower(), line)]


def _learned(learned: LearnedLines, ending: str) -> Settings | None:
    if learned.trouble is not None:
        complain(_trouble_words(learned.trouble))
    elif not learned.forms:
        complain(tr("Det er fortsatt flere muligheter. Ingenting er lært."))
    return learned.settings(ending) or None


def _trouble_words(trouble: LineTrouble) -> str:
    from drivers.learning import LineTrouble

    return {
        LineTrouble.NO_NUMBER: tr("Tallet kan ikke leses. Start på nytt."),
        LineTrouble.OTHER_DIGITS: tr(
            "Tallet du skrev er ikke det vekten sendte. Vent på ro, og start på nytt."
        ),
        LineTrouble.CONTRADICTS: tr("Linjene sier det samme om to ulike ting. Ingenting er lært."),
    }[trouble]
