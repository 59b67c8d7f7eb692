"""A finger that touches twice, on the real pages with the real desk behind them.

Whatever a desk asks of a thread or of a device is answered at once: the next page is there before
the finger comes down again, which is the worst that can happen to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.desk.state import Desk, Screen
from kiosk.weighing.gate import Gate, Hold
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat, made
from tests.desk.flat_desk import replaced as replace
from tests.ui import states as s
from tests.ui.deeds import commits, deed_of
from tests.ui.driver import Driver
from tests.ui.live_station import DESKS, LiveStation

Page = tuple[object, ...]


def page_of(desk: Desk) -> Page:
    """Which page it is, what lies over it, and what can stand under a finger on it."""
    work = desk.hearing
    over = {
        "question": flat(desk).question and flat(desk).question.draft.verdict,
        "placing": flat(desk).placing,
        "second": flat(desk).second,
        "leaving": flat(desk).leaving,
        "change": desk.changing and (desk.changing.kind, desk.changing.ready),
        "language": flat(desk).choosing_language,
        "reprint": flat(desk).reprinting,
        "preview": flat(desk).preview,
        "aside": flat(desk).aside,
        "message": flat(desk).looking_at and (flat(desk).giving_up or "message"),
        "hearing": work and (flat(desk).choosing, flat(desk).stopping),
        "unfinished": desk.screen is Screen.FIND and flat(desk).unfinished,
    }
    lies = tuple(
        (name, one if name in {"question", "change", "aside", "message", "hearing"} else True)
        for name, one in over.items()
        if one
    )
    scale = (desk.station.weighing.offer is not None, desk.station.weighing.hold)
    asks = work and (work.levels, work.strips, work.received is not None)
    shown = scale if desk.screen is Screen.MEASURE else asks
    return desk.screen, desk.station.blanked, lies, desk.front.notice is not None, shown


@dataclass(frozen=True)
class Way:
    """A control, and one that lies where the finger was once the desk has answered it."""

    name: str
    target: str
    under: str
    place: tuple[float, float]
    first: tuple[m.Touch, ...]
    second: tuple[m.Touch, ...]
    pages: tuple[Page, Page]


class TwoTouches:
    """Touches twice at one place."""

    TOUCH_SECONDS = 0.06

    def __init__(self) -> None:
        self.screen = Driver(s.LOCKED, station=LiveStation)
        self.station = self.screen.station
        self.station.root = self.screen.root
        self.tried: set[tuple[object, ...]] = set()
        self.misdeclared: set[str] = set()

    def open(self, name: str) -> None:
        """Show a page and let everything on it wake."""
        self.screen.root._sure.close()
        self.station.desk = _on_a_scale(DESKS[name])
        self.screen.root.render(self.station.desk)
        self.screen.frames(4)
        self.pass_by(1.0)

    def pass_by(self, seconds: float) -> None:
        """Let time pass: a frame that shows what is new, and one that much later."""
        self.screen.frames(1)
        self.screen.time += max(0.0, seconds - 2 / 60)
        self.screen.frames(1)

    def touch(self, place: tuple[float, float]) -> tuple[m.Touch, ...]:
        """One touch of sixty milliseconds; returns what it sent."""
        before = len(self.station.touches)
        finger = self.screen.press_at(*place)
        self.pass_by(self.TOUCH_SECONDS - 1 / 60)
        finger.touch_up()
        sent = self.station.touches[before:]
        return tuple(one for one in sent if not isinstance(one, m.Touched))

    def twice(self, way: Way, pause: float) -> tuple[m.Touch, ...]:
        """Open the page and touch the place twice; returns what the second touch sent."""
        self.open(way.name)
        self.touch(way.place)
        self.pass_by(pause)
        return self.touch(way.place)

    def controls(self) -> list:
        """What can be pressed now: of a question over the page only its own."""
        from kiosk.ui.widgets.dialog import Dialog
        from kiosk.ui.widgets.press import Press

        dialogs = [w for w in self.screen.root.children if isinstance(w, Dialog)]
        top = dialogs[0] if dialogs else self.screen.root
        found = [w for w in top.walk(restrict=True) if isinstance(w, Press)]
        return [w for w in found if w.enabled and w.width > 0 and w.height > 0]

    def said_by(self, control) -> tuple[m.Touch, ...]:
        """What a control would send now, without its being heard."""
        before = len(self.station.touches)
        self.station.deaf = True
        control.pressed()
        control.act()
        # What is asked about once more sends nothing by itself.
        if self.screen.root._sure.message is not None:
            self.screen.root._sure.close()
            self.screen.frames(4)
        self.station.deaf = False
        return tuple(self.station.touches[before:])

    def ways(self, name: str) -> Iterator[Way]:
        """From each control of a page: what commits under the same place once it was touched.

        What leads from one page to another by the same control was tried from one state.
        """
        self.open(name)
        here = page_of(self.station.desk)
        for target, area, means in self._new_targets(here):
            self.open(name)
            first = self.touch(_middle(area))
            assert [type(one) for one in first] == means, (name, target, first, means)
            self.pass_by(1 / 60)
            to = self.station.desk
            for control in self.controls():
                shared = meet(area, box(control))
                if shared is None or control.test_id in LOCAL:
                    continue
                said = self.said_by(control)
                if any(commits(one, to) for one in said):
                    pages = (here, page_of(to))
                    yield Way(name, target, control.test_id, _middle(shared), first, said, pages)

    def _look_at_declarations(self) -> None:
        for control in (one for one in self.controls() if one.test_id not in LOCAL):
            for said in self.said_by(control):
                told, wanted = str(control.deed), deed_of(said, self.station.desk)
                if told != wanted:
                    self.misdeclared.add(f"{control.test_id}: {type(said).__name__} {told}")

    def _new_targets(self, here: Page) -> list[tuple[str, Box, list[type]]]:
        new = []
        self._look_at_declarations()
        for control in self.controls():
            if _is_one_of_many(control) or control.test_id in LOCAL:
                continue
            # Under the dark a finger means nothing but light.
            said = () if self.station.desk.station.blanked else self.said_by(control)
            means = [type(one) for one in said]
            to = page_of(self.station.after(said))
            around = control.test_id in AROUND
            step = (here[0] if around else here, to[0] if around else to, _kind(control), *means)
            if step not in self.tried:
                self.tried.add(step)
                new.append((control.test_id, box(control), means))
        return new


def _kind(control) -> str:
    """What a control is called without what it is about."""
    return "-".join(part for part in control.test_id.split("-") if part.isalpha())


def _on_a_scale(desk: Desk) -> Desk:
    """The desk with what is shown really lying on the scale."""
    offered = desk.station.weighing.offer
    if desk.station.weighing.hold is Hold.RESTLESS:
        return made(desk, weighing=replace(desk.station.weighing, restless_since=0.0))
    if offered is None:
        return desk
    shown = replace(s.reading(offered.text), stability=offered.stability)
    frames = {"equal_frames": 9, "equal_since": 90.0, "gate": Gate.OPEN}
    return made(desk, weighing=replace(desk.station.weighing, shown=shown, **frames))


LOCAL = frozenset({"more", "key-layer"})
"""Turns the lines of a list, or the letters, and sends nothing."""


ONES = frozenset({"key-1", "key-å", "key-back", "level-20", "colours-contrast", "hand-left"})
AROUND = frozenset({"lock", "help", "strip", "language"})
"""The same above every page, whatever state it is in."""


def _is_one_of_many(control) -> bool:
    """Whether another control of the same kind stands for it: one key of all keys."""
    name = control.test_id
    if name.startswith(("key-", "level-", "user-u", "colours-", "hand-")):
        return name not in ONES
    return name.startswith("tone-") and not name.endswith("-1000")


Box = tuple[float, float, float, float]


def box(widget) -> Box:
    """Left, lower, right and upper edge."""
    return widget.x, widget.y, widget.right, widget.top


def meet(one: Box, other: Box) -> Box | None:
    """What two places have in common."""
    left, low = max(one[0], other[0]), max(one[1], other[1])
    right, high = min(one[2], other[2]), min(one[3], other[3])
    return (left, low, right, high) if right - left > 1 and high - low > 1 else None


def _middle(area: Box) -> tuple[float, float]:
    return (area[0] + area[2]) / 2, (area[1] + area[3]) / 2
