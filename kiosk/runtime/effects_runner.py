"""Carries out what the desk wants done, on worker threads, and posts the answers.

The screen's thread only hands over; nothing here blocks it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from uuid6 import uuid7

from drivers.driver import Settings
from kiosk.desk import effects as e
from kiosk.desk import messages as m
from kiosk.desk.notices import Notice
from kiosk.desk.registering import Carrier, carries_out
from kiosk.desk.state import User
from kiosk.features.today import saved_again
from kiosk.model.changes import current, moved
from kiosk.model.delivery import Part
from kiosk.model.lists import WaitingMessage
from kiosk.model.outbox import DeliveryChanged, DiscardReason, NewMessage, OutboxItem
from kiosk.model.slip import SlipState
from kiosk.model.visit import ChangeKind, Delivery
from kiosk.runtime.hearing_effects import HearingHands
from kiosk.runtime.hearing_ports import HearingKeeper, Inbox, Shelve
from kiosk.runtime.ports import Composer, Decisions, Enquirer, Keeper, Press
from kiosk.runtime.workers import Workers
from kiosk.system.clock import now_utc

MOST_LINES = 60
"""How many messages the status page lists: what needs a person comes first."""

IN_ORDER = (
    e.SaveVisit,
    e.SaveChange,
    e.KeepSession,
    e.DropHearing,
    e.KeepCheck,
    e.AskQuality,
    e.SettleRetest,
    e.AskRetests,
    e.HoldRecord,
    e.AskHeld,
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
        keeper: Keeper,
        decisions: Decisions,
        enquirer: Enquirer,
        press: Press | None,
        composer: Composer,
        send_now: Callable[[], None],
        post: Callable[[m.News], None],
        trouble_of: Callable[[BaseException], Notice],
        teach: Callable[[Settings], None],
        users: Callable[[], tuple[User, ...]],
        hearing: HearingKeeper,
        shelve: Shelve,
        inbox: Inbox,
    ) -> None:
        self._inbox = inbox
        self._keeper = keeper
        self._decisions = decisions
        self._enquirer = enquirer
        self._press = press
        self._composer = composer
        self._send_now = send_now
        self._post = post
        self._trouble_of = trouble_of
        self._teach = teach
        self._users = users
        # Two workers: a look-up that waits for the network must not hold up a commit.
        self._workers = Workers("worker", 2)
        self._saver = Workers("saver", 1)
        own = (
            carries_out(e.CheckPin, self._check_pin),
            carries_out(e.AskJournal, self._ask_journal),
            carries_out(e.AskEarlier, self._ask_earlier),
            carries_out(e.SaveVisit, self._save_visit),
            carries_out(e.PrintVisit, self._print),
            carries_out(e.DrawSlip, self._draw_slip),
            carries_out(e.GiveTicket, self._give_ticket),
            carries_out(e.RetryParked, self._retry),
            carries_out(e.ParkMessage, self._hold),
            carries_out(e.DiscardParked, self._discard),
            carries_out(e.ListMessages, self._list_messages),
            carries_out(e.ListToday, self._list_today),
            carries_out(e.AskBooked, self._ask_booked),
            carries_out(e.ReadVisit, self._read_visit),
            carries_out(e.SaveChange, self._save_change),
            carries_out(e.SettleByHand, self._settle_by_hand),
            carries_out(e.KeepProfile, self._keep_profile),
            carries_out(e.KeepLook, self._keep_look),
            carries_out(e.ListPeople, self._list_people),
            carries_out(e.Note, self._note),
        )
        hearing_hands = HearingHands(hearing, post, shelve, self._reject)
        self._handlers: dict[type, Carrier] = dict((*own, *hearing_hands.handlers))

    def perform(self, effect: e.Effect) -> None:
        """Hand an effect to a worker; returns at once."""
        if isinstance(effect, e.SendNow):
            self._send_now()
            return
        pool = self._saver if isinstance(effect, IN_ORDER) else self._workers
        pool.submit(partial(self._guarded, self._handlers[type(effect)], effect))

    def close(self) -> None:
        """Finish what is under way and stop the workers."""
        self._saver.close(FINISH_SECONDS)
        self._workers.close(FINISH_SECONDS)

    def _guarded(self, handler: Callable[[Any], None], effect: e.Effect) -> None:
        try:
            handler(effect)
        except Exception as error:  # noqa: BLE001 - a worker that dies would leave the desk waiting
            # The type only: an exception's text may hold what must not be logged.
            LOG.error("%s failed: %s", type(effect).__name__, type(error).__name__)
            self._answer_failure(effect, error)

    def _answer_failure(self, effect: e.Effect, error: BaseException) -> None:
        notice = self._trouble_of(error)
        match effect:
            case e.SaveVisit(visit=visit):
                self._post(m.VisitNotSaved(visit.id, notice))
            case e.SaveChange(change=change):
                # The usual words speak of measurements; here it is a change that was not saved.
                told = Notice.CHANGE_NOT_SAVED if notice is Notice.NOT_SAVED else notice
                self._post(m.ChangeNotSaved(change.visit_id, told))
            case e.CheckPin(user_id=user_id):
                self._post(m.PinChecked(user_id, right=False))
                self._post(m.Trouble(notice))
            case e.AskJournal(request=request):
                self._post(m.LookUpAnswered(request, "offline"))
            case e.AskEarlier() | e.AskBooked() | e.ListPeople() | e.AskTestedBefore():
                # A help that did not come is no trouble of the person at the desk.
                pass
            case e.RetryParked() | e.ParkMessage() | e.DiscardParked():
                # Refused means that it moved on meanwhile.
                late = notice is Notice.NOT_SAVED
                self._post(m.Trouble(Notice.DECISION_TOO_LATE if late else notice))
                self._list_messages(e.ListMessages())
            case e.KeepProtocol():
                self._post(m.Trouble(Notice.PROTOCOL_NOT_KEPT))
            case e.KeepProfile():
                self._post(m.ProfileKept(kept=False))
            case e.PrintVisit(saved=saved):
                self._post(m.SlipChanged(saved.id, SlipState.FAILED))
            case _:
                self._post(m.Trouble(notice))

    def _check_pin(self, effect: e.CheckPin) -> None:
        answer = self._keeper.check_pin(effect.user_id, effect.pin, now_utc())
        self._post(
            m.PinChecked(effect.user_id, answer.right, answer.tries_left, answer.locked_seconds)
        )

    def _ask_journal(self, effect: e.AskJournal) -> None:
        found = self._enquirer.look_up(effect.number, effect.kind, effect.birth_date)
        self._post(
            m.LookUpAnswered(
                effect.request, found.outcome, found.patient, found.given_name, found.protected
            )
        )

    def _ask_earlier(self, effect: e.AskEarlier) -> None:
        values = tuple(self._enquirer.earlier(effect.patient))
        self._post(m.EarlierAnswered(effect.visit_id, values))

    def _ask_booked(self, effect: e.AskBooked) -> None:
        booked = self._enquirer.booked(effect.since, effect.until)
        self._post(m.BookedListed(tuple(booked)))

    def _save_visit(self, effect: e.SaveVisit) -> None:
        messages = self._composer.compose(effect.visit)
        new = self._keeper.save_visit(effect.visit, messages, effect.performer, effect.used)
        queued = tuple(one.id for one in messages) if new else ()
        self._post(m.VisitSaved(effect.visit.id, queued))
        for digest in effect.files:
            self._inbox.accept(digest)
        self._send_now()
        # The sender may have been quicker than the line above; the desk forgets a delivery of
        # a visit that it does not show yet, so it hears of it again.
        for item in self._keeper.delivery_of(effect.visit.id):
            self._post(DeliveryChanged(item.id, item.visit_id, item.state, item.failure))

    def _print(self, effect: e.PrintVisit) -> None:
        if self._press is None:
            self._post(m.SlipChanged(effect.saved.id, SlipState.FAILED))
            return
        self._press.print_slip(effect.saved, effect.copy)

    def _reject(self, digest: str, code: str) -> None:
        self._inbox.reject(digest, code)

    def _draw_slip(self, effect: e.DrawSlip) -> None:
        if self._press is not None:
            picture = self._press.preview(effect.saved, effect.copy)
            if picture is not None:
                self._post(m.SlipPreviewed(effect.saved.id, picture))

    def _give_ticket(self, effect: e.GiveTicket) -> None:
        if self._press is not None:
            number = self._keeper.next_ticket(effect.day)
            self._press.print_ticket(number)
            self._post(m.TicketPrinted(number))

    def _retry(self, effect: e.RetryParked) -> None:
        self._decisions.retry(effect.item_id, effect.performer)
        self._send_now()
        self._list_messages(e.ListMessages())

    def _hold(self, effect: e.ParkMessage) -> None:
        self._decisions.hold(effect.item_id, effect.performer)
        self._list_messages(e.ListMessages())

    def _discard(self, effect: e.DiscardParked) -> None:
        self._decisions.discard(effect.item_id, effect.reason, effect.performer)
        self._list_messages(e.ListMessages())

    def _list_messages(self, _: e.ListMessages) -> None:
        lines = tuple(_line(item) for item in self._keeper.to_look_at(MOST_LINES))
        self._post(m.MessagesListed(lines, self._keeper.counts()))

    def _list_today(self, effect: e.ListToday) -> None:
        self._post(m.TodayListed(tuple(self._keeper.visits_since(effect.since))))

    def _read_visit(self, effect: e.ReadVisit) -> None:
        """Read what the done page needs. A slip printed before makes the next one a copy."""
        keeper, visit_id = self._keeper, effect.visit_id
        visit = keeper.visit(visit_id)
        saved = saved_again(visit)
        if items := keeper.delivery_of(visit_id):
            saved = saved.standing(tuple(Part(one.id, one.state, one.failure) for one in items))
        last = keeper.last_slip(visit_id)
        self._post(
            m.VisitRead(
                replace(
                    saved,
                    copies=keeper.slips_of(visit_id),
                    slip=SlipState.NOT_ASKED if last is None else SlipState.PRINTED,
                    replaces=last is not None and any(c.made_at > last for c in visit.changes),
                )
            )
        )

    def _save_change(self, effect: e.SaveChange) -> None:
        """Commit the change; for a wrong child with the right child's visit beside it."""
        change = effect.change
        visit = self._keeper.visit(change.visit_id)
        anew: Sequence[NewMessage] = ()
        if change.kind is ChangeKind.CORRECTED:
            corrected = replace(visit, changes=(*visit.changes, change))
            anew = self._composer.compose(current(corrected))
        right = moved(visit, uuid7(), effect.to, change.made_at, uuid7) if effect.to else None
        with_messages = (right, self._composer.compose(right)) if right is not None else None
        self._keeper.save_change(change, anew, with_messages)
        self._post(m.ChangeSaved(change.visit_id, (right or visit).id))
        self._send_now()

    def _settle_by_hand(self, effect: e.SettleByHand) -> None:
        self._decisions.made_by_hand(effect.item_id, effect.performer)
        self._read_visit(e.ReadVisit(effect.visit_id))
        self._send_now()

    def _keep_profile(self, effect: e.KeepProfile) -> None:
        self._teach(effect.settings)
        self._keeper.note("scale-taught", effect.user_id, "")
        self._post(m.ProfileKept(kept=True))

    def _list_people(self, _: e.ListPeople) -> None:
        self._post(m.UsersChanged(self._users()))

    def _keep_look(self, effect: e.KeepLook) -> None:
        self._keeper.keep_look(effect.user_id, str(effect.look))

    def _note(self, effect: e.Note) -> None:
        self._keeper.note(effect.trace.value, effect.user_id, effect.subject)


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
