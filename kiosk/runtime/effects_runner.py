"""Carries out what the desk wants done, on worker threads, and posts the answers.

The screen's thread only hands over; nothing here blocks it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from uuid6 import uuid7

from drivers.driver import Settings
from kiosk.desk.child_form import LookUp
from kiosk.desk.drafts import SavedVisit
from kiosk.desk.messages import Effect, News, Note
from kiosk.desk.notices import Notice
from kiosk.desk.registering import Carrier, carries_out
from kiosk.desk.state import User
from kiosk.features.appearance import GiveTicket, KeepLook, TicketPrinted
from kiosk.features.calibrate import KeepProfile, ProfileKept
from kiosk.features.change import ChangeNotSaved, ChangeSaved, SaveChange, SettleByHand
from kiosk.features.find import AskJournal, LookUpAnswered
from kiosk.features.hearing.day import AskQuality, AskRetests, RecordCheck, TakeOffList
from kiosk.features.hearing.protocol import KeepProtocol
from kiosk.features.hearing.receive import AskHeld, HoldRecord
from kiosk.features.hearing.record import AskTestedBefore
from kiosk.features.hearing.steps import ForgetHearing, KeepSession
from kiosk.features.measure import AskEarlier, EarlierAnswered
from kiosk.features.messages import (
    ConfirmDelivered,
    DiscardParked,
    ListMessages,
    MessagesListed,
    ParkMessage,
    RetryParked,
)
from kiosk.features.save import (
    DrawSlip,
    PrintVisit,
    SaveVisit,
    SlipChanged,
    SlipPreviewed,
    VisitNotSaved,
    VisitSaved,
)
from kiosk.features.sign_in import CheckPin, ListPeople, PinChecked, UsersChanged
from kiosk.features.status import SendNow, Trouble
from kiosk.features.today import (
    AskBooked,
    BookedListed,
    ListToday,
    ReadVisit,
    TodayListed,
    VisitRead,
    saved_again,
)
from kiosk.journal.contract import (
    LookUpFailed,
    PatientAnswer,
    PatientDiffers,
    PatientFound,
    PatientMissing,
    PatientRef,
    PatientSeveral,
)
from kiosk.model.changes import current, moved
from kiosk.model.delivery import Part
from kiosk.model.elsewhere import merged, together
from kiosk.model.lists import WaitingMessage
from kiosk.model.outbox import DeliveryChanged, DiscardReason, NewMessage, OutboxItem
from kiosk.model.slip import SlipPicture, SlipState
from kiosk.model.visit import ChangeKind, Delivery, Visit
from kiosk.runtime.hearing_effects import HearingHands, Shelve
from kiosk.runtime.workers import Workers
from kiosk.store.store import Store
from kiosk.system.clock import now_utc

if TYPE_CHECKING:
    from kiosk.journal.look_up import Looker

MOST_LINES = 60
"""How many messages the status page lists: what needs a person comes first."""

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

WAITING = (Delivery.QUEUED, Delivery.AMBIGUOUS)
"""What a person may hold back."""

LOG = logging.getLogger(__name__)


class Press(Protocol):
    """Draws and prints slips; where the printer is, is known above."""

    def print_slip(self, saved: SavedVisit, copy: int) -> None:
        """Queue the slip of a saved visit; ``copy`` is 0 for the first."""

    def preview(self, saved: SavedVisit, copy: int) -> SlipPicture:
        """The slip as it would be printed."""

    def print_ticket(self, number: int) -> None:
        """Queue a queue ticket with this number."""


class Decide(Protocol):
    """Carries a person's decision out in the store where the message is."""

    def __call__(
        self,
        item_id: UUID,
        what: Callable[[Store, UUID], None],
        states: tuple[Delivery, ...] = ...,
    ) -> None:
        """Returns after the commit; of a visit elsewhere for its messages in ``states``."""


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
        teach: Callable[[Settings], None],
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
        self._elsewhere = elsewhere
        self._accept_file = accept_file
        self._store = store
        self._decide = decide
        self._looker = looker
        self._press = press
        self._compose = compose
        self._send_now = send_now
        self._post = post
        self._trouble_of = trouble_of
        self._teach = teach
        self._users = users
        # Two workers: a look-up that waits for the network must not hold up a commit.
        self._workers = Workers("worker", 2)
        self._saver = Workers("saver", 1)
        own = (
            carries_out(CheckPin, self._check_pin),
            carries_out(AskJournal, self._ask_journal),
            carries_out(AskEarlier, self._ask_earlier),
            carries_out(SaveVisit, self._save_visit),
            carries_out(PrintVisit, self._print),
            carries_out(DrawSlip, self._draw_slip),
            carries_out(GiveTicket, self._give_ticket),
            carries_out(RetryParked, self._retry),
            carries_out(ParkMessage, self._hold),
            carries_out(DiscardParked, self._discard),
            carries_out(ConfirmDelivered, self._confirm),
            carries_out(ListMessages, self._list_messages),
            carries_out(ListToday, self._list_today),
            carries_out(AskBooked, self._ask_booked),
            carries_out(ReadVisit, self._read_visit),
            carries_out(SaveChange, self._save_change),
            carries_out(SettleByHand, self._settle_by_hand),
            carries_out(KeepProfile, self._keep_profile),
            carries_out(KeepLook, self._keep_look),
            carries_out(ListPeople, self._list_people),
            carries_out(Note, self._note),
        )
        hearing_hands = HearingHands(store.hearing, post, shelve, reject_file)
        self._handlers: dict[type, Carrier] = dict((*own, *hearing_hands.handlers))

    def perform(self, effect: Effect) -> None:
        """Hand an effect to a worker; returns at once."""
        if isinstance(effect, SendNow):
            self._send_now()
            return
        pool = self._saver if isinstance(effect, IN_ORDER) else self._workers
        pool.submit(partial(self._guarded, self._handlers[type(effect)], effect))

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
                self._list_messages(ListMessages())
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

    def _ask_journal(self, effect: AskJournal) -> None:
        looker = self._looker()
        if looker is None:
            self._post(LookUpAnswered(effect.request, LookUp.OFFLINE.value))
            return
        answer = looker.ask(effect.number, effect.kind, effect.birth_date).result()
        self._post(_looked_up(effect.request, answer))

    def _ask_earlier(self, effect: AskEarlier) -> None:
        looker, patient = self._looker(), PatientRef(effect.patient)
        values = looker.ask_earlier(patient).result() if looker is not None else ()
        self._post(EarlierAnswered(effect.visit_id, tuple(values)))

    def _ask_booked(self, effect: AskBooked) -> None:
        looker = self._looker()
        booked = looker.ask_booked(effect.since, effect.until).result() if looker else ()
        self._post(BookedListed(tuple(booked)))

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

    def _print(self, effect: PrintVisit) -> None:
        press = self._press()
        if press is None:
            self._post(SlipChanged(effect.saved.id, SlipState.FAILED))
            return
        press.print_slip(effect.saved, effect.copy)

    def _draw_slip(self, effect: DrawSlip) -> None:
        press = self._press()
        if press is not None:
            picture = press.preview(effect.saved, effect.copy)
            self._post(SlipPreviewed(effect.saved.id, picture))

    def _give_ticket(self, effect: GiveTicket) -> None:
        press = self._press()
        if press is not None:
            number = self._store.next_ticket(effect.day)
            press.print_ticket(number)
            self._post(TicketPrinted(number))

    def _retry(self, effect: RetryParked) -> None:
        self._decide(effect.item_id, lambda store, one: store.retry(one, effect.performer))
        self._send_now()
        self._list_messages(ListMessages())

    def _hold(self, effect: ParkMessage) -> None:
        person = effect.performer
        self._decide(effect.item_id, lambda store, one: store.hold(one, person), WAITING)
        self._list_messages(ListMessages())

    def _discard(self, effect: DiscardParked) -> None:
        why, person = effect.reason, effect.performer
        self._decide(effect.item_id, lambda store, one: store.discard(one, why, person))
        self._list_messages(ListMessages())

    def _confirm(self, effect: ConfirmDelivered) -> None:
        person = effect.performer
        self._decide(effect.item_id, lambda store, one: store.confirm(one, person))
        self._list_messages(ListMessages())

    def _list_messages(self, _: ListMessages) -> None:
        there = self._elsewhere()
        others = {item.id for item in there}
        items = merged(self._store.to_look_at(MOST_LINES), there, MOST_LINES)
        lines = tuple(replace(_line(item), elsewhere=item.id in others) for item in items)
        self._post(MessagesListed(lines, together(self._store.counts(), there)))

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
        self._teach(effect.settings)
        self._store.note("scale-taught", effect.user_id, "")
        self._post(ProfileKept(kept=True))

    def _list_people(self, _: ListPeople) -> None:
        self._post(UsersChanged(self._users()))

    def _keep_look(self, effect: KeepLook) -> None:
        self._store.keep_look(effect.user_id, str(effect.look))

    def _note(self, effect: Note) -> None:
        self._store.note(effect.trace.value, effect.user_id, effect.subject)


def _looked_up(request: int, answer: PatientAnswer) -> LookUpAnswered:
    match answer:
        case PatientFound(reference=reference, given_name=name, protected=protected):
            return LookUpAnswered(request, LookUp.FOUND.value, reference, name, protected)
        case PatientMissing():
            return LookUpAnswered(request, LookUp.MISSING.value)
        case PatientSeveral():
            return LookUpAnswered(request, LookUp.SEVERAL.value)
        case PatientDiffers():
            return LookUpAnswered(request, "differs")
        case LookUpFailed():
            return LookUpAnswered(request, LookUp.OFFLINE.value)


def _line(item: OutboxItem) -> WaitingMessage:
    given_up = item.state is Delivery.DISCARDED
    return WaitingMessage(
        item.id,
        item.visit_id,
        # Of a handed-over visit the clinic's database names the interface that stopped.
        item.remote if item.state is Delivery.REJECTED and item.remote else item.adapter,
        item.created,
        item.state,
        item.attempts,
        None if given_up else item.failure,
        item.detail,
        DiscardReason(item.remote) if given_up else None,
    )
