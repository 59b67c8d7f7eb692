"""Which of the lines a scale sent belongs to a display that a person has just typed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from drivers.driver import Rhythm, Settings
from drivers.learning import ending_of
from drivers.profile import RHYTHM
from drivers.scales.taught import ENDINGS

EQUAL: Final = 3
"""Lines that must be the same before one is believed, where the scale sends all the time."""

SECONDS: Final = 3.0
"""How long is listened after an answer; a scale that streams sends several lines in it."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came on a port: ``before`` a display was typed and ``after`` it; the key of its ending.

    ``streams``: the scale was heard sending by itself.
    """

    before: bytes = b""
    after: bytes = b""
    ending: str = ""
    streams: bool = False

    def lines(self, data: bytes) -> Sequence[bytes]:
        """The whole lines of ``data`` without their ending."""
        ending = self.ending or ending_of(self.before + self.after)
        return data.split(ENDINGS[ending])[:-1] if ending else []

    @property
    def steady(self) -> bytes:
        """The line that came three times alike after the display was typed; else nothing."""
        new = self.lines(self.after)
        runs = zip(new, new[1:], new[2:], strict=False)
        return next((a for a, b, c in runs if a == b == c), b"")

    @property
    def believed(self) -> bytes:
        """The line beside the display, once it was listened long enough; empty where none is.

        A scale that sends once a weighing has sent it already: its last line counts. One that
        sends all the time has to send the same three times from now on.
        """
        if len(self.lines(self.after)) >= EQUAL:
            return self.steady
        whole = self.lines(self.before + self.after)
        return whole[-1] if whole else b""

    def taken(self) -> Heard:
        """Ready for the next display: the ending is known, and what came belongs to the last."""
        known = self.ending or ending_of(self.before + self.after)
        return Heard(b"", b"", known, self.streams or len(self.lines(self.after)) >= EQUAL)

    def profile(self, learned: Settings) -> Settings:
        """What was learned, with the rhythm of a scale that was never heard sending by itself."""
        once = {} if self.streams or not learned else {RHYTHM.key: Rhythm.ONCE.value}
        return {**learned, **once}
