"""What came for a child as plain data, to be kept over a power cut and read back exactly.

Decimals are text, bytes are base64, times ISO 8601. It holds the number, and from a file the name,
of a person: it belongs where the visit is kept and nowhere else.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import Any

import msgspec

from drivers.audiogram_files.imported import Imported
from drivers.hearing import ToneRecord
from kiosk.hearing.merging import Place
from kiosk.hearing.receiving import Received, add, begin, choose, of_file

FORMAT = 1
"""Version of the data that :func:`to_data` writes."""


class _Data(msgspec.Struct, frozen=True):
    """Only what came and what was picked; all else follows from it.

    ``raws`` are the different bytes, ``raw_of`` which of them belong to each record: a file is one
    text however many tests it holds.
    """

    format: int
    file: Imported | None
    records: tuple[ToneRecord, ...]
    raws: tuple[bytes, ...]
    raw_of: tuple[int, ...]
    chosen: tuple[tuple[Place, int], ...]


def to_data(received: Received) -> dict[str, Any]:
    """Write it as data that JSON can hold."""
    raws = tuple(dict.fromkeys(record.raw for record in received.records))
    data = _Data(
        FORMAT,
        received.file,
        tuple(replace(record, raw=b"") for record in received.records),
        raws,
        tuple(raws.index(record.raw) for record in received.records),
        tuple((c.place, c.chosen) for c in received.conflicts if c.chosen is not None),
    )
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(data))
    return plain


def from_data(data: object) -> Received:
    """Read what :func:`to_data` wrote; raises :class:`ValueError` for anything else."""
    try:
        received = _read(msgspec.convert(data, _Data))
        is_same = to_data(received) == data
    except (msgspec.MsgspecError, ValueError, IndexError, OverflowError) as error:
        # Without its text, which may hold what was read.
        raise ValueError(f"not what came for a child: {type(error).__name__}") from None
    if not is_same:
        raise ValueError("not what came for a child: written by nobody here")
    return received


def _read(data: _Data) -> Received:
    if data.format != FORMAT:
        raise ValueError("another format")
    numbered = zip(data.records, data.raw_of, strict=True)
    records = tuple(replace(record, raw=data.raws[at]) for record, at in numbered)
    if data.file is not None:
        received = of_file(replace(data.file, records=records))
    else:
        received = reduce(add, records, begin())
    for place, index in data.chosen:
        received = choose(received, place, index)
    return received
