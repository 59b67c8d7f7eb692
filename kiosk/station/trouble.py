"""What went wrong in a worker, in the desk's words."""

from __future__ import annotations

from kiosk.core.desk.state import Notice
from kiosk.store.errors import StoreError, StoreFault

NOTICES = {
    StoreFault.DISK_FULL: Notice.DISK_FULL,
    StoreFault.CORRUPT: Notice.STORE_CORRUPT,
    StoreFault.READ_ONLY: Notice.STORE_READ_ONLY,
    StoreFault.INPUT_OUTPUT: Notice.STORE_BROKEN,
    StoreFault.WRONG_KEY: Notice.STORE_BROKEN,
    StoreFault.CLOSED: Notice.STORE_BROKEN,
    StoreFault.BUSY: Notice.NOT_SAVED,
    StoreFault.CONTENT_DIFFERS: Notice.NOT_SAVED,
}


def notice_of(error: BaseException) -> Notice:
    """The notice for an exception of a worker."""
    if isinstance(error, StoreError):
        return NOTICES.get(error.fault, Notice.STORE_BROKEN)
    return Notice.SOMETHING_WENT_WRONG
