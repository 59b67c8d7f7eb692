"""How old the copies of the store are, and whether one was brought back on trial."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kiosk.config.schema import Config
from kiosk.language.texts import tr
from kiosk.station.doctor.finding import Finding, Level
from kiosk.station.doctor.store_words import fault_words
from kiosk.store.database import keeping
from kiosk.store.database.presence import FILE_NAME
from kiosk.store.errors import StoreFault
from kiosk.system.clock import now_utc


def backup(config: Config) -> Iterator[Finding]:
    """Look at what the last copies came to. A station without a store needs none."""
    folder = Path(config.station.data_dir)
    if not (folder / FILE_NAME).exists():
        return
    kept, now = keeping.known(folder), now_utc()
    if kept is None:
        text = tr("Det er ikke laget noen kopi av lageret. Skriv: kiosk backup dated MAPPE")
        yield Finding("backup", Level.NOTE, text)
        return
    if kept.fault:
        cause = fault_words(StoreFault(kept.fault))
        text = tr("Den siste kopien av lageret mislyktes: {cause}").format(cause=cause)
        yield Finding("backup", Level.SICK, text)
    age, days = kept.age(now), int(kept.age(now) // 86400)
    if not 0 <= age <= keeping.LATE.total_seconds():
        text = tr("Den siste kopien av lageret er {n} dager gammel. Se «systemctl list-timers».")
        yield Finding("backup", Level.SICK, text.format(n=max(days, 0)))
    elif not kept.fault:
        yield Finding("backup", Level.FINE, tr("Lageret er kopiert, og kopien er lest tilbake."))
    if not 0 <= kept.rehearsal_age(now) <= keeping.REHEARSED_LATE.total_seconds():
        text = tr(
            "Ingen kopi er hentet tilbake på prøve på lenge. Skriv: kiosk backup rehearse MAPPE"
        )
        yield Finding("backup", Level.NOTE, text)
