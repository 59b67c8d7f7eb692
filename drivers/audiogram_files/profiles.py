"""What an installation means by its GDT tests and its table columns, as data.

No standard says how a program writes an ear, a path or *no response* into GDT fields or columns,
so a person writes it down once, as TOML. An unknown key is an error. The samples in
``profiles/`` show the form; their ids and names are examples and belong to no maker.
"""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct

from drivers.audiogram_files.imported import FileFormat
from drivers.audiogram_files.points import HIGHEST_HZ, LOWEST_HZ
from drivers.folder import read_file
from drivers.hearing import Ear, Masking, Response, Transducer
from drivers.profile_file import ProfileError

SAMPLES: Final = Path(__file__).with_name("profiles")


class Meaning(Struct, frozen=True, forbid_unknown_fields=True):
    """What one GDT test id, or one column of a wide table, stands for. ``hz`` is in hertz."""

    ear: Ear
    path: Transducer
    hz: Annotated[int, Meta(ge=LOWEST_HZ, le=HIGHEST_HZ)]
    masking: Masking


class GdtProfile(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How one program fills GDT.

    ``senders`` are its names in field 8316, ``examinations`` the kinds in 8402 that are tone
    tests, ``units`` the texts in 8421 that mean dB HL. ``not_heard_before`` stands before a
    level that was not heard (``>90``), ``heard_before`` before one that was (``<=20``); the
    other lists are whole values. ``passed_over`` are test ids that are no tones.
    """

    name: str
    senders: tuple[str, ...]
    examinations: tuple[str, ...]
    units: tuple[str, ...]
    tests: dict[str, Meaning]
    not_heard_before: tuple[str, ...] = ()
    heard_before: tuple[str, ...] = ()
    no_response: tuple[str, ...] = ()
    not_tested: tuple[str, ...] = ()
    could_not_be_tested: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()


class Columns(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The headers of a table; empty for a column that is not there.

    ``ear`` and the following are those of a long table, which has a row for each point.
    """

    patient: str
    time: str
    name: str = ""
    birth_date: str = ""
    ear: str = ""
    path: str = ""
    hz: str = ""
    level: str = ""
    status: str = ""
    masking: str = ""


class CsvProfile(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How one program fills a table.

    ``device_maximum_db`` is the loudest tone in dB HL. A ``wide`` table has a row for each test
    and ``cells`` for its points; ``no_response_codes`` are the numbers that stand there for *no
    response*. A ``long`` one has a row for each point and words for its meanings. ``last_line``
    is what the program writes after the last row, if it does.
    """

    name: str
    layout: Literal["long", "wide"]
    device_maximum_db: Decimal
    columns: Columns
    encoding: Literal["utf-8", "iso-8859-1", "windows-1252"] = "utf-8"
    delimiter: Literal[";", ",", "\t"] = ";"
    decimal: Literal[".", ",", "both"] = "."
    last_line: str = ""
    passed_over: tuple[str, ...] = ()
    no_response_codes: tuple[Decimal, ...] = ()
    cells: dict[str, Meaning] = {}
    ears: dict[str, Ear] = {}
    paths: dict[str, Transducer] = {}
    statuses: dict[str, Response] = {}
    maskings: dict[str, Masking] = {}


class Profiles(Struct, frozen=True):
    """The profiles of an installation. With none, GDT files and tables are refused."""

    gdt: tuple[GdtProfile, ...] = ()
    csv: tuple[CsvProfile, ...] = ()


_LONG: Final = ("ear", "path", "hz", "level", "status", "masking")


def load_profiles(folder: Path) -> Profiles:
    """Read all ``*.toml`` of a folder; raises :class:`ProfileError` and ``OSError``."""
    found = [
        profile_of(read_file(path, follow=True), path.name)
        for path in sorted(folder.glob("*.toml"))
    ]
    return Profiles(
        tuple(profile for profile in found if isinstance(profile, GdtProfile)),
        tuple(profile for profile in found if isinstance(profile, CsvProfile)),
    )


def profile_of(data: bytes, name: str = "") -> GdtProfile | CsvProfile:
    """Read one profile; raises :class:`ProfileError`, whose text has ``name`` and the key."""
    try:
        table: dict[str, Any] = tomllib.loads(data.decode("utf-8"))
        if table.pop("format", "") == FileFormat.GDT:
            return msgspec.convert(table, GdtProfile)
        profile = msgspec.convert(table, CsvProfile)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise ProfileError(f"{name}: {error}") from None
    if problem := _problem(profile):
        raise ProfileError(f"{name}: {problem}")
    return profile


def _problem(profile: CsvProfile) -> str:
    """Name the key that keeps a table from being understood; empty if none does."""
    if profile.layout == "wide":
        return "" if profile.cells else "cells"
    missing = [key for key in _LONG if not getattr(profile.columns, key)]
    missing += [
        key for key in ("ears", "paths", "statuses", "maskings") if not getattr(profile, key)
    ]
    return ", ".join(missing)
