"""What is wrong around a configuration: files and folders that are not there, or not for us.

The station starts all the same. Paths are shown, contents never; what is no whole path is not shown
either, because it may be the secret itself, put where its file should be named.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from drivers.transports.opening import REPLAY
from kiosk.config.schema import Config
from kiosk.journal.http.own_files import FileFault, ca_fault, own_certificate_fault
from kiosk.journal.sign_in.keys import CREDENTIAL, KeyUnusableError, read_key
from kiosk.language.texts import tr
from kiosk.station.checking.file_forms import gdt_warning
from kiosk.system import service_unit

LONGEST_NAME = 255
"""Bytes in the name of a file on Linux."""

ANY_RSA = "RS256"
"""Which of an RSA key's algorithms is meant makes no difference to whether it is a key."""

Told = tuple[str, str]
"""The table it is about, and the sentence."""


def around(config: Config) -> Iterator[Told]:
    """Yield what is missing, with the table that asks for it."""
    yield from _data_folder(config)
    for key, path in _files(config).items():
        if path and (fault := file_fault(path)):
            yield key.partition(".")[0], f"«{key}»: {fault}"
    for key, path, writes in _folders(config):
        if path and (fault := folder_fault(path, writes=writes)):
            yield key.partition(".")[0], f"«{key}»: {fault}"
    if config.watching is not None and Path(config.watching.status_file).is_dir():
        text = tr("«watching.status_file»: {path} er en mappe, ikke en fil.")
        if config.watching.status_file:
            yield "watching", text.format(path=config.watching.status_file)
    yield from _ports(config)
    gdt = config.gdt
    # A folder that is not there is told first.
    if gdt is not None and not folder_fault(gdt.folder, writes=True) and gdt_warning(gdt):
        yield "gdt", gdt_warning(gdt)
    for part in ("journal", "hl7"):
        yield from ((part, text) for text in _certificates(config, part))
    yield from _sign_in_key(config)


def file_fault(path: str) -> str:
    """What is wrong with a file that is to be read; empty if nothing is."""
    file = Path(path)
    if not file.is_absolute():
        return _whole_path()
    try:
        with file.open("rb") as opened:
            empty = tr("filen {path} er tom.").format(path=path)
            return "" if opened.read(1) else empty
    except (FileNotFoundError, NotADirectoryError):
        return tr("filen {path} finnes ikke.").format(path=path)
    except IsADirectoryError:
        return tr("{path} er en mappe, ikke en fil.").format(path=path)
    except PermissionError:
        text = tr("filen {path} kan ikke leses av stasjonens bruker.")
        return text.format(path=path)
    except (OSError, ValueError):
        return tr("filen {path} kan ikke leses.").format(path=path)


def folder_fault(path: str, *, writes: bool) -> str:
    """What is wrong with a folder that is to be read, or written to; empty if nothing is."""
    folder = Path(path)
    if not folder.is_absolute():
        return _whole_path()
    try:
        if not folder.exists():
            text = tr("mappen {path} finnes ikke. Er nettverksmappen koblet til?")
        elif not folder.is_dir():
            text = tr("{path} er en fil, ikke en mappe.")
        elif writes and not _lets_write(folder):
            text = tr(
                "tjenesten får ikke skrive i mappen {path}, bare under {places}. Legg den der, "
                "eller skriv ReadWritePaths={path} med «systemctl edit kiosk.service»."
            )
        elif writes and not os.access(folder, os.W_OK | os.X_OK):
            text = tr("stasjonens bruker kan ikke skrive i mappen {path}.")
        elif not os.access(folder, os.R_OK | os.X_OK):
            text = tr("stasjonens bruker kan ikke lese mappen {path}.")
        else:
            return ""
    except (OSError, ValueError):
        text = tr("stasjonens bruker kan ikke lese mappen {path}.")
    places = ", ".join(str(one) for one in service_unit.writable_places() or ())
    return text.format(path=path, places=places)


def _lets_write(folder: Path) -> bool:
    places = service_unit.writable_places()
    real = folder.resolve()
    return places is None or any(real.is_relative_to(one.resolve()) for one in places)


def _whole_path() -> str:
    return tr(
        "skriv hele stien, fra /. Bare stien til en fil hører hjemme her, aldri innholdet i den."
    )


def _data_folder(config: Config) -> Iterator[Told]:
    path = config.station.data_dir
    if not Path(path).is_absolute():
        return
    if os.path.lexists(path):
        fault = folder_fault(path, writes=True)
    else:
        fault = _cannot_be_made(Path(path))
    if fault:
        yield "station", f"«station.data_dir»: {fault}"


def _cannot_be_made(folder: Path) -> str:
    """Why a folder that is not there can never be made; empty if it can."""
    if any(len(os.fsencode(part)) > LONGEST_NAME for part in folder.parts):
        return tr("et navn i stien er for langt.")
    above = next(one for one in folder.parents if os.path.lexists(one))
    if above.is_dir():
        return ""
    return tr("{path} er en fil, ikke en mappe.").format(path=above)


