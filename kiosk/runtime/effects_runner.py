"""Carries out what the desk wants done, on worker threads, and posts the answers.

The screen's thread only hands over; nothing here blocks it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from uuid6 import uuid7

from drivers.driver import Rhythm, Settings
from kiosk.desk.messages import Effect, News, Note
from kiosk.desk.notices import Notice
from kiosk.desk.registering import Carrier, carries_out
from kiosk.desk.state import User
from kiosk.features.appearance import KeepLook
from kiosk.features.calibrate import KeepProfile, ProfileKept
from kiosk.features.change import ChangeNotSaved, ChangeSaved, SaveChange, SettleByHand
from kiosk.features.ear import Listen
from kiosk.features.find import AskJournal, LookUpAnswered
from kiosk.features.hearing.begin import AskTestedBefore
from kiosk.features.hearing.check import AskQuality, RecordCheck
from kiosk.features.hearing.follow_up import AskRetests, TakeOffList
from kiosk.features.hearing.protocol import KeepProtocol
from kiosk.features.hearing.receive import AskHeld, HoldRecord
from kiosk.features.hearing.steps import ForgetHearing, KeepSession
from kiosk.features.measure import AskEarlier
from kiosk.features.messages import (
    ConfirmDelivered,
    DiscardParked,
    ListMessages,
    ParkMessage,
    RetryParked,
)
from kiosk.features.save import SaveVisit, VisitNotSaved, VisitSaved
from kiosk.features.sign_in import CheckPin, ListPeople, PinChecked, UsersChanged
from kiosk.features.slip import PrintVisit, SlipChanged
from kiosk.features.status import SendNow, Trouble
from kiosk.features.today import (
    AskBooked,
    ListToday,
    ReadVisit,
    TodayListed,
    VisitRead,
    saved_again,
)
from kiosk.model.changes import current, moved
from kiosk.model.delivery import Part
from kiosk.model.listening import Task
from kiosk.model.outbox import DeliveryChanged, NewMessage, OutboxItem
from kiosk.model.slip import SlipState
from kiosk.model.visit import ChangeKind, Visit
from kiosk.runtime.hearing_effects import HearingEffects, Shelve
from kiosk.runtime.journal_effects import JournalEffects
from kiosk.runtime.message_effects import Decide, MessageEffects
from kiosk.runtime.slip_effects import Press, SlipEffects
from kiosk.runtime.workers import Workers
from kiosk.store.store import Store
from kiosk.system.clock import now_utc

if TYPE_CHECKING:
    from kiosk.journal.look_up import Looker

IN_ORDER = (
    SaveVisit,
    SaveChange,
    KeepSession,
    ForgetHearing,
    RecordCheck,
    AskQuality,
    TakeOffList,
    AskRetests,
    HoldRecord,
    AskHeld,
)
"""What one thread does in its order: a session is kept before it is saved, a check before it is
counted."""

FINISH_SECONDS = 20.0
"""How long the end waits for work under way; what is not committed by then is not saved."""

LOG = logging.getLogger(__name__)


class Performing:
    """The hands of the desk."""

    def __init__(
        self,
        *,
        store: Store,
        decide: Decide,
        looker: Callable[[], Looker | None],
        press: Callable[[], Press | None],
        compose: Callable[[Visit], Sequence[NewMessage]],
        send_now: Callable[[], None],
        post: Callable[[News], None],
        trouble_of: Callable[[BaseException], Notice],
        teach: Callable[[Settings], Rhythm | None],
        listen: Callable[[Task | None], None],
        devices: Sequence[tuple[type, Carrier]],
        failed: Callable[[Effect], News | None],
        users: Callable[[], tuple[User, ...]],
        shelve: Shelve,
        accept_file: Callable[[str], None],
        reject_file: Callable[[str, str], None],
        elsewhere: Callable[[], Sequence[OutboxItem]] = tuple,
    ) -> None:
        """``looker`` and ``press`` may wait for what is just being started; ``None`` where there is
        no journal, or no printer. ``compose`` writes the messages that are queued with a visit.
        ``elsewhere`` tells what waits of visits that other stations measured.
        """
        self._accept_file = accept_file
        self._store = store
        self._decide = decide
        self._compose = compose
        self._send_now = send_now
        self._post = post
        self._trouble_of = trouble_of
        self._teach = teach
        self._listen = listen
        self._failed = failed
        self._users = users
        # Two workers: a look-up that waits for the network must not hold up a commit.
        self._workers = Workers("worker", 2)
        self._saver = Workers("saver", 1)
        self._messages = MessageEffects(store, decide, send_now, post, elsewhere)
        others = (
            self._messages,
            JournalEffects(looker, post),
            SlipEffects(store, press, post),
            HearingEffects(store.hearing, post, shelve, reject_file),
        )
        self.handlers: tuple[tuple[type, Carrier], ...] = (
            carries_out(CheckPin, self._check_pin),
            carries_out(SaveVisit, self._save_visit),
            carries_out(ListToday, self._list_today),
            carries_out(ReadVisit, self._read_visit),
            carries_out(SaveChange, self._save_change),
            carries_out(SettleByHand, self._settle_by_hand),
            carries_out(KeepProfile, self._keep_profile),
            carries_out(KeepLook, self._keep_look),
            carries_out(ListPeople, self._list_people),
            carries_out(Note, self._note),
            *(pair for one in others for pair in one.handlers),
            *devices,
        )
        self._by_kind = dict(self.handlers)

    def perform(self, effect: Effect) -> None:
        """Hand an effect to a worker; returns at once."""
        if isinstance(effect, SendNow):
            self._send_now()
            return
        if isinstance(effect, Listen):
            # At once and in order: a port that a page has left is free before the next is opened.
            self._listen(effect.task)
            return
        pool = self._saver if isinstance(effect, IN_ORDER) else self._workers
        pool.submit(partial(self._guarded, self._by_kind[type(effect)], effect))

    def close(self) -> None:
        """Finish what is under way and stop the workers."""
        self._saver.close(FINISH_SECONDS)
        self._workers.close(FINISH_SECONDS)

    def _guarded(self, handler: Callable[[Any], None], effect: Effect) -> None:
        try:
            handler(effect)
        except Exception as error:  # noqa: BLE001 - a worker that dies would leave the desk waiting
            # The type only: an exception's text may hold what must not be logged.
            LOG.error("%s failed: %s", type(effect).__name__, type(error).__name__)
            said = self._failed(effect)
            if said is not None:
                self._post(said)
            else:
                self._answer_failure(effect, error)

    def _answer_failure(self, effect: Effect, error: BaseException) -> None:
        notice = self._trouble_of(error)
        match effect:
            case SaveVisit(visit=visit):
                self._post(VisitNotSaved(visit.id, notice))
            case SaveChange(change=change):
                # The usual words speak of measurements; here it is a change that was not saved.
                told = Notice.CHANGE_NOT_SAVED if notice is Notice.NOT_SAVED else notice
                self._post(ChangeNotSaved(change.visit_id, told))
            case CheckPin(user_id=user_id):
                self._post(PinChecked(user_id, right=False))
                self._post(Trouble(notice))
            case AskJournal(request=request):
                self._post(LookUpAnswered(request, "offline"))
            case AskEarlier() | AskBooked() | ListPeople() | AskTestedBefore():
                # A help that did not come is no trouble of the person at the desk.
                pass
            case RetryParked() | ParkMessage() | DiscardParked() | ConfirmDelivered():
                # Refused means that it moved on meanwhile.
                late = notice is Notice.NOT_SAVED
                self._post(Trouble(Notice.DECISION_TOO_LATE if late else notice))
                self._messages.list_messages(ListMessages())
            case KeepProtocol():
                self._post(Trouble(Notice.PROTOCOL_NOT_KEPT))
            case KeepProfile():
                self._post(ProfileKept(kept=False))
            case PrintVisit(saved=saved):
                self._post(SlipChanged(saved.id, SlipState.FAILED))
            case _:
                self._post(Trouble(notice))

    def _check_pin(self, effect: CheckPin) -> None:
        answer = self._store.check_pin(effect.user_id, effect.pin, now_utc())
        self._post(
            PinChecked(effect.user_id, answer.right, answer.tries_left, answer.locked_seconds)
        )

    def _save_visit(self, effect: SaveVisit) -> None:
        messages = self._compose(effect.visit)
        new = self._store.save_visit(effect.visit, messages, effect.performer, effect.used)
        queued = tuple(one.id for one in messages) if new else ()
        self._post(VisitSaved(effect.visit.id, queued))
        for digest in effect.files:
            self._accept_file(digest)
        self._send_now()
        # The sender may have been quicker than the line above; the desk forgets a delivery of
        # a visit that it does not show yet, so it hears of it again.
        for item in self._store.delivery_of(effect.visit.id):
            self._post(DeliveryChanged(item.id, item.visit_id, item.state, item.failure))

    def _list_today(self, effect: ListToday) -> None:
        self._post(TodayListed(tuple(self._store.visits_since(effect.since))))

    def _read_visit(self, effect: ReadVisit) -> None:
        """Read what the done page needs. A slip printed before makes the next one a copy."""
        store, visit_id = self._store, effect.visit_id
        visit = store.visit(visit_id)
        saved = saved_again(visit)
        if items := store.delivery_of(visit_id):
            saved = saved.standing(tuple(Part(one.id, one.state, one.failure) for one in items))
        last = store.last_slip(visit_id)
        self._post(
            VisitRead(
                replace(
                    saved,
                    copies=store.slips_of(visit_id),
                    slip=SlipState.NOT_ASKED if last is None else SlipState.PRINTED,
                    replaces=last is not None and any(c.made_at > last for c in visit.changes),
                )
            )
        )

    def _save_change(self, effect: SaveChange) -> None:
        """Commit the change; for a wrong child with the right child's visit beside it."""
        change = effect.change
        visit = self._store.visit(change.visit_id)
        anew: Sequence[NewMessage] = ()
        if change.kind is ChangeKind.CORRECTED:
            corrected = replace(visit, changes=(*visit.changes, change))
            anew = self._compose(current(corrected))
        right = moved(visit, uuid7(), effect.to, change.made_at, uuid7) if effect.to else None
        with_messages = (right, self._compose(right)) if right is not None else None
        self._store.save_change(change, anew, with_messages)
        self._post(ChangeSaved(change.visit_id, (right or visit).id))
        self._send_now()

    def _settle_by_hand(self, effect: SettleByHand) -> None:
        self._decide(effect.item_id, lambda store, one: store.made_by_hand(one, effect.performer))
        self._read_visit(ReadVisit(effect.visit_id))
        self._send_now()

    def _keep_profile(self, effect: KeepProfile) -> None:
        rhythm = self._teach(effect.settings)
        self._store.note("scale-taught", effect.user_id, "")
        self._post(ProfileKept(kept=True, rhythm=rhythm))

    def _list_people(self, _: ListPeople) -> None:
        self._post(UsersChanged(self._users()))

    def _keep_look(self, effect: KeepLook) -> None:
        self._store.keep_look(effect.user_id, str(effect.look))

    def _note(self, effect: Note) -> None:
        self._store.note(effect.trace.value, effect.user_id, effect.subject)
