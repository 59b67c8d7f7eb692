"""Everything that is looked at in a configuration, once, for ``run``, ``check``, ``doctor`` and
``setup`` alike.

What is wrong with the configuration itself stops a start. What is wrong around it (a file or a
folder that is not there now) is told, and the station starts: it can weigh without its journal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from stat import S_IWOTH
from unicodedata import category

import msgspec

from kiosk.config.load import ConfigError, speech
from kiosk.config.schema import Config
from kiosk.language import texts
from kiosk.language.texts import tr
from kiosk.receipts import languages
from kiosk.station.audiometer.hearing_side import audiometer_setup, protocols_of
from kiosk.station.checking.addresses import (
    host_fault,
    listen_fault,
    printer_fault,
    proxy_fault,
    service_fault,
)
from kiosk.station.checking.contradictions import contradictions, idle
from kiosk.station.checking.file_forms import csv_faults, gdt_faults
from kiosk.station.checking.files import around
from kiosk.station.checking.scale_setup import ScaleSetup, length_board_setup, scale_setup
from kiosk.station.clinic.clinic import clinic_faults
from kiosk.station.journal_side import sign_in_faults
from kiosk.store.people.people import PERSON_ID
from kiosk.system.clock import now_utc

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode's kinds of characters that show nothing, or turn what stands beside them."""

SHORTEST_LIGHT = 10
"""Seconds: a screen that goes dark sooner cannot be read."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. ``part`` is the table it is about; ``text`` names the key.

    ``stops``: the station does not start with it.
    """

    part: str
    text: str
    stops: bool = True


def problems_of(config: Config) -> list[Problem]:
    """Every problem of a configuration that was read, in the language in use."""
    hearing = [*_protocol(config), *_calibrated(config)]
    saving = [("station", text) for text in _approvers("station", config.station.approvers)]
    softly = [*around(config), *idle(config), *(("audiometer", text) for text in hearing), *saving]
    return [*within(config), *(Problem(part, text, stops=False) for part, text in softly)]


def within(config: Config) -> list[Problem]:
    """What is wrong with the configuration itself, whatever is around it."""
    checks: tuple[tuple[str, Callable[[Config], Iterator[str]]], ...] = (
        ("station", _station),
        ("drivers", _drivers),
        ("scale", _devices(scale_setup)),
        ("length_board", _devices(length_board_setup)),
        ("audiometer", _devices(audiometer_setup)),
        ("audiometer", _audiometer),
        ("printer", _printer),
        ("journal", _journal),
        ("hl7", _hl7),
        ("gdt", gdt_faults),
        ("csv", csv_faults),
        ("watching", _watching),
        ("database", _database),
        ("desk", _desk),
    )
    found = [(part, text) for part, check in checks for text in check(config)]
    told = (*_texts(config), *found, *contradictions(config))
    return [Problem(part, text) for part, text in told]


def refuse(config: Config) -> None:
    """Raise :class:`ConfigError` for what stops a start, in the station's language."""
    with speech(config.station.language):
        problems = [problem.text for problem in within(config)]
    if problems:
        raise ConfigError(problems)


def _station(config: Config) -> Iterator[str]:
    table = config.station
    offered = texts.offered(table.reviewers)
    if table.language not in offered:
        text = tr("«station.language»: «{code}» er ukjent. Kjente språk: {known}.")
        yield text.format(code=table.language, known=", ".join(offered))
    for code in table.reviewers:
        if code not in texts.DRAFTS:
            text = tr("«station.reviewers»: «{code}» er ukjent. Språk som må leses først: {known}.")
            yield text.format(code=code, known=", ".join(texts.DRAFTS))
    yield from _nobody_read("station", table.reviewers)
    folder = Path(table.data_dir)
    if not folder.is_absolute():
        yield _whole_path("station.data_dir")


def _whole_path(key: str) -> str:
    return tr("«{key}» skal være hele stien, fra /.").format(key=key)


def _nobody_read(table: str, reviewers: Mapping[str, str]) -> Iterator[str]:
    for code, name in reviewers.items():
        if not name.strip():
            text = tr("«{key}» er tom. Skriv navnet på den som har lest, og dato.")
            yield text.format(key=f"{table}.reviewers.{code}")


def _texts(config: Config) -> Iterator[tuple[str, str]]:
    """Yield, with their tables, the texts that nobody can read."""
    for table in msgspec.structs.fields(config):
        part = getattr(config, table.name)
        if part is not None:
            yield from ((table.name, text) for text in _texts_of(part, table.name))


def _texts_of(table: msgspec.Struct, name: str) -> Iterator[str]:
    for item in msgspec.structs.fields(table):
        value, key = getattr(table, item.name), f"{name}.{item.name}"
        if isinstance(value, msgspec.Struct):
            yield from _texts_of(value, key)
        elif isinstance(value, str) and any(category(one) in UNSEEN for one in value):
            text = tr("«{key}» har et tegn som ikke kan vises. Skriv teksten på nytt.")
            yield text.format(key=key)
        elif isinstance(value, str) and not value.strip() and item.default != "":
            text = tr("«{key}» er tom. Skriv en tekst, eller ta bort linjen.")
            yield text.format(key=key)