def _files(config: Config) -> dict[str, str]:
    """The files that are read, by key. The store's own key has sentences of its own."""
    database, journal, hl7 = config.database, config.journal, config.hl7
    found = {"database.password_file": database.password_file}
    found["database.shared_key_file"] = database.shared_key_file
    if journal is not None:
        found["journal.token_file"] = journal.token_file
        if journal.sign_in is not None:
            key = journal.sign_in.key_file
            found["journal.sign_in.key_file"] = "" if key.startswith(CREDENTIAL) else key
    for name, table in (("journal", journal), ("hl7", hl7)):
        if table is not None:
            found[f"{name}.ca_file"] = table.ca_file
            found[f"{name}.client_cert"] = table.client_cert
            found[f"{name}.client_key"] = table.client_key
    return found


def _folders(config: Config) -> Iterator[tuple[str, str, bool]]:
    if config.gdt is not None:
        yield "gdt.folder", config.gdt.folder, True
        yield "gdt.requests", config.gdt.requests, True
    if config.csv is not None:
        yield "csv.folder", config.csv.folder, True
    if config.audiometer is not None:
        yield "audiometer.inbox", config.audiometer.inbox, True
        yield "audiometer.protocols", config.audiometer.protocols, False
        yield "audiometer.profiles", config.audiometer.profiles, False
    if config.watching is not None and config.watching.listen.startswith("unix:/"):
        socket = Path(config.watching.listen.removeprefix("unix:"))
        yield "watching.listen", str(socket.parent), True
    if config.watching is not None and config.watching.status_file:
        file = Path(config.watching.status_file)
        folder = str(file.parent) if file.is_absolute() else config.watching.status_file
        yield "watching.status_file", folder, True


def _ports(config: Config) -> Iterator[Told]:
    """Yield the paths of devices at which something else is now."""
    places = {
        name: getattr(config, name).port
        for name in ("scale", "length_board", "audiometer")
        if getattr(config, name) is not None
    }
    if config.printer is not None:
        places["printer"] = config.printer.address.removeprefix("serial:").partition("?")[0]
    for table, path in places.items():
        key = f"{table}.address" if table == "printer" else f"{table}.port"
        if path.startswith(REPLAY) and (fault := file_fault(path.removeprefix(REPLAY))):
            yield table, f"«{key}»: {fault}"
        elif path.startswith("/") and (Path(path).is_dir() or Path(path).is_file()):
            text = tr("«{key}»: {path} er ingen port. «kiosk devices» viser portene.")
            yield table, text.format(key=key, path=path)


def _certificates(config: Config, part: str) -> Iterator[str]:
    """What is wrong inside the files of certificates that can be read."""
    table = config.journal if part == "journal" else config.hl7
    if table is None:
        return
    if table.ca_file and not file_fault(table.ca_file) and ca_fault(Path(table.ca_file)):
        text = tr("«{key}»: det er ingen sertifikater i {path}.")
        yield text.format(key=f"{part}.ca_file", path=table.ca_file)
    files = [path for path in (table.client_cert, table.client_key) if path]
    if not table.client_cert or any(file_fault(path) for path in files):
        return
    fault = own_certificate_fault(
        Path(table.client_cert), Path(table.client_key) if table.client_key else None
    )
    if fault is not None:
        yield _certificate_words(fault, part, table.client_cert, table.client_key)


def _sign_in_key(config: Config) -> Iterator[Told]:
    """What is wrong inside the file of the sign-in's key, where it can be read."""
    table = config.journal.sign_in if config.journal is not None else None
    if table is None or table.key_file.startswith(CREDENTIAL) or file_fault(table.key_file):
        return
    try:
        read_key(table.key_file, table.key_id, ANY_RSA)
    except KeyUnusableError:
        text = tr("«journal.sign_in.key_file»: det er ingen brukbar privat nøkkel i {path}.")
        yield "journal", text.format(path=table.key_file)


def _certificate_words(fault: FileFault, part: str, certificate: str, key: str) -> str:
    texts = {
        FileFault.NO_KEY: tr(
            "«{part}.client_key» mangler: det er ingen privat nøkkel i {certificate}."
        ),
        FileFault.OTHER_KEY: tr(
            "«{part}.client_key»: nøkkelen i {key} hører ikke til sertifikatet i {certificate}."
        ),
        FileFault.LOCKED_KEY: tr(
            "«{part}.client_key»: nøkkelen er låst med et passord. Lagre den uten passord, med "
            "rettighetene 0600."
        ),
        FileFault.NO_CERTIFICATE: tr("«{part}.client_cert»: det er ikke noe sertifikat i {path}."),
        FileFault.NO_PRIVATE_KEY: tr("«{part}.client_key»: det er ingen privat nøkkel i {key}."),
    }
    return texts[fault].format(part=part, certificate=certificate, key=key, path=certificate)
