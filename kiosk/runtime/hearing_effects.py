"""Carries out what the desk wants done with hearing tests. Runs on the workers' threads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from kiosk.desk.hearing_work import EarlierTest, Left
from kiosk.desk.messages import News
from kiosk.desk.registering import Carrier, carries_out
from kiosk.features.hearing.audiogram import AskUnfinished, UnfinishedListed
from kiosk.features.hearing.begin import AskTestedBefore, TestedBeforeTold
from kiosk.features.hearing.check import AskQuality, QualityTold, RecordCheck
from kiosk.features.hearing.follow_up import AskRetests, RetestsListed, TakeOffList
from kiosk.features.hearing.protocol import KeepProtocol, ProtocolsChanged
from kiosk.features.hearing.receive import AskHeld, HeldListed, HoldRecord, RejectFile
from kiosk.features.hearing.steps import ForgetHearing, KeepSession
from kiosk.hearing import quality, received_data, unfinished
from kiosk.hearing.arrivals import HeldRecord
from kiosk.hearing.filling import ProtocolDraft
from kiosk.hearing.protocol import Protocol
from kiosk.store.hearing.hearing_store import HearingStore

Shelve = Callable[[ProtocolDraft, str, date], tuple[Protocol, ...]]
"""Signs a protocol by a name on a day and returns all that are offered now."""


class HearingEffects:
    """The hands of the desk for hearing tests."""

    def __init__(
        self,
        store: HearingStore,
        post: Callable[[News], None],
        shelve: Shelve,
        reject: Callable[[str, str], None],
    ) -> None:
        """``shelve`` signs a protocol, keeps it and returns all that are offered now.

        ``reject`` puts a file of the inbox aside with a reason.
        """
        self._shelve = shelve
        self._reject = reject
        self._store = store
        self._post = post
        self.handlers: tuple[tuple[type, Carrier], ...] = (
            carries_out(KeepSession, self._keep_session),
            carries_out(ForgetHearing, self._drop),
            carries_out(AskUnfinished, self._ask_unfinished),
            carries_out(AskTestedBefore, self._ask_tested_before),
            carries_out(RecordCheck, self._keep_check),
            carries_out(AskQuality, self._ask_quality),
            carries_out(AskRetests, self._ask_retests),
            carries_out(TakeOffList, self._settle_retest),
            carries_out(KeepProtocol, self._keep_protocol),
            carries_out(HoldRecord, self._hold),
            carries_out(AskHeld, self._ask_held),
            carries_out(RejectFile, self._reject_file),
        )

    def _keep_session(self, effect: KeepSession) -> None:
        self._store.keep_session(effect.test.id, unfinished.to_data(effect.test))

    def _drop(self, effect: ForgetHearing) -> None:
        self._store.drop(effect.ids, effect.user_id)

    def _ask_unfinished(self, _: AskUnfinished) -> None:
        """Tests with an answer, or a reason why there is none; a damaged row stays where it is."""
        found = []
        for kept in self._store.sessions():
            try:
                test = unfinished.from_data(kept.data)
            except ValueError:
                continue
            if test.session.steps or test.session.end is not None:
                found.append(Left(kept.at, test))
        self._post(UnfinishedListed(tuple(found)))

    def _ask_tested_before(self, effect: AskTestedBefore) -> None:
        before = self._store.before(effect.number, effect.since)
        if before is not None:
            self._post(TestedBeforeTold(effect.visit_id, EarlierTest(*before)))

    def _keep_check(self, effect: RecordCheck) -> None:
        check = effect.check
        self._store.add_check(check.id, check.at, quality.to_data(check), check.user_id)

    def _ask_quality(self, effect: AskQuality) -> None:
        """A check that cannot be read counts as none: it is asked for again."""
        checks = []
        for data in self._store.checks_since(effect.since):
            try:
                checks.append(quality.from_data(data))
            except ValueError:
                continue
        passed = self._store.judged_since(effect.since)
        told = quality.quality_of(
            effect.today, checks, effect.calibrated_on, passed, effect.protocol
        )
        self._post(QualityTold(told))

    def _ask_retests(self, _: AskRetests) -> None:
        self._post(RetestsListed(tuple(self._store.awaited())))

    def _settle_retest(self, effect: TakeOffList) -> None:
        self._store.settle_retest(effect.id, effect.user_id, effect.reason)

    def _keep_protocol(self, effect: KeepProtocol) -> None:
        protocols = self._shelve(effect.draft, effect.approved_by, effect.approved_on)
        self._store.signed(effect.draft.source.id, effect.user_id)
        self._post(ProtocolsChanged(protocols))

    def _hold(self, effect: HoldRecord) -> None:
        record = effect.record
        data = received_data.to_data(record.received)
        self._store.hold(record.id, record.at, effect.link_id, data)

    def _ask_held(self, _: AskHeld) -> None:
        """A damaged row is left where it is: it can be looked into, and stops nothing."""
        found = []
        for kept in self._store.held():
            try:
                received = received_data.from_data(kept.data)
            except ValueError:
                continue
            found.append(HeldRecord(kept.id, kept.at, received))
        self._post(HeldListed(tuple(found)))

    def _reject_file(self, effect: RejectFile) -> None:
        self._reject(effect.digest, effect.code)
        self._store.note_file(effect.digest, effect.user_id)
