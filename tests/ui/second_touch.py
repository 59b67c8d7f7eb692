"""A finger that touches twice, on the real pages with the real desk behind them.

Whatever a desk asks of a thread or of a device is answered at once: the next page is there before
the finger comes down again, which is the worst that can happen to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from kiosk.core.desk import effects as e
from kiosk.core.desk import messages as m
from kiosk.core.desk import touches_hearing as t
from kiosk.core.desk.child_form import ChildForm, Field, LookUp
from kiosk.core.desk.drafts import ChangeDraft, Entry
from kiosk.core.desk.rules import DeskRules
from kiosk.core.desk.slip import SlipState
from kiosk.core.desk.state import Desk, LockForm, Screen
from kiosk.core.desk.update import TOUCHES, update
from kiosk.core.hearing.quality import NOTHING_TO_SAY
from kiosk.core.hearing.session import Kind, Step
from kiosk.core.model import ChangeKind, Position, Quantity
from kiosk.core.weighing import Gate, Hold
from tests.ui import hearing_states as h
from tests.ui import states as s
from tests.ui.driver import Driver, FakeStation
from tests.ui.every_state import STATES

COMMITS = frozenset(
    {
        m.ConfirmChild,
        m.TakeWeight,
        m.TakeLength,
        m.ChildIsOnScale,
        m.PlaceChild,
        m.SubmitEntry,
        m.AnswerOdd,
        m.RejectOdd,
        m.RemoveDraft,
        m.ChooseReading,
        m.Save,
        m.NextChild,
        m.PrintSlip,
        m.Reprint,
        m.PrintTicket,
        m.MadeByHand,
        m.ConfirmChange,
        m.RetryMessage,
        m.HoldMessage,
        m.DiscardMessage,
        m.SubmitDisplay,
        m.KeepLearned,
        m.BeginAnew,
        m.DismissNotice,
        t.SwapEars,
        t.SetKnown,
        t.ConfirmAudiogram,
        t.RemoveHearing,
        t.ResumeHearing,
        t.DropHearing,
        t.EndHearing,
        t.AnswerCheck,
        t.KeepCheck,
        t.SettleRetest,
        t.SignProtocol,
        t.TakeArrival,
        t.DropArrival,
        t.PickAnswer,
    }
)
ANSWERS = frozenset(
    {t.AnswerTone, t.AnswerCatch, t.GiveLevel, t.GiveNoResponse, t.LeaveLevel, t.UndoAnswer}
)
LEADS = frozenset(
    {
        m.ChooseUser,
        m.PinKey,
        m.SubmitPin,
        m.ChangeLanguage,
        m.OpenHelp,
        m.OpenLook,
        m.OpenMenu,
        m.PreviewSlip,
        m.SetLook,
        m.ChooseSlipLanguage,
        m.OpenSlipLanguages,
        m.Lock,
        m.ActivateField,
        m.TypeKey,
        m.Scan,
        m.FindChild,
        m.NotThisChild,
        m.SetDress,
        m.WeighWithAdult,
        m.OpenEntry,
        m.SetPosition,
        m.OpenReview,
        m.ChooseSlipName,
        m.Back,
        m.OpenStatus,
        m.OpenToday,
        m.OpenVisit,
        m.OpenBooked,
        m.OpenChange,
        m.CorrectValue,
        m.MoveVisit,
        m.WithdrawVisit,
        m.GiveNumber,
        m.WithoutNumber,
        m.OpenCalibration,
        m.SetDisplayUnit,
        m.TryNow,
        m.LookAtMessage,
        m.GiveUpMessage,
        m.OpenMessageVisit,
        m.Touched,
        t.OpenHearing,
        t.OpenProtocols,
        t.ChooseProtocol,
        t.SetFirstEar,
        t.SetRetest,
        t.BeginHearing,
        t.PickTone,
        t.OpenLevels,
        t.StopHearing,
        t.CorrectHearing,
        t.OpenCheck,
        t.OpenRetests,
        t.ShowRetest,
        t.OpenProtocol,
        t.ToggleFrequency,
        t.SetScreeningLevel,
        t.SetMissing,
        t.SetRetestWeeks,
        t.SetReferTo,
        t.OpenReceive,
    }
)
"""What each touch does, written down apart from the controls: the test's own opinion."""


def commits(message: m.Touch, desk: Desk) -> bool:
    """Whether a person would want to have seen the page before sending this."""
    dropped = isinstance(message, m.NotThisChild) and desk.leaving
    return dropped or type(message) in COMMITS | ANSWERS


