"""A desk built from, and read by, plain names: for tests that speak of one thing on the screen.

The desk itself holds a page's fields in the page. ``flat`` reads them wherever they lie, ``made``
puts some in place of others and builds the page that has them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from kiosk.desk import lock_pages, page_stack
from kiosk.desk import over as o
from kiosk.desk import pages as p
from kiosk.desk.child_form import ChildForm, LookUp
from kiosk.desk.drafts import ChangeDraft, Question
from kiosk.desk.session import Locked, LockForm, Session
from kiosk.desk.state import Desk
from kiosk.desk.station import Station
from kiosk.hearing.follow_up import Settling

OF_STATION = {one.name for one in fields(Station)} - {"look"}
S = p.Screen


class Flat:
    """What lies anywhere on a desk, by one name."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def __getattr__(self, name: str) -> Any:
        desk = self.desk
        if name in OF_STATION and name not in READ:
            return getattr(desk.station, name)
        if name in {"screen", "user", "lock", "visit", "hearing", "saved", "changing", "look"}:
            return getattr(desk, name)
        if name in {"notice", "notice_value"}:
            return getattr(desk.front, name)
        return READ[name](desk)


def flat(desk: Desk) -> Any:
    """Read a desk by plain names."""
    return Flat(desk)


def _stack(desk: Desk) -> list[Any]:
    return list(page_stack.stack(desk.page)) if desk.session is not None else [desk.page]


def _first(name: str, default: Any = None) -> Any:
    def read(desk: Desk) -> Any:
        return next((getattr(one, name) for one in _stack(desk) if hasattr(one, name)), default)

    return read


def _over(kind: type, name: str) -> Any:
    def read(desk: Desk) -> Any:
        return getattr(desk.front.over, name) if isinstance(desk.front.over, kind) else None

    return read


def _is(one: Any) -> Any:
    return lambda desk: desk.front.over is one


READ: dict[str, Any] = {
    "form": _first("form", ChildForm()),
    "look_up": _first("look_up", LookUp.NOT_ASKED),
    "request": lambda desk: desk.station.requests,
    "identity": _first("identity"),
    "entry": _first("entry"),
    "messages": _first("messages", ()),
    "visits": _first("visits"),
    "booked": _first("booked", ()),
    "awaited": _first("awaited"),
    "reading": _first("reading"),
    "calibrating": _first("calibrating"),
    "ports": _first("ports"),
    "setting_up": _first("setting_up"),
    "first_day": _first("first_day"),
    "trial": lambda desk: desk.page if desk.screen is S.SET_UP_PRINTER else None,
    "check": _first("check"),
    "filling": _first("filling"),
    "over": lambda desk: desk.front.over,
    "question": lambda desk: desk.front.over if isinstance(desk.front.over, Question) else None,
    "settling": lambda desk: desk.front.over if isinstance(desk.front.over, Settling) else None,
    "aside": lambda desk: desk.front.over if isinstance(desk.front.over, o.Aside) else None,
    "placing": _over(o.Placing, "draft"),
    "second": _over(o.Second, "draft"),
    "doubt": _over(o.Doubt, "what"),
    "preview": _over(o.Preview, "picture"),
    "languages": lambda desk: _over(o.SlipLanguages, "languages")(desk) or (),
    "choosing_language": lambda desk: isinstance(desk.front.over, o.SlipLanguages),
    "looking_at": _over(o.LookedAt, "item_id"),
    "giving_up": lambda desk: bool(_over(o.LookedAt, "giving_up")(desk)),
    "leaving": _is(o.Ask.LEAVING),
    "reprinting": _is(o.Ask.REPRINTING),
    "choosing": _is(o.Ask.PROTOCOLS),
    "stopping": _is(o.Ask.STOPPING),
    "asking": lambda desk: isinstance(desk.front.over, Question | o.Placing | o.Second | o.Doubt),
    "length": lambda desk: desk.station.opening.length,
    "station_look": lambda desk: desk.station.look,
    "unfinished": lambda desk: (
        () if desk.session is None or desk.session.put_off else desk.station.unfinished
    ),
    "previous": lambda desk: desk.session.previous if desk.session is not None else None,
    "kept": lambda desk: next((replace(desk, front=one) for one in desk.parked), None),
    "back_to": lambda desk: desk.page.under.screen if type(desk.page) is p.Status else S.FIND,
    "check_from": lambda desk: desk.page.under.screen if desk.screen is S.HEARING_CHECK else S.FIND,
}
DERIVED = {"asking", "request", "languages", "choosing", "unfinished"}
WHOLE = (
    *("screen", "user", "lock", "visit", "hearing", "saved", "changing", "look"),
    *("notice", "notice_value"),
    *(
        name
        for name in READ
        if name not in {"asking", "request", "languages", "choosing", "unfinished"}
    ),
)


def new(users: Any, weighing: Any, clinic: str, training: bool = False, **some: Any) -> Desk:
    """A desk on its lock screen, with these fields."""
    return made(Desk(Station(users, weighing, clinic, training)), **some)


