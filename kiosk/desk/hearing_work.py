"""A hearing test at the desk, from choosing the protocol to the confirmed audiogram."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from drivers.hearing import Ear, Tone
from kiosk.hearing import session as s
from kiosk.hearing.arrivals import HeldRecord
from kiosk.hearing.outcome import outcome_of
from kiosk.hearing.protocol import Protocol
from kiosk.hearing.receiving import Received, add, begin
from kiosk.hearing.sends import Send, grown
from kiosk.hearing.session import with_ears_swapped
from kiosk.hearing.unfinished import Unfinished
from kiosk.model.hearing_test import Followed, HearingTest, Outcome, Result, Why
from kiosk.model.performer import Device

Place = tuple[Ear, int]
"""An ear and a frequency in hertz."""


@dataclass(frozen=True, slots=True)
class Audiometer:
    """The audiometer the clinic works with. The station reads it at most and never drives it.

    ``loudest`` is its own maximum in dB HL, ``calibrated_on`` what its certificate says.
    ``protocol`` is proposed first, ``drawing_on_slip`` says that parents may get the drawing,
    ``approvers`` who may sign a protocol.
    """

    device: Device
    loudest: int
    calibrated_on: date | None = None
    protocol: str = ""
    cable: bool = False
    inbox: bool = False
    drawing_on_slip: bool = False
    approvers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EarlierTest:
    """That this child was tested before: earlier today, or with a retest that is awaited."""

    at: datetime
    awaited: bool


@dataclass(frozen=True, slots=True)
class HearingWork:
    """The hearing test of the open child while it is made, looked at or put right.

    ``protocol`` is ``None`` where the one a kept session followed is not on the shelf any more.
    ``begun_at`` is when the first tone was to be given, UTC.
    ``picked`` is a tone the person chose out of turn, ``levels`` says that its level is asked for;
    ``strips`` that levels are given for every tone. ``known``: this hearing loss is followed up
    already. ``corrects`` is the saved test that is being put right. ``received`` is what came from
    the audiometer, by cable (``held`` are its rows in the store, ``send`` the press of *send* that
    the last of them is of) or as a file (``digest``), and ``swapped`` says that its ears changed
    places.
    """

    protocol: Protocol | None
    first_ear: Ear = Ear.RIGHT
    is_retest: bool = False
    before: EarlierTest | None = None
    session: s.Session | None = None
    begun_at: datetime | None = None
    picked: Place | None = None
    levels: bool = False
    strips: bool = False
    known: bool = False
    corrects: HearingTest | None = None
    received: Received | None = field(default=None, repr=False)
    held: tuple[UUID, ...] = ()
    send: Send | None = None
    digest: str = ""
    swapped: bool = False

    def emptied(self) -> HearingWork:
        """With nothing of what came; all of it waits again."""
        return replace(self, received=None, held=(), send=None, digest="", swapped=False)

    @property
    def place(self) -> Place | None:
        """The tone that is to be answered now; ``None`` when every one has an answer."""
        if self.picked is not None:
            return self.picked
        following = s.next_tone(self.session) if self.session is not None else None
        return following[:2] if following is not None else None

    @property
    def tones(self) -> tuple[Tone, ...]:
        """The audiogram so far."""
        if self.received is not None:
            told = self.received.tones
            return with_ears_swapped(told) if self.swapped else told
        return s.tones(self.session) if self.session is not None else ()

    @property
    def answered(self) -> int:
        """How many tones have an answer."""
        return len(s.answers(self.session)) if self.session is not None else 0

    @property
    def followed(self) -> Followed | None:
        """The protocol, as the result names it."""
        one, session = self.protocol, self.session
        if one is not None:
            return Followed(one.id, one.version, one.hash, one.approved_by)
        return Followed(session.protocol, "", session.protocol_hash) if session else None

    def outcome(self, on: date) -> Outcome:
        """What the protocol makes of it, or what a person said about this hearing."""
        if self.known:
            return Outcome(Result.ALREADY_KNOWN)
        if self.protocol is None:
            return Outcome(None, Why.GAPS)
        return outcome_of(self.protocol, self.tones, on, is_retest=self.is_retest)


@dataclass(frozen=True, slots=True)
class Left:
    """A test that was begun and never finished, and when its last answer was given."""

    at: datetime
    test: Unfinished

    @property
    def id(self) -> UUID:
        """The id of the session."""
        return self.test.id


def with_record(work: HearingWork, held: HeldRecord) -> HearingWork:
    """What is shown already together with this record."""
    received, send = work.received or begin(), work.send
    for record in held.received.records:
        received = add(received, record)
        send = grown(send, record, held.at) if send is not None else Send((record,), held.at)
    return replace(work, received=received, send=send, held=(*work.held, held.id))
