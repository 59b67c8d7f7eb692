"""Carries out what the desk wants done with hearing tests. Runs on the workers' threads."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.desk import effects as e
from kiosk.desk import messages as m
from kiosk.desk.hearing_work import EarlierTest, Left
from kiosk.desk.registering import Carrier, carries_out
from kiosk.hearing import quality, received_data, unfinished
from kiosk.hearing.arrivals import HeldRecord
from kiosk.runtime.hearing_ports import HearingKeeper, Shelve


class HearingHands:
    """The hands of the desk for hearing tests."""

    def __init__(
        self,
        keeper: HearingKeeper,
        post: Callable[[m.News], None],
        shelve: Shelve,
        reject: Callable[[str, str], None],
    ) -> None:
        """``shelve`` signs a protocol, keeps it and returns all that are offered now.

        ``reject`` puts a file of the inbox aside with a reason.
        """
        self._shelve = shelve
        self._reject = reject
        self._keeper = keeper
        self._post = post
        self.handlers: tuple[tuple[type, Carrier], ...] = (
            carries_out(e.KeepSession, self._keep_session),
            carries_out(e.DropHearing, self._drop),
            carries_out(e.AskUnfinished, self._ask_unfinished),
            carries_out(e.AskTestedBefore, self._ask_tested_before),
            carries_out(e.KeepCheck, self._keep_check),
            carries_out(e.AskQuality, self._ask_quality),
            carries_out(e.AskRetests, self._ask_retests),
            carries_out(e.SettleRetest, self._settle_retest),
            carries_out(e.KeepProtocol, self._keep_protocol),
            carries_out(e.HoldRecord, self._hold),
            carries_out(e.AskHeld, self._ask_held),
            carries_out(e.RejectFile, self._reject_file),
        )

    def _keep_session(self, effect: e.KeepSession) -> None:
        self._keeper.keep_session(effect.test.id, unfinished.to_data(effect.test))

    def _drop(self, effect: e.DropHearing) -> None:
        self._keeper.drop(effect.ids, effect.user_id)

    def _ask_unfinished(self, _: e.AskUnfinished) -> None:
        """Tests with an answer, or a reason why there is none; a damaged row stays where it is."""
        found = []
        for kept in self._keeper.sessions():
            try:
                test = unfinished.from_data(kept.data)
            except ValueError:
                continue
            if test.session.steps or test.session.end is not None:
                found.append(Left(kept.at, test))
        self._post(m.UnfinishedListed(tuple(found)))

    def _ask_tested_before(self, effect: e.AskTestedBefore) -> None:
        before = self._keeper.before(effect.number, effect.since)
        if before is not None:
            self._post(m.TestedBeforeTold(effect.visit_id, EarlierTest(*before)))

    def _keep_check(self, effect: e.KeepCheck) -> None:
        check = effect.check
        self._keeper.add_check(check.id, check.at, quality.to_data(check), check.user_id)

    def _ask_quality(self, effect: e.AskQuality) -> None:
        """A check that cannot be read counts as none: it is asked for again."""
        checks = []
        for data in self._keeper.checks_since(effect.since):
            try:
                checks.append(quality.from_data(data))
            except ValueError:
                continue
        passed = self._keeper.judged_since(effect.since)
        told = quality.quality_of(
            effect.today, checks, effect.calibrated_on, passed, effect.protocol
        )
        self._post(m.QualityTold(told))

    def _ask_retests(self, _: e.AskRetests) -> None:
        self._post(m.RetestsListed(tuple(self._keeper.awaited())))

    def _settle_retest(self, effect: e.SettleRetest) -> None:
        self._keeper.settle_retest(effect.id, effect.user_id, effect.reason)

    def _keep_protocol(self, effect: e.KeepProtocol) -> None:
        protocols = self._shelve(effect.draft, effect.approved_by, effect.approved_on)
        self._keeper.signed(effect.draft.source.id, effect.user_id)
        self._post(m.ProtocolsChanged(protocols))

    def _hold(self, effect: e.HoldRecord) -> None:
        record = effect.record
        data = received_data.to_data(record.received)
        self._keeper.hold(record.id, record.at, effect.link_id, data)

    def _ask_held(self, _: e.AskHeld) -> None:
        """A damaged row is left where it is: it can be looked into, and stops nothing."""
        found = []
        for kept in self._keeper.held():
            try:
                received = received_data.from_data(kept.data)
            except ValueError:
                continue
            found.append(HeldRecord(kept.id, kept.at, received))
        self._post(m.HeldListed(tuple(found)))

    def _reject_file(self, effect: e.RejectFile) -> None:
        self._reject(effect.digest, effect.code)
        self._keeper.note_file(effect.digest, effect.user_id)
