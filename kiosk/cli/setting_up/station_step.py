"""The clinic's name and the station's."""

from __future__ import annotations

import re

from kiosk.cli.setting_up.asking import fine
from kiosk.cli.setting_up.bench import Bench
from kiosk.config.values import form_of
from kiosk.language.texts import LANGUAGES, tr

_ID = re.compile(r"[a-z0-9][a-z0-9\-]{0,39}")
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "é": "e", "á": "a", "š": "s", "č": "c"})


def station_step(bench: Bench) -> None:
    """Ask for what every station must have."""
    bench.heading(tr("Helsestasjonen"))
    known = bench.document.get("station.clinic")
    clinic = bench.asker.ask(
        "station.clinic", tr("Navnet på helsestasjonen"), known or "", _name_fault
    )
    bench.document.set("station.clinic", clinic)
    own = bench.document.get("station.id")
    if own is None:
        question = tr("Kort navn på denne stasjonen (endres aldri senere)")
        own = bench.asker.ask("station.id", question, _short(clinic or ""), _id_fault)
        bench.document.set("station.id", own)
    if bench.asker.alone:
        _told_in_a_file(bench)


def _told_in_a_file(bench: Bench) -> None:
    """What nobody is asked at a terminal: bokmål and the usual folder are right nearly always."""
    for key, check in (("language", _language_fault), ("data_dir", fine)):
        told = bench.asker.ask(f"station.{key}", "", "", check, later=True)
        if told is not None:
            bench.document.set(f"station.{key}", told)


def _short(clinic: str) -> str:
    """A name for the first station of a clinic: ``Solbakken helsestasjon`` is ``solbakken-1``."""
    word = clinic.lower().translate(_LETTERS).split()[:1]
    short = re.sub(r"[^a-z0-9]+", "-", "".join(word)).strip("-")[:30]
    return f"{short or 'station'}-1"


def _name_fault(name: str) -> str:
    return "" if len(name) <= 60 else tr("Navnet kan ha høyst 60 tegn.")


def _id_fault(name: str) -> str:
    if _ID.fullmatch(name):
        return ""
    return tr("Det skal være {expected}.").format(expected=form_of("station.id"))


def _language_fault(code: str) -> str:
    if code in LANGUAGES:
        return ""
    return tr("Kjente språk: {known}.").format(known=", ".join(LANGUAGES))
