"""The slip on request: its language, how the child is called on it, a look at it, and a copy."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from uuid import UUID

from kiosk.desk.drafts import SavedVisit
from kiosk.desk.messages import DeskNews, Effect, Note, Touch, Trace
from kiosk.desk.over import Ask, Preview, SlipLanguages
from kiosk.desk.pages import Done
from kiosk.desk.registering import Registered, on
from kiosk.desk.rules import DeskRules
from kiosk.desk.state import Desk, Step, told_sessions
from kiosk.features.change import is_taken_back
from kiosk.features.save import with_saved
from kiosk.model.slip import ReprintReason, SlipName, SlipPicture, SlipState


@dataclass(frozen=True, slots=True)
class OpenSlipLanguages(Touch):
    """Show the languages a slip can be written in."""


@dataclass(frozen=True, slots=True)
class ChooseSlipLanguage(Touch):
    """The language of the slip, as the parents wish."""

    code: str


@dataclass(frozen=True, slots=True)
class ChooseSlipName(Touch):
    """How the child is called on the slip."""

    name: SlipName


@dataclass(frozen=True, slots=True)
class PreviewSlip(Touch):
    """Show what the slip would look like."""


@dataclass(frozen=True, slots=True)
class PrintSlip(Touch):
    """The parent wants a slip, or another one (marked KOPI)."""


@dataclass(frozen=True, slots=True)
class Reprint(Touch):
    """Another slip is wanted, for this reason."""

    reason: ReprintReason


@dataclass(frozen=True, slots=True)
class SlipPreviewed(DeskNews):
    """What the slip would look like."""

    visit_id: UUID
    picture: SlipPicture


@dataclass(frozen=True, slots=True)
class SlipChanged(DeskNews):
    """The slip of a visit moved."""

    visit_id: UUID
    state: SlipState


@dataclass(frozen=True, slots=True)
class PrintVisit(Effect):
    """Print a slip; ``copy`` is 0 for the first one and counts reprints."""

    saved: SavedVisit = field(repr=False)
    copy: int
    answered_by = (SlipChanged,)


@dataclass(frozen=True, slots=True)
class DrawSlip(Effect):
    """Draw what would be printed; answered by ``SlipPreviewed``."""

    saved: SavedVisit = field(repr=False)
    copy: int
    answered_by = (SlipPreviewed,)


SLIP_UNDER_WAY = frozenset({SlipState.QUEUED, SlipState.PRINTING})


ON_PAPER = frozenset({SlipState.PRINTED, SlipState.UNCERTAIN})
"""A slip may be in somebody's hands already."""


def choose_slip_name(desk: Desk, message: ChooseSlipName) -> Step:
    """How the child is called on the slip; the parent chooses."""
    page = desk.page
    if not isinstance(page, Done):
        return desk, ()
    return desk.put(replace(page, saved=replace(page.saved, slip_name=message.name))), ()


def open_slip_languages(desk: Desk, rules: DeskRules) -> Step:
    """Ask in which language the parents want the slip."""
    if not isinstance(desk.page, Done):
        return desk, ()
    return desk.asked(SlipLanguages(rules.slip_languages), desk.front.notice), ()


def choose_slip_language(desk: Desk, message: ChooseSlipLanguage, rules: DeskRules) -> Step:
    """The language of the slip; the parent chooses."""
    page = desk.page
    if not isinstance(page, Done) or message.code not in rules.slip_languages:
        return desk, ()
    saved = replace(page.saved, slip_language=message.code)
    return desk.turned(replace(page, saved=saved), desk.front.notice), ()


def preview_slip(desk: Desk) -> Step:
    """Draw the slip as it would be printed now."""
    page = desk.page
    if not isinstance(page, Done) or is_taken_back(page.saved.change):
        return desk, ()
    return desk, (DrawSlip(page.saved, page.saved.copies),)


def slip_previewed(desk: Desk, message: SlipPreviewed) -> Step:
    """Show the picture, if its visit is still the one on the page and nothing lies over it."""
    page = desk.page
    if not isinstance(page, Done) or page.saved.id != message.visit_id or desk.over is not None:
        return desk, ()
    return desk.asked(Preview(message.picture), desk.front.notice), ()


def print_slip(desk: Desk) -> Step:
    """Print on request. A further one is a copy with a reason; a protected child's has one too."""
    desk = replace(desk, front=desk.front.uncovered())
    page = desk.page
    if not isinstance(page, Done) or page.saved.slip in SLIP_UNDER_WAY:
        return desk, ()
    saved = page.saved
    if is_taken_back(saved.change):
        return desk, ()
    if saved.child.protected or (saved.slip in ON_PAPER and not saved.replaces):
        return desk.asked(Ask.REPRINTING), ()
    return _printed(desk, page)


def reprint(desk: Desk, message: Reprint) -> Step:
    """Print another one for a reason, which stays in the trail."""
    page, user = desk.page, desk.user
    if not isinstance(page, Done) or user is None or page.saved.slip in SLIP_UNDER_WAY:
        return desk, ()
    if desk.over is not Ask.REPRINTING:
        return desk, ()
    printed, effects = _printed(desk, page)
    note = Note(Trace.REPRINTED, user.user_id, f"{page.saved.id} {message.reason.value}")
    return printed, (*effects, note)


def _printed(desk: Desk, page: Done) -> Step:
    saved = page.saved
    queued = replace(saved, slip=SlipState.QUEUED, copies=saved.copies + 1, replaces=False)
    return desk.turned(replace(page, saved=queued)), (PrintVisit(saved, saved.copies),)


def slip_changed(desk: Desk, message: SlipChanged) -> Step:
    """The printer took, finished or lost the slip."""
    return told_sessions(
        desk,
        lambda session: with_saved(
            session, message.visit_id, lambda saved: replace(saved, slip=message.state)
        ),
    )


HANDLERS: tuple[Registered, ...] = (
    on(ChooseSlipName, choose_slip_name),
    on(PrintSlip, print_slip),
    on(SlipChanged, slip_changed),
    on(Reprint, reprint),
    on(PreviewSlip, preview_slip),
    on(SlipPreviewed, slip_previewed),
    on(OpenSlipLanguages, open_slip_languages),
    on(ChooseSlipLanguage, choose_slip_language),
)