def made(desk: Desk, **some: Any) -> Desk:
    """The desk with these fields in place of what is there, on the page that has them."""
    here = {name: some.pop(name) for name in list(some) if name in OF_STATION}
    station = replace(desk.station, **here)
    if "station_look" in some:
        station = replace(station, look=some.pop("station_look"))
    if "length" in some:
        station = replace(station, opening=replace(station.opening, length=some.pop("length")))
    desk = replace(desk, station=station)
    if not some:
        return desk
    if "kept" in some:
        kept = some.pop("kept")
        parked = (flat(kept).desk.front,) if kept is not None else ()
        desk = replace(desk, parked=parked)
    f = {name: getattr(flat(desk), name) for name in WHOLE if name not in some}
    unknown = set(some) - set(f) - set(WHOLE) - {"languages"}
    assert not unknown, unknown
    laid = {name: f.pop(name) for name in LAID if name in f and not LAID_ANEW & set(some)}
    f = {**f, **dict.fromkeys(LAID), "languages": flat(desk).languages, **laid, **some}
    return replace(desk, front=_front(f, flat(desk), station))


LAID = (
    *("over", "aside", "doubt", "looking_at", "giving_up", "question", "placing", "second"),
    *("leaving", "reprinting", "preview", "choosing_language", "settling", "stopping"),
)
LAID_ANEW = set(LAID) - {"giving_up"}


def _front(f: dict[str, Any], before: Any, station: Station) -> Locked | Session:
    words = {"notice": f["notice"], "notice_value": f["notice_value"], "over": _laid(f)}
    if f["user"] is None:
        status = f["screen"] is S.STATUS
        page = lock_pages.StatusAtLock(f["messages"]) if status else lock_pages.AtLock()
        look = None if f["look"] == station.look else f["look"]
        return Locked(lock=f["lock"] or LockForm(), page=page, look=look, **words)
    return Session(
        f["user"],
        f["look"],
        _page(f),
        f["previous"],
        **words,
    )


def _laid(f: dict[str, Any]) -> Any:
    plain = next((f[name] for name in ("over", "aside", "question", "settling") if f[name]), None)
    if plain is not None:
        return plain
    if f["looking_at"] is not None:
        return o.LookedAt(f["looking_at"], bool(f["giving_up"]))
    if f["choosing_language"]:
        return o.SlipLanguages(f["languages"])
    holding = {"doubt": o.Doubt, "placing": o.Placing, "second": o.Second, "preview": o.Preview}
    held = [kind(f[name]) for name, kind in holding.items() if f[name] is not None]
    asked = [ask for ask in o.Ask if f.get(ask.value)]
    return next(iter((*held, *asked)), None)


class _Pages:
    """Each page from plain fields: on top of the pages that it is reached from."""

    def __init__(self, f: dict[str, Any]) -> None:
        self.f = f
        visit, work = f["visit"], f["hearing"]
        self.change = p.Change(f["changing"], f["reading"]) if f["changing"] is not None else None
        self.found = p.Find(f["form"], f["look_up"], under=self.change)
        self.plain = replace(self.found, under=None)
        self.bare = p.Measure(visit) if visit is not None else None
        self.measured = p.Measure(visit, work) if visit is not None else None
        self.tested = p.Hearing(work, self.bare)
        corrects = self.change is not None and (work is None or work.corrects)
        self.of_test = self.change if corrects else self.bare
        self.status = p.Status(self.measured or self.plain, f["messages"], f["reading"])
        self.listed = p.Equipment(p.Status(self.plain, f["messages"]), f["ports"])
        self.from_test = f["check_from"] is S.HEARING and work is not None


PAGES: dict[S, Callable[[_Pages], Any]] = {
    S.IDENTITY: lambda b: p.Confirm(b.f["identity"], b.found),
    S.MEASURE: lambda b: p.Measure(b.f["visit"], b.f["hearing"]),
    S.ENTRY: lambda b: p.Typing(b.f["entry"], b.change or b.bare),
    S.REVIEW: lambda b: p.Review(b.bare),
    S.DONE: lambda b: p.Done(b.f["saved"], b.f["reading"]),
    S.CHANGE: lambda b: b.change or p.Change(ChangeDraft(b.f["saved"])),
    S.STATUS: lambda b: b.status,
    S.CALIBRATE: lambda b: p.Calibrate(b.f["calibrating"], b.status),
    S.EQUIPMENT: lambda b: b.listed,
    S.SET_UP: lambda b: p.SetUp(b.f["setting_up"], b.listed),
    S.SET_UP_PRINTER: lambda b: replace(b.f["trial"], under=b.listed),
    S.FIRST_DAY: lambda b: p.ComparingScale(b.f["first_day"], b.listed),
    S.TODAY: lambda b: p.Today(b.plain, b.f["visits"], b.f["booked"], b.f["reading"]),
    S.RETESTS: lambda b: p.Retests(b.plain, b.f["awaited"], b.f["reading"]),
    S.HEARING: lambda b: b.tested,
    S.HEARING_RECORD: lambda b: p.Recording(b.f["hearing"], b.of_test),
    S.AUDIOGRAM: lambda b: p.Drawing(b.f["hearing"], b.of_test),
    S.RECEIVE: lambda b: p.Receive(b.f["hearing"], b.bare),
    S.HEARING_CHECK: lambda b: p.Checking(b.f["check"], b.tested if b.from_test else b.plain),
    S.PROTOCOL: lambda b: p.Signing(b.f["filling"], b.tested),
}
"""Every other screen is the page where a child is looked for."""


def _page(f: dict[str, Any]) -> Any:
    return PAGES.get(f["screen"], lambda b: b.found)(_Pages(f))


def replaced(one: Any, **some: Any) -> Any:
    """``dataclasses.replace``, and :func:`made` for a desk."""
    return made(one, **some) if isinstance(one, Desk) else replace(one, **some)
