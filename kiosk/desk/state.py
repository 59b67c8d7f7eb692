"""What the desk looks like at one moment. The touchscreen draws this and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from kiosk.desk import lock_pages, pages
from kiosk.desk.appearance import Look
from kiosk.desk.drafts import ChangeDraft, SavedVisit, VisitDraft
from kiosk.desk.hearing_work import HearingWork
from kiosk.desk.messages import Effect
from kiosk.desk.notices import Notice
from kiosk.desk.over import Aside, Over, Shown
from kiosk.desk.pages import Screen
from kiosk.desk.session import Locked, LockForm, Session, shown_over
from kiosk.desk.station import Practice, Station, User
from kiosk.model.performer import Performer


@dataclass(frozen=True, slots=True)
class Desk:
    """The station, who stands before it, and the sessions that are parked behind the lock.

    A parked session is kept for its person until the work is saved or dropped.
    """

    station: Station
    front: Locked | Session = field(default_factory=Locked)
    parked: tuple[Session, ...] = ()

    @property
    def session(self) -> Session | None:
        """The session of the person who is signed in."""
        return self.front if isinstance(self.front, Session) else None

    @property
    def user(self) -> Performer | None:
        """Who is signed in."""
        return self.front.user if isinstance(self.front, Session) else None

    @property
    def page(self) -> pages.Page | lock_pages.LockPage:
        """The page that is shown, with what belongs to it."""
        return self.front.page

    @property
    def screen(self) -> Screen:
        """The name of the page that is shown."""
        return self.front.page.screen

    @property
    def over(self) -> Shown | None:
        """What lies over the page, if anything does."""
        return shown_over(self.front, self.station.unfinished)

    @property
    def look(self) -> Look:
        """How the screen is drawn."""
        return self.front.look or self.station.look

    @property
    def visit(self) -> VisitDraft | None:
        """The child that is open."""
        return self.front.visit if isinstance(self.front, Session) else None

    @property
    def hearing(self) -> HearingWork | None:
        """The hearing test that is open."""
        return self.front.hearing if isinstance(self.front, Session) else None

    @property
    def lock(self) -> LockForm:
        """The lock screen's own form; an empty one while somebody is signed in."""
        return self.front.lock if isinstance(self.front, Locked) else LockForm()

    @property
    def saved(self) -> SavedVisit | None:
        """The saved visit that is looked at or changed."""
        return self.front.saved if isinstance(self.front, Session) else None

    @property
    def changing(self) -> ChangeDraft | None:
        """The way back that is being taken."""
        return self.front.changing if isinstance(self.front, Session) else None

    def told(self, notice: Notice | None, value: int = 0) -> Desk:
        """Say this; ``None`` says nothing more."""
        return replace(self, front=self.front.told(notice, value))

    def asked(self, over: Over | None, notice: Notice | None = None) -> Desk:
        """Lay this over the page; ``None`` takes away what lies there."""
        return replace(self, front=self.front.asked(over, notice))

    def turned(self, page: pages.Page, notice: Notice | None = None) -> Desk:
        """The person who is signed in on this page. What lay over the one before goes."""
        front = self.front
        if not isinstance(front, Session):
            return self
        return replace(self, front=front.turned(page, notice))

    def put(self, page: pages.Page) -> Desk:
        """The page with another record; what lies over it stays."""
        front = self.front
        return replace(self, front=front.put(page)) if isinstance(front, Session) else self

    def with_visit(self, visit: VisitDraft) -> Desk:
        """With this in the place of the open child's visit."""
        front = self.front
        return replace(self, front=front.with_visit(visit)) if isinstance(front, Session) else self


Step = tuple[Desk, tuple[Effect, ...]]


def told_sessions(
    desk: Desk, take: Callable[[Session], Session | tuple[Session, tuple[Effect, ...]]]
) -> Step:
    """Give news to every session, open or parked. The one it is not for returns itself."""
    effects: list[Effect] = []

    def taken(session: Session) -> Session:
        answer = take(session)
        if isinstance(answer, Session):
            return answer
        effects.extend(answer[1])
        return answer[0]

    front = taken(desk.front) if isinstance(desk.front, Session) else desk.front
    parked = tuple(taken(one) for one in desk.parked)
    return replace(desk, front=front, parked=parked), tuple(effects)


__all__ = [
    "Aside",
    "Desk",
    "LockForm",
    "Practice",
    "Screen",
    "Session",
    "Station",
    "Step",
    "User",
    "told_sessions",
]
