"""Keys that are right each by itself and not together, and keys that nothing will ever use."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from kiosk.config.schema import Audiometer, Config, Hl7, Journal, Scale
from kiosk.journal.sign_in.keys import CREDENTIAL
from kiosk.language.texts import tr
from kiosk.station.checking.addresses import is_serial, same_place, service_fault

Told = tuple[str, str]
"""The table it is about, and the sentence."""


def contradictions(config: Config) -> Iterator[Told]:
    """Yield what cannot work whichever of two keys is meant."""
    yield from _one_place_for_two(config)
    yield from _one_name_for_two(config)
    yield from _one_folder_for_two(config)
    watching = config.watching
    if watching is not None and watching.listen == f"unix:{watching.status_file}":
        yield "watching", tr("«watching.listen» og «watching.status_file» er samme fil.")


def idle(config: Config) -> Iterator[Told]:
    """Yield what the station would start with, although whoever wrote it meant something else."""
    yield from _lines(config)
    for name, table in (("journal", config.journal), ("hl7", config.hl7)):
        if table is not None and _is_open(table):
            yield from ((name, text) for text in _certificates_of_nothing(name, table))
    yield from (("database", text) for text in _database(config))
    yield from (("database", text) for text in _one_file_for_two(config))


def _one_place_for_two(config: Config) -> Iterator[Told]:
    """The printer where another device is. The devices among themselves are their own set-ups'."""
    if config.printer is None:
        return
    for name, table in _devices(config):
        if table.port and same_place(table.port, config.printer.address):
            text = tr("«printer.address» og «{key}» er samme port. Hvert utstyr har sin egen.")
            yield "printer", text.format(key=f"{name}.port")


def _one_name_for_two(config: Config) -> Iterator[Told]:
    """The audiometer under another device's name, with a cable or without."""
    table = config.audiometer
    others = [one for one in (config.scale, config.length_board) if one is not None]
    if table is not None and any(one.id == table.id for one in others):
        yield "audiometer", tr("«audiometer.id» er brukt av et annet utstyr.")


def _one_folder_for_two(config: Config) -> Iterator[Told]:
    """Files that the station writes where it fetches what others have written."""
    if config.audiometer is None or not config.audiometer.inbox:
        return
    for name, table in (("gdt", config.gdt), ("csv", config.csv)):
        if table is not None and _same_path(table.folder, config.audiometer.inbox):
            text = tr(
                "«audiometer.inbox» og «{key}» er samme mappe: stasjonen ville hentet sine egne "
                "filer. Bruk en mappe til hver."
            )
            yield "audiometer", text.format(key=f"{name}.folder")


def _lines(config: Config) -> Iterator[Told]:
    for name, table in _devices(config):
        if table.line is not None and table.port and not is_serial(table.port):
            text = tr("[{table}.line] brukes ikke: «{key}» er ingen seriell port.")
            yield name, text.format(table=name, key=f"{name}.port")


def _is_open(table: Journal | Hl7) -> bool:
    if isinstance(table, Hl7):
        return not table.tls
    # The sign-in may be at another place, and uses the same authorities and certificate.
    signs_in = table.sign_in is not None and table.sign_in.issuer.startswith("https:")
    return table.url.startswith("http:") and not service_fault(table.url) and not signs_in


def _certificates_of_nothing(name: str, table: Journal | Hl7) -> Iterator[str]:
    reason = "journal.url" if isinstance(table, Journal) else "hl7.tls"
    for key in ("ca_file", "client_cert"):
        if getattr(table, key):
            text = tr("«{key}» brukes ikke: etter «{reason}» er forbindelsen ikke kryptert.")
            yield text.format(key=f"{name}.{key}", reason=reason)


def _database(config: Config) -> Iterator[str]:
    table = config.database
    for key in ("clinic_id", "password_file", "shared_key_file"):
        if getattr(table, key) and not table.url:
            text = tr("«{key}» brukes ikke uten «database.url».")
            yield text.format(key=f"database.{key}")
    if table.keep_delivered_days < table.keep_days:
        text = tr(
            "«database.keep_delivered_days» ({less}) er mindre enn «database.keep_days» ({days}). "
            "Det største tallet brukes."
        )
        yield text.format(less=table.keep_delivered_days, days=table.keep_days)


def _one_file_for_two(config: Config) -> Iterator[str]:
    """One file for two secrets: who is given one of them has the other."""
    database, journal = config.database, config.journal
    files = {
        "database.key_file": database.key_file,
        "database.shared_key_file": database.shared_key_file,
        "database.password_file": database.password_file,
    }
    if journal is not None:
        files["journal.token_file"] = journal.token_file
        if journal.sign_in is not None and not journal.sign_in.key_file.startswith(CREDENTIAL):
            files["journal.sign_in.key_file"] = journal.sign_in.key_file
    for (one, first), (other, second) in combinations(files.items(), 2):
        if first and _same_path(first, second):
            text = tr("«{one}» og «{other}» er samme fil. Hver av dem skal ha sin egen.")
            yield text.format(one=one, other=other)


def _devices(config: Config) -> Iterator[tuple[str, Scale | Audiometer]]:
    for name in ("scale", "length_board", "audiometer"):
        table = getattr(config, name)
        if table is not None:
            yield name, table


def _same_path(one: str, other: str) -> bool:
    return bool(other) and Path(one).absolute() == Path(other).absolute()
