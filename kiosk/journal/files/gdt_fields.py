"""How long the fields of a GDT 2.1 record may be, and the short names that fit, as one table.

Source: the field table of GDT 2.1 (QMS, 5/2001) as two public practice systems print it. What is
not here is of fixed length.
"""

from __future__ import annotations

from collections.abc import Mapping

from drivers.hearing import Ear, Transducer

AT_MOST: Mapping[str, int] = {
    "8315": 8,
    "8316": 8,
    "3000": 10,
    "3101": 28,
    "3102": 28,
    "6227": 60,
    "8402": 6,
    "8410": 20,
    "8411": 60,
    "8421": 60,
    "8470": 60,
    "8480": 60,
}
OFTEN = frozenset({"6227", "8470", "8480"})
"""Fields that may stand several times: a text too long for one goes on in the next."""

GENERAL, TONES = "ALLG00", "AUDI01"
"""Kinds of examination (8402)."""

EARS = {Ear.RIGHT: "R", Ear.LEFT: "L", Ear.BOTH: "B"}
PATHS = {
    Transducer.HEADPHONE: "AIR",
    Transducer.INSERT: "INSERT",
    Transducer.BONE: "BONE",
    Transducer.FREE_FIELD: "FIELD",
    Transducer.UNKNOWN: "UNKN",
}


_SHORT = {
    **{path.value: short for path, short in PATHS.items()},
    **{ear.value: short for ear, short in EARS.items()},
    "masked": "M",
}


def short_key(key: str) -> str:
    """The test id of a tone without a LOINC code, from :func:`hearing_codes.local_key`."""
    for long, short in _SHORT.items():
        key = key.replace(long, short)
    return key
