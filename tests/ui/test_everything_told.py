"""Whatever a device, a driver or a file can tell has a sentence on the screen, in each language.

Every enumeration below ``drivers`` stands here: with where its words are, or among those that are
never said to a person by themselves. A new one, or a new member, fails until somebody decides.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from enum import StrEnum
from importlib import import_module

import pytest

import drivers
from drivers import (
    attached,
    calibration,
    capture,
    claiming,
    driver,
    events,
    hearing,
    hints,
    host,
    inbox_events,
    learning,
    profile,
)
from drivers.audiogram_files import imported, person
from drivers.hearing import Remark
from drivers.printers import facts, jobs, status, transports
from drivers.transports import base
from kiosk.hearing.receiving import CARRIED_OVER, Notice
from kiosk.language.texts import LANGUAGES, speaking, tr
from kiosk.station.printing import PAPERS, SLIP_STATES
from kiosk.ui.words import audiometer_files as f
from kiosk.ui.words import calibrate as c
from kiosk.ui.words import devices as d
from kiosk.ui.words import scale as s
from kiosk.weighing.calibration_steps import Fault
from kiosk.weighing.scale_state import NO_READING_HOLDS
from kiosk.weighing.teaching_steps import LineFault

SEEN_IN_THE_TONES = {
    Remark.EMPTY: Notice.EMPTY_RECORD,
    Remark.CONFLICTING_POINTS: Notice.CONFLICT,
}
"""Remarks of a record that are found again in the tones that were put together."""

NOTHING_HAPPENED = {
    events.Reason.PENDING,
    events.Reason.ZERO_DONE,
    events.Reason.TARE_DONE,
    events.Reason.IDENTITY,
    events.Reason.OTHER,
}
"""A device's answers that say nothing about the weight that is waited for."""

WORDS: dict[type[StrEnum], Callable[[StrEnum], str]] = {
    base.LossCause: lambda code: s.LINK_HINTS[code],
    hints.Hint: lambda code: s.LINK_HINTS[code],
    events.LinkState: lambda code: s.LINKS[code].advice,
    events.Reason: lambda code: s.HOLDS[NO_READING_HOLDS[code]].advice,
    calibration.Load: lambda code: c.LOAD_WORDS[code],
    calibration.Trouble: lambda code: c.FAULTS[Fault(code.value)],
    learning.LineTrouble: lambda code: c.LINE_FAULTS[LineFault(code.value)],
    imported.Refusal: lambda code: f.HELD[code],
    imported.Concern: lambda code: f.CONCERNS[code],
    inbox_events.Held: lambda code: f.HELD[code],
    inbox_events.FolderState: lambda code: f.FOLDERS[code],
    hearing.Remark: lambda code: f.REMARKS[{**CARRIED_OVER, **SEEN_IN_THE_TONES}[code]],
    status.PrinterState: lambda code: d.PAPERS[PAPERS[code]].advice,
    jobs.JobState: lambda code: d.SLIPS[SLIP_STATES[code]].advice,
    transports.LostCause: lambda code: d.PRINTER_HINTS[code],
}
UNSAID: dict[type[StrEnum], set[StrEnum]] = {events.Reason: NOTHING_HAPPENED}
FAULTS_OF_A_PRINTER = {facts.Fault.CUTTER, facts.Fault.HARDWARE, facts.Fault.PASSING}

NEVER_BY_THEMSELVES: set[type[StrEnum]] = {
    # What a driver or a record is, in a table or a file.
    driver.Kind,
    driver.Maturity,
    driver.Rhythm,
    imported.FileFormat,
    capture.Direction,
    events.Quantity,
    # Parts of a value that the desk weighs before it says anything.
    events.Stability,
    events.Flag,
    hearing.Ear,
    hearing.Transducer,
    hearing.Response,
    hearing.Masking,
    hearing.Noise,
    person.Match,
    # Of printers: what states and hints are made of.
    facts.Paper,
    facts.Cover,
    facts.Online,
    facts.Fault,
    jobs.Cause,
    # Said in the terminal, by ``kiosk devices``, ``kiosk setup`` and ``kiosk check``.
    attached.Rule,
    claiming.Verdict,
    claiming.Why,
    host.Rival,
    profile.Wrong,
}


def every_enumeration() -> set[type[StrEnum]]:
    found = set()
    for module in pkgutil.walk_packages(drivers.__path__, "drivers."):
        if not module.name.startswith("drivers.simulators"):
            loaded = vars(import_module(module.name)).values()
            found |= {one for one in loaded if isinstance(one, type) and issubclass(one, StrEnum)}
    return {one for one in found - {StrEnum} if one.__module__.startswith("drivers.")}


def test_every_enumeration_of_drivers_and_files_is_here() -> None:
    assert every_enumeration() == set(WORDS) | NEVER_BY_THEMSELVES


@pytest.mark.parametrize("codes", WORDS, ids=lambda one: f"{one.__module__}.{one.__name__}")
def test_every_member_is_a_sentence_in_every_language(codes: type[StrEnum]) -> None:
    for code in set(codes) - UNSAID.get(codes, set()):
        said = [sentence(WORDS[codes](code), language) for language in LANGUAGES]
        assert all(len(text.split()) >= 2 for text in said), (code, said)
        assert sentence(WORDS[codes](code), "en") != sentence(WORDS[codes](code), "nb"), code


def test_what_ails_a_printer_is_a_sentence_in_every_language() -> None:
    for code in FAULTS_OF_A_PRINTER:
        assert len({sentence(d.PRINTER_HINTS[code], one) for one in ("nb", "nn", "en")}) == 3


def sentence(text: str, language: str) -> str:
    with speaking(language):
        return tr(text)