WHOLE = ChildForm(number=s.NUMBER, birth_date="14082026", active=Field.BIRTH_DATE)
OLDER = replace(s.NORA, number="02112212345", given_name="Per Olav")
CORRECTING = ChangeDraft(s.SAVED, ChangeKind.CORRECTED, s.WEIGHT.id)
ON_THE_WAY: dict[str, Desk] = {
    "pin-whole": replace(s.PIN, lock=LockForm("anne", "1234")),
    "pin-whole-audiometer": replace(
        s.PIN, lock=LockForm("anne", "1234"), audiometer=h.AUDIOMETER, protocols=(h.SCREENING,)
    ),
    "find-whole": replace(s.SIGNED_IN, form=WHOLE),
    "find-whole-move": replace(
        s.CHANGE,
        screen=Screen.FIND,
        form=WHOLE,
        changing=ChangeDraft(replace(s.SAVED, child=OLDER), ChangeKind.WRONG_CHILD),
    ),
    "identity-move": replace(
        s.CHANGE,
        screen=Screen.IDENTITY,
        identity=s.IDENTITY.identity,
        changing=ChangeDraft(replace(s.SAVED, child=OLDER), ChangeKind.WRONG_CHILD),
    ),
    "identity-number": replace(
        s.STATES["done-numberless"],
        screen=Screen.IDENTITY,
        identity=s.IDENTITY.identity,
        changing=ChangeDraft(s.STATES["done-numberless"].saved, ChangeKind.NUMBERED),
    ),
    "entry-twice": s.entry(
        quantity=Quantity.LENGTH, typed="61,2", first="61,2", position=Position.LYING
    ),
    "entry-odd": s.entry(quantity=Quantity.WEIGHT, typed="15,42", first="15,42"),
    "entry-further": replace(s.FILLED, screen=Screen.ENTRY, entry=Entry(Quantity.HEAD, "39", "39")),
    "entry-corrects": replace(
        s.CHANGE, screen=Screen.ENTRY, changing=CORRECTING, entry=Entry(Quantity.WEIGHT, "5", "5")
    ),
    "review-one": replace(s.REVIEW, visit=replace(s.VISIT, drafts=(s.WEIGHT,))),
    "measure-odd": s.measure(replace(s.OFFERED, offer=replace(s.offer("15.42"), grams=15420))),
    "measure-again": s.measure(s.OFFERED, s.WEIGHT),
    "measure-surprise": s.measure(s.OFFERED, s.HEAVY, earlier=s.EARLIER),
    "record-last": h.record(h.work(h.SCREENING, *h.heard()[:9])),
    "record-levels": h.record(replace(h.work(h.SCREENING, *h.HALF), strips=True)),
    "record-missed": h.record(h.work(h.SCREENING, *h.HALF, Step(Kind.AGAIN, h.Ear.LEFT, 1000))),
    "calibrate-last": s.calibrate(typed="5,0", seen=s.SEEN[:4]),
    "unfinished-two": replace(
        h.HEARING_STATES["find-unfinished-test"],
        unfinished=(
            h.LEFT_BEHIND,
            replace(
                h.LEFT_BEHIND,
                test=replace(
                    h.LEFT_BEHIND.test, session=replace(h.LEFT_BEHIND.test.session, id=UUID(int=78))
                ),
            ),
        ),
    ),
    "conflict-two": h.arrived(
        h.RECORD,
        replace(
            h.RECORD,
            sequence="2",
            tones=tuple(replace(one, level_db=Decimal(45)) for one in h.RECORD.tones[:2]),
        ),
    ),
    "audiogram-corrected": replace(
        h.drawn(replace(h.ALL, corrects=h.tested(h.MISSED))),
        visit=None,
        saved=h.SAVED_HEARING,
        changing=ChangeDraft(h.SAVED_HEARING, ChangeKind.CORRECTED),
    ),
}
"""Pages filled in so far that the next touch leads on."""

DESKS = {name: d for name, d in {**STATES, **ON_THE_WAY}.items() if not d.training}


class LiveStation(FakeStation):
    """A station with a real desk; threads and devices answer before anything is drawn."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.root = None
        self.deaf = False
        self.count = 0
        self._rules = DeskRules(languages=("nb", "nn", "en"), slip_languages=("nb", "nn", "ar"))

    def touch(self, message: m.Touch) -> None:
        super().touch(message)
        if not self.deaf:
            self.take(message)
            self._lie_still()
            self.root.render(self.desk)

    def take(self, message: object) -> None:
        """Let the desk have it, and every answer that follows."""
        self.count += 1
        moment = m.Moment(100.5, s.NOON, 60, s.TODAY, UUID(int=9000 + self.count))
        self.desk, wanted = update(self.desk, message, moment, self._rules)
        for effect in wanted:
            for news in answers(effect, self.desk):
                self.take(news)
        if any(isinstance(one, e.AskRetests) for one in wanted) and self.desk.awaited is None:
            self.take(_retests(None, self.desk))

    def after(self, messages: tuple[m.Touch, ...]) -> Desk:
        """The desk as it would be after these, with nothing drawn and nothing remembered."""
        desk, count = self.desk, self.count
        for message in messages:
            self.take(message)
        self._lie_still()
        would, self.desk, self.count = self.desk, desk, count
        return would

    def _lie_still(self) -> None:
        """The scale goes on sending what lies on it."""
        shown = self.desk.weighing.shown
        for _ in range(3 if shown is not None and self.desk.screen is Screen.MEASURE else 0):
            self.take(s.stamped(shown))


def answers(effect: e.Effect, desk: Desk) -> tuple[object, ...]:
    """What the station's threads say, with everything going well."""
    say = SAY.get(type(effect))
    return (say(effect, desk),) if say is not None else ()


