"""What a file of an audiometer was found to hold, or why nothing was taken from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from drivers.hearing import Remark, Tone, ToneRecord


class FileFormat(StrEnum):
    """The kinds of files that are read."""

    SADATA = "sadata"
    NOAH = "noah"
    GDT = "gdt"
    CSV = "csv"


class Refusal(StrEnum):
    """Why a whole file was refused. Nothing of a refused file is ever offered.

    ``NOT_A_RESULT`` is a file of another purpose, such as a request: it is in order, and
    belongs to somebody else. ``NO_RESPONSE_UNDECLARED``: a number that may stand for *no
    response*, in a table whose profile does not say which number does.
    """

    EMPTY_FILE = "empty-file"
    TOO_LARGE = "too-large"
    UNKNOWN_FORMAT = "unknown-format"
    NO_PROFILE = "no-profile"
    WRONG_ENCODING = "wrong-encoding"
    FORBIDDEN_XML = "forbidden-xml"
    MALFORMED = "malformed"
    CUT_SHORT = "cut-short"
    UNSUPPORTED_VERSION = "unsupported-version"
    NOT_A_RESULT = "not-a-result"
    NO_TONE_TEST = "no-tone-test"
    NO_PATIENT = "no-patient"
    SEVERAL_PATIENTS = "several-patients"
    WRONG_TOTAL_LENGTH = "wrong-total-length"
    WRONG_LINE_LENGTH = "wrong-line-length"
    UNMAPPED = "unmapped"
    BAD_VALUE = "bad-value"
    CONTRADICTION = "contradiction"
    IMPLAUSIBLE_LEVEL = "implausible-level"
    IMPLAUSIBLE_FREQUENCY = "implausible-frequency"
    NOT_HEARING_LEVEL = "not-hearing-level"
    TOO_MANY_POINTS = "too-many-points"
    NO_RESPONSE_UNDECLARED = "no-response-undeclared"


class FileRefused(Exception):  # noqa: N818 - names what happened
    """A file from which nothing is taken.

    ``detail`` is what the words for a person need: a field, a number of a line, the ids that
    are not mapped. ``unfinished`` says that more bytes could still make the file right.
    """

    def __init__(self, code: Refusal, detail: str = "", *, unfinished: bool = False) -> None:
        super().__init__(f"{code.value}: {detail}")
        self.code = code
        self.detail = detail
        self.unfinished = unfinished


class Concern(StrEnum):
    """What a person must know about an accepted file, beyond the remarks of its records.

    ``END_NOT_KNOWN``: the format cannot tell whether rows are missing at the end.
    ``NAME_NOT_READ``: the name is in another character set than the file says.
    ``TIME_MAY_BE_OF_EXPORT``: the program writes the time of the export there as well.
    """

    TIME_WITHOUT_ZONE = "time-without-zone"
    TIME_MAY_BE_OF_EXPORT = "time-may-be-of-export"
    TIME_MISSING = "time-missing"
    DATE_WITHOUT_TIME = "date-without-time"
    LAST_CHANGED = "last-changed"
    UNKNOWN_STATUS = "unknown-status"
    UNKNOWN_TRANSDUCER = "unknown-transducer"
    NOT_MEASURABLE = "not-measurable"
    CURVE_NOT_READ = "curve-not-read"
    CARRIED_FORWARD = "may-be-carried-forward"
    EARLIER_TEST = "earlier-test"
    SEVERAL_TESTS = "several-tests"
    CONTROL_CHARACTERS = "control-characters"
    COMMENT = "comment"
    END_NOT_KNOWN = "end-not-known"
    NAME_NOT_READ = "name-not-read"


ASKED = frozenset(
    {
        Concern.TIME_WITHOUT_ZONE,
        Concern.TIME_MAY_BE_OF_EXPORT,
        Concern.TIME_MISSING,
        Concern.DATE_WITHOUT_TIME,
        Concern.UNKNOWN_STATUS,
        Concern.UNKNOWN_TRANSDUCER,
        Concern.SEVERAL_TESTS,
    }
)
"""Concerns that a person has to settle before the record may be kept; the others are told."""


@dataclass(frozen=True, slots=True)
class FileRemark:
    """One concern, what the file says in its own terms, and the tones it is about."""

    code: Concern
    detail: str = ""
    tones: tuple[Tone, ...] = ()


Remember = Callable[[FileRemark], None]
"""Takes the remarks a reader makes on its way."""


def once(remarks: Iterable[FileRemark]) -> tuple[FileRemark, ...]:
    """Return the remarks in their order, equal ones once."""
    return tuple(dict.fromkeys(remarks))


@dataclass(frozen=True, slots=True)
class FilePatient:
    """The person as the file names them, for a comparison only; fillers are left empty."""

    id: str = ""
    name: str = ""
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """An accepted file: offered to a person, never kept by itself.

    ``digest`` is the SHA-256 of the bytes in hexadecimal.
    """

    format: FileFormat
    patient: FilePatient
    records: tuple[ToneRecord, ...]
    remarks: tuple[FileRemark, ...] = ()
    digest: str = ""

    @property
    def questions(self) -> tuple[FileRemark, ...]:
        """The remarks that need an answer."""
        return tuple(remark for remark in self.remarks if remark.code in ASKED)

    @property
    def conflicting(self) -> bool:
        """Whether a point has several values, of which a person has to choose one."""
        return any(Remark.CONFLICTING_POINTS in record.remarks for record in self.records)
