"""The pages, one a file. Each draws a ``Desk`` and sends touches; none decides anything.

To add a page, name it in ``PAGES``; its record is in :mod:`kiosk.desk.pages`.
"""

from __future__ import annotations

from importlib import import_module
from typing import cast

from kiosk.desk.state import Screen
from kiosk.ui.pages.page import Page
from kiosk.ui.port import Send

PAGES: dict[Screen, tuple[str, str]] = {
    Screen.LOCK: ("lock", "LockPage"),
    Screen.FIND: ("find", "FindPage"),
    Screen.IDENTITY: ("identity", "IdentityPage"),
    Screen.MEASURE: ("measure", "MeasurePage"),
    Screen.ENTRY: ("entry", "EntryPage"),
    Screen.REVIEW: ("review", "ReviewPage"),
    Screen.DONE: ("done", "DonePage"),
    Screen.STATUS: ("status", "StatusPage"),
    Screen.TODAY: ("today", "TodayPage"),
    Screen.CHANGE: ("change", "ChangePage"),
    Screen.CALIBRATE: ("calibrate", "CalibratePage"),
    Screen.HEARING: ("hearing", "HearingPage"),
    Screen.HEARING_RECORD: ("hearing_record", "HearingRecordPage"),
    Screen.AUDIOGRAM: ("audiogram", "AudiogramPage"),
    Screen.HEARING_CHECK: ("hearing_check", "HearingCheckPage"),
    Screen.RETESTS: ("follow_up", "RetestsPage"),
    Screen.PROTOCOL: ("protocol", "ProtocolPage"),
    Screen.RECEIVE: ("receive", "ReceivePage"),
    Screen.EQUIPMENT: ("equipment", "EquipmentPage"),
    Screen.SET_UP: ("set_up", "SetUpPage"),
    Screen.SET_UP_PRINTER: ("set_up_printer", "SetUpPrinterPage"),
    Screen.FIRST_DAY: ("first_day", "FirstDayPage"),
}


def make_page(screen: Screen, send: Send) -> Page:
    """Build a page. Its module is only imported now: the first page must not wait for all."""
    module, name = PAGES[screen]
    return cast("Page", getattr(import_module(f"{__name__}.{module}"), name)(send))
