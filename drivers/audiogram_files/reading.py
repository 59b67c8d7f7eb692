"""A file of any of the formats: chosen by its content, read, and held to a size."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Final

from drivers.audiogram_files.csv_table import fitting, read_csv
from drivers.audiogram_files.gdt import read_gdt
from drivers.audiogram_files.gdt_lines import looks_like_gdt
from drivers.audiogram_files.imported import (
    Concern,
    FileFormat,
    FileRefused,
    FileRemark,
    Imported,
    Refusal,
)
from drivers.audiogram_files.noah import ROOTS, read_noah
from drivers.audiogram_files.profiles import Profiles
from drivers.audiogram_files.sadata import ROOT, read_sadata
from drivers.audiogram_files.xml_tree import local, looks_like_xml, parse_xml

LIMIT_BYTES: Final = 4 * 1024 * 1024
"""Seven times the largest real export that was seen, of which pictures are the greater part."""

TABLES: Final = (".csv", ".txt")


def sniff(data: bytes, profiles: Profiles | None = None) -> FileFormat | None:
    """Return what the bytes look like; XML of an unknown kind and all else are ``None``.

    XML is parsed to see its root, so this raises :class:`FileRefused` for XML that is cut or
    forbidden.
    """
    if looks_like_xml(data):
        return _xml_format(local(parse_xml(data)[0]))
    if looks_like_gdt(data):
        return FileFormat.GDT
    found = profiles is not None and fitting(data, profiles.csv) is not None
    return FileFormat.CSV if found else None


def read_file(data: bytes, profiles: Profiles | None = None, name: str = "") -> Imported:
    """Read a whole file; raises :class:`FileRefused`, and then nothing of it is known.

    ``name`` only helps to say what is missing for a file that was not recognised.
    """
    if len(data) > LIMIT_BYTES:
        raise FileRefused(Refusal.TOO_LARGE, str(len(data)))
    if not data.strip(b"\0 \t\r\n"):
        raise FileRefused(Refusal.EMPTY_FILE, unfinished=True)
    imported = _read(data, profiles or Profiles(), name)
    digest = hashlib.sha256(data).hexdigest()
    # The bytes go with the tones, so that what was read can always be compared with its source.
    records = tuple(replace(record, raw=data) for record in imported.records)
    return replace(imported, records=records, digest=digest)


def _read(data: bytes, profiles: Profiles, name: str) -> Imported:
    if looks_like_xml(data):
        return _read_xml(data)
    if looks_like_gdt(data):
        return read_gdt(data, profiles.gdt)
    if (profile := fitting(data, profiles.csv)) is not None:
        return read_csv(data, profile)
    # Without an end of its first line a file may just have begun.
    begun = b"\n" not in data
    if name.lower().endswith(TABLES):
        raise FileRefused(Refusal.NO_PROFILE, name, unfinished=begun)
    raise FileRefused(Refusal.UNKNOWN_FORMAT, name, unfinished=begun)


def _read_xml(data: bytes) -> Imported:
    root, blanked = parse_xml(data)
    found = _xml_format(local(root))
    if found is None:
        raise FileRefused(Refusal.UNKNOWN_FORMAT, local(root))
    imported = read_sadata(root) if found is FileFormat.SADATA else read_noah(root)
    if not blanked:
        return imported
    remark = FileRemark(Concern.CONTROL_CHARACTERS, str(blanked))
    return replace(imported, remarks=(*imported.remarks, remark))


def _xml_format(root: str) -> FileFormat | None:
    if root == ROOT:
        return FileFormat.SADATA
    return FileFormat.NOAH if root in ROOTS else None
