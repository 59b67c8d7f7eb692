"""The first person who may sign in. The PIN is typed twice and never shown or kept here."""

from __future__ import annotations

import re
from pathlib import Path

from kiosk.cli.common import open_store
from kiosk.cli.setting_up.bench import Bench, say
from kiosk.cli.user import PIN, ROLE
from kiosk.language.texts import tr
from kiosk.station.checking.scale_setup import approvers_of
from kiosk.store.people.people import PERSON_ID, PersonRow
from kiosk.store.store import FILE_NAME


def person_step(bench: Bench) -> None:
    """Ask for a person and add them to the store, which is made if need be."""
    bench.heading(tr("Den første som skal logge inn"))
    config = bench.config()
    begun = (Path(config.station.data_dir) / FILE_NAME).exists()
    if begun and not bench.asker.wants("person", tr("Legge til en person?"), default=False):
        return
    name = bench.asker.ask(
        "person.id", tr("Kort navn med små bokstaver, for eksempel anne"), "", _id_fault, later=True
    )
    if name is None:
        _make_store(bench)
        return
    display = bench.asker.ask("person.display", tr("Fornavnet på skjermen"), name.capitalize())
    hpr = bench.asker.ask("person.hpr", tr("HPR-nummer"), later=True)
    pin = _pin(bench)
    row = PersonRow(name, display or name, ROLE, hpr or "")

    def add() -> bool:
        store = open_store(config, make=not begun)
        try:
            store.add_person(row, pin, "setup")
        finally:
            store.close()
        return True

    if bench.as_service(add):
        say("  " + tr("{name} kan logge inn.").format(name=row.display))
        _let_save(bench, row)
    else:
        bench.trouble.append("person")


def _let_save(bench: Bench, row: PersonRow) -> None:
    """Name who was added as the one who may save devices on the screen, if nobody is yet."""
    if approvers_of(bench.config()):
        return
    bench.document.set("station.approvers", [row.id])
    try:
        bench.document.write(bench.owner())
    except OSError:
        bench.trouble.append("person")
        return
    told = tr("{name} kan lagre utstyr på skjermen («station.approvers»).")
    say("  " + told.format(name=row.display))


def _make_store(bench: Bench) -> None:
    """Nobody yet; the store is there all the same, so that what looks finds one."""
    config = bench.config()

    def make() -> bool:
        open_store(config, make=True).close()
        return True

    if not bench.as_service(make):
        bench.trouble.append("store")


def _pin(bench: Bench) -> str:
    while True:
        pin = bench.asker.ask(
            "person.pin", tr("PIN-kode, 4 til 8 sifre"), "", _pin_fault, secret=True
        )
        assert pin is not None
        if bench.asker.alone:
            return pin
        again = bench.asker.ask("person.pin", tr("PIN-koden en gang til"), secret=True)
        if again == pin:
            return pin
        say("  " + tr("De to var ikke like."))


def _id_fault(text: str) -> str:
    if PERSON_ID.fullmatch(text):
        return ""
    return tr("En kort id med små bokstaver, for eksempel «anne».")


def _pin_fault(text: str) -> str:
    return "" if re.fullmatch(PIN, text) else tr("PIN-koden må ha 4 til 8 sifre.")
