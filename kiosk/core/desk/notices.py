"""Everything the desk may have to say, as codes. The words belong to the screen."""

from __future__ import annotations

from enum import StrEnum


class Notice(StrEnum):
    """Everything the desk may have to say. The words are in ``kiosk.ui.wording``."""

    PIN_WRONG = "pin-wrong"
    PIN_LOCKED = "pin-locked"
    PIN_CHECKING = "pin-checking"
    FORM_INCOMPLETE = "form-incomplete"
    NAME_NEEDED = "name-needed"
    SCAN_NOT_A_NUMBER = "scan-not-a-number"
    BIRTH_DATE_DIFFERS = "birth-date-differs"
    WEIGHT_TAKEN = "weight-taken"
    WEIGHT_GONE = "weight-gone"
    TOGETHER_TAKEN = "together-taken"
    DIFFERENCE_TAKEN = "difference-taken"
    HALF_WEIGHED = "half-weighed"
    LENGTH_GONE = "length-gone"
    LENGTH_REFUSED = "length-refused"
    ENTRIES_DIFFER = "entries-differ"
    NOTHING_MEASURED = "nothing-measured"
    NOT_SAVED = "not-saved"
    DISK_FULL = "disk-full"
    DISK_LOW = "disk-low"
    STORE_BROKEN = "store-broken"
    STORE_CORRUPT = "store-corrupt"
    STORE_READ_ONLY = "store-read-only"
    STORE_PLAINTEXT = "store-plaintext"
    STORE_UNSAFE = "store-unsafe"
    STORE_NEWER = "store-newer"
    STORE_MIXED = "store-mixed"
    STORE_IN_USE = "store-in-use"
    KEY_MISSING = "key-missing"
    KEY_UNREADABLE = "key-unreadable"
    KEY_PERMISSIONS = "key-permissions"
    KEY_MALFORMED = "key-malformed"
    KEY_WRONG = "key-wrong"
    CLOCK_DOUBTFUL = "clock-doubtful"
    SAME_CHILD = "same-child"
    CHANGE_NOT_SAVED = "change-not-saved"
    SLIP_IS_OUT = "slip-is-out"
    TICKET = "ticket"
    PROTOCOL_EMPTY = "protocol-empty"
    LEVEL_REFUSED = "level-refused"
    NOTHING_HEARD = "nothing-heard"
    HEARING_OPEN = "hearing-open"
    HEARING_SAME = "hearing-same"
    HEARING_NOT_OURS = "hearing-not-ours"
    WILL_LOCK = "will-lock"
    DRAFT_RESTORED = "draft-restored"
    SOMETHING_WENT_WRONG = "something-went-wrong"


class FieldFault(StrEnum):
    """What is wrong with a field of the child form, besides the number's own faults."""

    MISSING = "missing"
    NOT_A_DATE = "not-a-date"
    FUTURE = "future"
    TOO_LONG_AGO = "too-long-ago"
    NOT_A_NAME = "not-a-name"


class EntryFault(StrEnum):
    """What is wrong with a typed value."""

    EMPTY = "empty"
    NOT_A_NUMBER = "not-a-number"
    TOO_MANY_DECIMALS = "too-many-decimals"
    ZERO = "zero"
    IMPOSSIBLE = "impossible"
    POSITION_MISSING = "position-missing"
    DIFFERS = "differs"
    SAME = "same"
