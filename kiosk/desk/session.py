"""What one person has in front of them, or whoever stands before the locked station."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Self

from kiosk.desk import lock_pages, page_stack, pages
from kiosk.desk.appearance import Look
from kiosk.desk.child_form import ChildForm
from kiosk.desk.drafts import ChangeDraft, SavedVisit, VisitDraft
from kiosk.desk.hearing_work import HearingWork, Left
from kiosk.desk.notices import Notice
from kiosk.desk.over import Aside, Ask, Over, Preview, Shown
from kiosk.model.performer import Performer
from kiosk.model.visit import Child


@dataclass(frozen=True, slots=True)
class LockForm:
    """The lock screen: the tile that was touched, how many digits are typed, any wait.

    The digits themselves are in ``pin``; ``repr`` leaves them out. ``locked_until`` is
    monotonic seconds.
    """

    user_id: str | None = None
    pin: str = field(default="", repr=False)
    checking: bool = False
    tries_left: int | None = None
    locked_until: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What lies over the page, at most one thing, and what is said beside it.

    ``notice_value`` is what the notice counts.
    """

    over: Over | None = None
    notice: Notice | None = None
    notice_value: int = 0

    def told(self, notice: Notice | None, value: int = 0) -> Self:
        """Say this; ``None`` says nothing more."""
        return replace(self, notice=notice, notice_value=value)

    def asked(self, over: Over | None, notice: Notice | None = None) -> Self:
        """Lay this over the page; ``None`` takes away what lies there."""
        return replace(self.told(notice), over=over)

    def uncovered(self) -> Self:
        """Take away what lies over the page. What is said stays."""
        return replace(self, over=None)


@dataclass(frozen=True, slots=True)
class Locked(Front):
    """Nobody is signed in. ``look`` was chosen here, for as long as it stays so."""

    lock: LockForm = field(default_factory=LockForm)
    page: lock_pages.LockPage = field(default_factory=lock_pages.AtLock)
    look: Look | None = None


@dataclass(frozen=True, slots=True)
class Session(Front):
    """A person at work, on one page.

    ``previous`` is the child that was measured before. ``put_off``: the hearing tests that were cut
    off are offered again at the next sign-in only. ``parked_on`` is the day on which the station
    was locked.
    """

    user: Performer
    look: Look = field(default_factory=Look)
    page: pages.Page = field(default_factory=pages.Find)
    previous: Child | None = field(default=None, repr=False)
    put_off: bool = False
    parked_on: date | None = None

    def turned(self, page: pages.Page, notice: Notice | None = None) -> Session:
        """On this page. What lay over the one before goes."""
        return replace(self.asked(None, notice), page=page)

    def put(self, page: pages.Page) -> Session:
        """The same page with another record."""
        return replace(self, page=page)

    def swapped(self, old: page_stack.P, new: page_stack.P) -> Session:
        """With another record of a page, wherever it lies."""
        return replace(self, page=page_stack.swapped(self.page, old, new))

    @property
    def measure(self) -> pages.Measure | None:
        """The page of the open child, if one is open."""
        return page_stack.find(self.page, pages.Measure)

    @property
    def visit(self) -> VisitDraft | None:
        """The child that is open."""
        measure = self.measure
        return measure.visit if measure is not None else None

    def with_visit(self, visit: VisitDraft) -> Session:
        """With this in the place of the open child's visit."""
        measure = self.measure
        assert measure is not None
        return self.swapped(measure, replace(measure, visit=visit))

    @property
    def hearing(self) -> HearingWork | None:
        """The hearing test that is open, on its pages or begun and left."""
        for page in page_stack.stack(self.page):
            if isinstance(page, pages.HearingPage):
                return page.work
            if isinstance(page, pages.Measure):
                return page.hearing
        return None

    @property
    def changing(self) -> ChangeDraft | None:
        """The way back that is being taken."""
        change = page_stack.find(self.page, pages.Change)
        return change.changing if change is not None else None

    @property
    def saved(self) -> SavedVisit | None:
        """The saved visit that is looked at or changed."""
        done, changing = page_stack.find(self.page, pages.Done), self.changing
        if done is not None:
            return done.saved
        return changing.saved if changing is not None else None

    @property
    def form(self) -> ChildForm:
        """The form of a child that is looked for."""
        found = page_stack.find(self.page, pages.Find)
        return found.form if found is not None else ChildForm()

    @property
    def saving(self) -> bool:
        """Whether a commit is waited for."""
        visit, changing = self.visit, self.changing
        return (visit is not None and visit.saving) or (changing is not None and changing.saving)

    @property
    def has_work(self) -> bool:
        """Whether something would be lost if this session were."""
        changing = self.changing
        begun = self.visit is not None or page_stack.find(self.page, pages.Confirm) is not None
        changes = changing is not None and changing.kind is not None
        return begun or changes or self.form != ChildForm()

    def parked(self, today: date) -> Session:
        """This session behind the lock. Help, pictures and words are not kept."""
        passing = isinstance(self.over, Aside | Preview)
        left = self.asked(None if passing else self.over)
        return replace(left, parked_on=today)

    def taken_out(self, today: date) -> Session:
        """This session in front again, with what news brought meanwhile.

        Work of another day asks first whether it is gone on with.
        """
        notice = self.notice or Notice.DRAFT_RESTORED
        back = replace(self, notice=notice, put_off=False, parked_on=None)
        old = self.parked_on is not None and self.parked_on != today
        return back.asked(Ask.OLD_WORK) if old and not self.saving else back


def shown_over(front: Locked | Session, unfinished: tuple[Left, ...]) -> Shown | None:
    """What lies over the page. What was laid there comes before what the page has to ask."""
    if front.over is not None or isinstance(front, Locked):
        return front.over
    match front.page:
        case pages.Change(changing=changing) if changing.ready:
            return changing
        case pages.Drawing(work=HearingWork(received=received)) if received is not None:
            return received if received.undecided else None
        case pages.Find(under=None) if unfinished and not front.put_off:
            return unfinished[0]
    return None
