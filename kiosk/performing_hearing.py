"""Carries out what the desk wants done with hearing tests. Runs on the workers' threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kiosk.core.desk import effects as e
from kiosk.core.desk import messages as m
from kiosk.core.desk.hearing_work import EarlierTest, Left
from kiosk.core.hearing import unfinished
from kiosk.needs_hearing import HearingKeeper


class HearingHands:
    """The hands of the desk for hearing tests."""

    def __init__(self, keeper: HearingKeeper, post: Callable[[m.News], None]) -> None:
        self._keeper = keeper
        self._post = post
        self.handlers: dict[type, Callable[[Any], None]] = {
            e.KeepSession: self._keep_session,
            e.DropHearing: self._drop,
            e.AskUnfinished: self._ask_unfinished,
            e.AskTestedBefore: self._ask_tested_before,
        }

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