def _drivers(config: Config) -> Iterator[str]:
    folder = config.drivers.folder
    if not folder:
        return
    if not Path(folder).is_absolute():
        yield _whole_path("drivers.folder")
    elif not Path(folder).is_dir():
        yield tr("«drivers.folder»: mappen {folder} finnes ikke.").format(folder=folder)
    elif open_to_all := _open_to_all(Path(folder)):
        # What stands in it is run by the station.
        text = tr("«drivers.folder»: alle kan endre {path}. Rett det: chmod -R o-w {folder}")
        yield text.format(path=open_to_all, folder=folder)


def _open_to_all(folder: Path) -> Path | None:
    """The folder, or a driver in it, if any user of the machine may change it."""
    return next(
        (one for one in (folder, *sorted(folder.glob("*.py"))) if one.stat().st_mode & S_IWOTH),
        None,
    )


def _devices(
    set_up: Callable[[Config], ScaleSetup | None],
) -> Callable[[Config], Iterator[str]]:
    def check(config: Config) -> Iterator[str]:
        if list(_drivers(config)):
            return  # without its folder no driver can be found at all
        try:
            set_up(config)
        except ConfigError as error:
            yield from error.problems

    return check


def _audiometer(config: Config) -> Iterator[str]:
    table = config.audiometer
    if table is None:
        return
    if not table.driver:
        if table.port:
            yield tr(
                "«audiometer.driver» mangler: «audiometer.port» er porten til et utstyr med kabel."
            )
        elif table.settings or table.line is not None:
            yield tr(
                "«audiometer.driver» mangler: «settings» og «line» gjelder et utstyr med kabel."
            )
    yield from _approvers("audiometer", table.approvers)


def _approvers(table: str, ids: Sequence[str]) -> Iterator[str]:
    wrong = [one for one in ids if PERSON_ID.fullmatch(one) is None]
    if wrong or len(set(ids)) < len(ids):
        text = tr(
            "«{key}» skal være id-er fra «kiosk user list», hver bare én gang, for "
            'eksempel ["anne"].'
        )
        yield text.format(key=f"{table}.approvers")


def _calibrated(config: Config) -> Iterator[str]:
    day = config.audiometer.calibrated_on if config.audiometer is not None else None
    if day is not None and day > now_utc().astimezone().date():
        text = tr(
            "«audiometer.calibrated_on»: {day} har ikke vært ennå. Skriv datoen på kalibrerings"
            "beviset, og se etter at klokken går riktig."
        )
        yield text.format(day=day)


def _protocol(config: Config) -> Iterator[str]:
    table = config.audiometer
    if table is None:
        return
    known = [protocol.id for protocol in protocols_of(config)]
    if table.protocol and table.protocol not in known:
        text = tr("«audiometer.protocol»: «{id}» er ukjent. Kjente protokoller: {known}.")
        yield text.format(id=table.protocol, known=", ".join(sorted(known)))


def _printer(config: Config) -> Iterator[str]:
    if config.printer is None:
        return
    if fault := printer_fault(config.printer.address):
        yield f"«printer.address»: {fault}"
    for code in languages.unknown(config.printer.reviewers):
        text = tr("«printer.reviewers»: ingen måleark skrives på «{code}».")
        yield text.format(code=code)
    yield from _nobody_read("printer", config.printer.reviewers)


def _journal(config: Config) -> Iterator[str]:
    if config.journal is None:
        return
    if fault := service_fault(config.journal.url):
        yield f"«journal.url»: {fault}"
    if config.journal.proxy and (fault := proxy_fault(config.journal.proxy)):
        yield f"«journal.proxy»: {fault}"
    if config.journal.client_key and not config.journal.client_cert:
        yield tr("«journal.client_cert» mangler: sertifikatet som «journal.client_key» hører til.")
    yield from sign_in_faults(config)


def _hl7(config: Config) -> Iterator[str]:
    if config.hl7 is None:
        return
    if fault := host_fault(config.hl7.host):
        yield f"«hl7.host»: {fault}"
    if config.hl7.client_key and not config.hl7.client_cert:
        yield tr("«hl7.client_cert» mangler: sertifikatet som «hl7.client_key» hører til.")


def _watching(config: Config) -> Iterator[str]:
    if config.watching is not None and (fault := listen_fault(config.watching.listen)):
        yield fault


def _database(config: Config) -> Iterator[str]:
    key_file = config.database.key_file
    if key_file and not Path(key_file).is_absolute():
        yield _whole_path("database.key_file")
    yield from clinic_faults(config)


def _desk(config: Config) -> Iterator[str]:
    if 0 < config.desk.blank_after < SHORTEST_LIGHT:
        text = tr("«desk.blank_after» skal være 0 eller minst {least}. Det står {value}.")
        yield text.format(least=SHORTEST_LIGHT, value=config.desk.blank_after)