def _messages_without(effect, _desk: Desk) -> m.MessagesListed:
    return m.MessagesListed(tuple(one for one in s.SEVERAL if one.item_id != effect.item_id))


def _retests(effect, desk: Desk) -> m.RetestsListed:
    shown = desk.awaited or h.HEARING_STATES["retests"].awaited
    return m.RetestsListed(tuple(one for one in shown if one.id != getattr(effect, "id", None)))


SAY = {
    e.CheckPin: lambda effect, _: m.PinChecked(effect.user_id, right=True),
    e.AskJournal: lambda effect, _: m.LookUpAnswered(
        effect.request, LookUp.FOUND.value, "Patient/7", "Nora"
    ),
    e.AskUnfinished: lambda _, __: m.UnfinishedListed((h.LEFT_BEHIND,)),
    e.SaveVisit: lambda effect, _: m.VisitSaved(effect.visit.id),
    e.SaveChange: lambda effect, _: m.ChangeSaved(effect.change.visit_id, effect.change.visit_id),
    e.ReadVisit: lambda effect, _: m.VisitRead(replace(s.SAVED, id=effect.visit_id)),
    e.SettleByHand: lambda effect, _: m.VisitRead(replace(s.SAVED, id=effect.visit_id)),
    e.PrintVisit: lambda effect, _: m.SlipChanged(effect.saved.id, SlipState.PRINTED),
    e.DrawSlip: lambda effect, _: m.SlipPreviewed(effect.saved.id, s.SLIP),
    e.GiveTicket: lambda _, __: m.TicketPrinted(14),
    e.ListToday: lambda _, __: m.TodayListed(s.LISTED),
    e.ListMessages: lambda _, __: m.MessagesListed(s.SEVERAL),
    e.RetryParked: _messages_without,
    e.ParkMessage: _messages_without,
    e.DiscardParked: _messages_without,
    e.KeepProfile: lambda _, __: m.ProfileKept(kept=True),
    e.AskQuality: lambda _, __: m.QualityTold(NOTHING_TO_SAY),
    e.SettleRetest: _retests,
    e.AskHeld: lambda _, __: m.HeldListed((h.HELD,)),
}


Page = tuple[object, ...]


def page_of(desk: Desk) -> Page:
    """Which page it is, what lies over it, and what can stand under a finger on it."""
    work = desk.hearing
    over = {
        "question": desk.question and desk.question.draft.verdict,
        "placing": desk.placing,
        "second": desk.second,
        "leaving": desk.leaving,
        "change": desk.changing and (desk.changing.kind, desk.changing.ready),
        "language": desk.choosing_language,
        "reprint": desk.reprinting,
        "preview": desk.preview,
        "aside": desk.aside,
        "message": desk.looking_at and (desk.giving_up or "message"),
        "hearing": work and (work.choosing, work.stopping),
        "unfinished": desk.screen is Screen.FIND and desk.unfinished,
    }
    lies = tuple(
        (name, one if name in {"question", "change", "aside", "message", "hearing"} else True)
        for name, one in over.items()
        if one
    )
    scale = (desk.weighing.offer is not None, desk.weighing.hold)
    asks = work and (work.levels, work.strips, work.received is not None)
    shown = scale if desk.screen is Screen.MEASURE else asks
    return desk.screen, desk.blanked, lies, desk.notice is not None, shown


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
        self.screen.root._sure.close()
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
            said = () if self.station.desk.blanked else self.said_by(control)
            means = [type(one) for one in said]
            to = page_of(self.station.after(said))
            around = control.test_id in AROUND
            step = (here[0] if around else here, to[0] if around else to, _kind(control), *means)
            if step not in self.tried:
                self.tried.add(step)
                new.append((control.test_id, box(control), means))
        return new


def deed_of(message: m.Touch, desk: Desk) -> str:
    """What a control that sends this should say of itself."""
    if type(message) in ANSWERS:
        return "answers"
    return "commits" if commits(message, desk) else "leads"


def _kind(control) -> str:
    """What a control is called without what it is about."""
    return "-".join(part for part in control.test_id.split("-") if part.isalpha())


def _on_a_scale(desk: Desk) -> Desk:
    """The desk with what is shown really lying on the scale."""
    offered = desk.weighing.offer
    if desk.weighing.hold is Hold.RESTLESS:
        return replace(desk, weighing=replace(desk.weighing, restless_since=0.0))
    if offered is None:
        return desk
    shown = replace(s.reading(offered.text), stability=offered.stability)
    frames = {"equal_frames": 9, "equal_since": 90.0, "gate": Gate.OPEN}
    return replace(desk, weighing=replace(desk.weighing, shown=shown, **frames))


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


__all__ = ["TOUCHES", "page_of"]
