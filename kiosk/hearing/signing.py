"""Signing a draft: who approved it for this clinic, when, and under which version.

**The version.** What is only signed keeps the version and source of the protocol it came from.
What was changed gets the version ``<version>+<revision>``, where the revision is one more than the
highest this clinic has used for that version: ``1`` becomes ``1+1``, then ``1+2``; when the station
ships version ``2``, the clinic's next is ``2+1``. Content that was signed before gets the version
it had then, so that the same content has one version, and one hash, for ever.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from kiosk.hearing.filling import Fault, ProtocolDraft, ProtocolFaulty, choices, faults
from kiosk.hearing.protocol import Protocol
from kiosk.hearing.writing import write_protocol

_REVISED = re.compile(r"(.*)\+([0-9]{1,9})", re.DOTALL)


def sign(
    draft: ProtocolDraft, approved_by: str, approved_on: date, earlier: Iterable[Protocol] = ()
) -> str:
    """Sign a draft and return the protocol as TOML text.

    ``approved_by`` is name and role, ``approved_on`` the day; ``earlier`` the clinic's protocols
    of this id so far (:func:`kiosk.station.audiometer.protocol_files.versions`). Raises
    :class:`ProtocolFaulty` naming what is wrong, :class:`ValueError` for a text that is none.
    """
    name = approved_by.strip()
    found = (*faults(draft), *(() if name else (Fault.NOT_SIGNED,)))
    if found:
        raise ProtocolFaulty(found)
    day = date(approved_on.year, approved_on.month, approved_on.day)
    named = _named(draft, [one for one in earlier if one.id == draft.source.id])
    return write_protocol(replace(named, approved_by=name, approved_on=day))


def is_changed(draft: ProtocolDraft) -> bool:
    """Whether the draft says anything else than the protocol it was started from."""
    return not _is_same(draft.protocol, draft.source)


def _named(draft: ProtocolDraft, earlier: list[Protocol]) -> Protocol:
    for one in (draft.source, *earlier):
        if _is_same(draft.protocol, one):
            return replace(draft.protocol, version=one.version, source=one.source)
    base, _ = _parts(draft.source.version)
    used = [_parts(one.version) for one in (draft.source, *earlier)]
    revision = 1 + max(number for version, number in used if version == base)
    source, ending = draft.source.source, choices().filled_in
    if not source.endswith(ending):
        source = f"{source}; {ending}"
    return replace(draft.protocol, version=f"{base}+{revision}", source=source)


def _parts(version: str) -> tuple[str, int]:
    """The version of the protocol the clinic began with, and the clinic's revision of it."""
    found = _REVISED.fullmatch(version)
    return (found[1], int(found[2])) if found else (version, 0)


def _is_same(one: Protocol, other: Protocol) -> bool:
    return _content(one) == _content(other)


def _content(protocol: Protocol) -> Protocol:
    return replace(protocol, version="", source="", approved_by="", approved_on=None, hash="")
