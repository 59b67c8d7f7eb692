"""A hearing test beside the measured values: to begin it, to look it over, to put it right."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from kivy.uix.boxlayout import BoxLayout

from kiosk.desk.hearing_work import HearingWork
from kiosk.features.hearing.audiogram import CorrectHearing, RemoveHearing
from kiosk.features.hearing.begin import OpenHearing
from kiosk.language.texts import tr
from kiosk.model.hearing_test import HearingTest
from kiosk.ui import theme
from kiosk.ui.parts.values import BUTTONS_WIDTH, Told, correction_row
from kiosk.ui.port import Send
from kiosk.ui.touch_guard import Deed
from kiosk.ui.widgets.boxes import Slot, column, row, space
from kiosk.ui.widgets.button import PushButton
from kiosk.ui.widgets.growing import stands
from kiosk.ui.widgets.text import BoxText, FitText, stand
from kiosk.ui.words.hearing import outcome_text, retest_text, test_how, test_text

VALUE_HEIGHT = 42
ROW_HEIGHT = 116


class HearingRow(BoxLayout):
    """The line of the measuring page for hearing."""

    def __init__(self, send: Send) -> None:
        super().__init__(
            spacing=theme.px(12),
            padding=(theme.px(8), 0),
            size_hint_y=None,
            height=max(theme.px(ROW_HEIGHT), theme.mm(theme.TOUCH) + theme.px(8)),
        )
        self.test_id = "row-hearing"
        self._send = send
        self._label = FitText(
            tr("Hørsel"), size=theme.SMALL, weight="semibold", colour=theme.SUBTLE, least=18
        )
        self._value = FitText("", size=30, weight="bold", test_id="value-hearing")
        self._how = FitText("", size=theme.SMALL, colour=theme.SUBTLE, least=18)
        for text, height in ((self._label, 30), (self._value, VALUE_HEIGHT), (self._how, 28)):
            stand(text, height)
        words = column(space(), self._label, self._value, self._how, space(), gap=0)
        self._open = PushButton(
            tr("Test hørsel"),
            lambda: send(OpenHearing()),
            icon="ear",
            tight=True,
            size=theme.SMALL,
            height_mm=theme.TOUCH,
            test_id="hearing",
        )
        self._again = PushButton(
            "",
            lambda: send(OpenHearing()),
            icon="repeat",
            height_mm=theme.TOUCH_MIN,
            test_id="hearing-again",
        )
        self._remove = PushButton(
            "",
            lambda: None,
            deed=Deed.COMMITS,
            icon="trash",
            height_mm=theme.TOUCH_MIN,
            test_id="remove-hearing",
        )
        self._both = row(
            self._again, self._remove, gap=18, size_hint_y=None, height=self._again.height
        )
        self._buttons = Slot(size_hint_y=None, height=self._open.height)
        side = column(space(), self._buttons, space(), gap=0)
        side.size_hint_x, side.width = None, theme.px(BUTTONS_WIDTH)
        self.add_widget(words)
        self.add_widget(side)

    def show(self, tests: Sequence[HearingTest], work: HearingWork | None) -> None:
        """Show what was confirmed, what is under way, or that nothing was tested."""
        begun = work is not None and work.session is not None
        test = tests[-1] if tests and not begun else None
        self._value.say(test_text(test) if test is not None else "")
        stands(self._value, theme.px(VALUE_HEIGHT) if test is not None else 0)
        if begun and work is not None:
            self._how.say(tr("ikke bekreftet"))
        else:
            self._how.say(test_how(test) if test is not None else tr("ikke testet"))
        self._open.say(tr("Fortsett") if begun else tr("Test hørsel"))
        held = self._open if test is None else self._both
        self._buttons.height = held.height
        self._buttons.put(held)
        if test is not None:
            self._remove.act = partial(self._send, RemoveHearing(test.id))


class HearingReviewRow(BoxLayout):
    """A hearing test to look over: what it says, and how it came about."""

    def __init__(self, test: HearingTest) -> None:
        super().__init__(spacing=theme.px(18))
        self.test_id = "review-hearing"
        name = BoxText(tr("Hørsel"), size=theme.BODY, weight="semibold", colour=theme.SUBTLE)
        value = FitText(test_text(test), size=40, weight="bold", align="right")
        # The value beside it says already that it is to be tested again.
        said = f"{test_how(test)}\n{retest_text(test.outcome) or outcome_text(test.outcome)}"
        how = BoxText(said, size=theme.SMALL, colour=theme.SUBTLE)
        for text, share in ((name, 0.82), (value, 0.88), (how, 1.1)):
            text.size_hint_x = share
            self.add_widget(text)


def hearing_change_row(test: HearingTest, send: Send, *, tight: bool) -> BoxLayout:
    """A hearing test on the page of what can be put right."""
    told = Told(tr("Hørsel"), test_text(test), test_how(test))
    return correction_row(told, "hearing", partial(send, CorrectHearing(test.id)), tight=tight)


def hearing_column(test: HearingTest, *, corrected: bool) -> BoxLayout:
    """A hearing test below its name on the done page."""
    parts = [
        FitText(tr("Hørsel"), size=theme.SMALL, colour=theme.SUBTLE, least=18, align="center"),
        FitText(test_text(test), size=28, weight="semibold", align="center"),
    ]
    if corrected:
        parts.append(FitText("", size=theme.SMALL))
    for text, height in zip(parts, (30, 46, 32), strict=False):
        stand(text, height)
    return column(*parts, space(), gap=0)
