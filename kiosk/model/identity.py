"""Identity numbers: which series a number belongs to and whether its check digits fit.

Type and checksum only. Sex and birth date are fields of their own and are never read out
of a number: from 2032 the numbers no longer tell either (Skatteetaten, "Nye fødselsnummer
og d-nummer fra 2032"). A wrong check digit is a warning to compare with the card, never a
stop. Rules and public test numbers follow @navikt/fnrvalidator.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from kiosk.model.visit import IdKind

FIRST_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
SECOND_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
REMAINDERS_FROM_2032 = frozenset({0, 1, 2, 3})
"""What the first check digit may leave modulo 11; numbers issued before 2032 leave 0."""

_SEPARATORS = re.compile(r"[\s.\-]")


class NumberFault(StrEnum):
    """What is wrong with a typed identity number."""

    EMPTY = "empty"
    NOT_DIGITS = "not-digits"
    LENGTH = "length"
    DATE = "date"
    CHECK_DIGIT = "check-digit"


@dataclass(frozen=True, slots=True)
class NumberCheck:
    """The judgement on one number. ``synthetic`` marks test series; ``fault`` the first problem.

    ``stops`` tells whether the fault prevents going on: only what cannot be an identity
    number at all stops, a failed check digit or date warns.
    """

    number: str
    kind: IdKind
    synthetic: bool = False
    fault: NumberFault | None = None

    @property
    def stops(self) -> bool:
        """Whether the number cannot be used even after comparing it with the card."""
        return self.fault in {NumberFault.EMPTY, NumberFault.NOT_DIGITS, NumberFault.LENGTH}


def check_number(text: str) -> NumberCheck:
    """Judge a typed or scanned number: 11 digits, or 12 for a DUF number; spaces are dropped."""
    number = _SEPARATORS.sub("", text)
    if not number:
        return NumberCheck("", IdKind.UNKNOWN, fault=NumberFault.EMPTY)
    if not (number.isascii() and number.isdigit()):
        return NumberCheck("", IdKind.UNKNOWN, fault=NumberFault.NOT_DIGITS)
    if len(number) == 12:
        return NumberCheck(number, IdKind.DUF)
    if len(number) != 11:
        return NumberCheck("", IdKind.UNKNOWN, fault=NumberFault.LENGTH)
    return _check_eleven(number)


def _check_eleven(number: str) -> NumberCheck:
    kind, synthetic, plausible = _series(number)
    if not _check_digits_fit(number):
        return NumberCheck(number, kind, synthetic, NumberFault.CHECK_DIGIT)
    return NumberCheck(number, kind, synthetic, None if plausible else NumberFault.DATE)


def _series(number: str) -> tuple[IdKind, bool, bool]:
    """Return the series, whether it is a test series, and whether day and month are possible."""
    day, month = int(number[:2]), int(number[2:4])
    if number[0] in "89":
        return IdKind.FH_NUMBER, False, True
    kind = IdKind.D_NUMBER if day > 40 else IdKind.NATIONAL
    day -= 40 if day > 40 else 0
    synthetic = month > 60
    if month > 80:
        month -= 80
    elif month > 65:
        month -= 65
    elif month > 40:
        month, kind = month - 40, kind if kind is IdKind.D_NUMBER else IdKind.H_NUMBER
    return kind, synthetic, 1 <= day <= 31 and 1 <= month <= 12


def _check_digits_fit(number: str) -> bool:
    digits = [int(d) for d in number]
    first = sum(w * d for w, d in zip(FIRST_WEIGHTS, digits, strict=False)) % 11
    second = sum(w * d for w, d in zip(SECOND_WEIGHTS, digits, strict=True)) % 11
    return first in REMAINDERS_FROM_2032 and second == 0
