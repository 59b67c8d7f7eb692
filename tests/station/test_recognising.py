"""Which drivers read a port: listening at each speed it has, asking only what says nothing."""

from decimal import Decimal

import pytest

from drivers.driver import Line
from drivers.events import Quantity, Reading, Stability
from drivers.profile import sample_settings
from drivers.registry import all_drivers
from drivers.transports.base import LinkLost, LossCause
from kiosk.station import recognising
from kiosk.station.recognising import recognise

DRIVERS = tuple(all_drivers().values())
KNOWN = {one.key: one for one in DRIVERS}
READING = Reading(Quantity.WEIGHT, Decimal("4.236"), "kg", Stability.STABLE)


class Port:
    """A port that knows no parity; a scale on it streams, or answers one request."""

    def __init__(self, monkeypatch, key, *, streams, line=None, cause=LossCause.IO):
        self.driver, self.streams, self.cause = KNOWN[key], streams, cause
        self.says = self.driver.render(READING, sample_settings(self.driver))
        self.line, self.at, self.left, self.asked, self.now = line, None, b"", [], 0.0
        for module in (recognising.time, __import__("drivers.conversation").conversation.time):
            monkeypatch.setattr(module, "monotonic", lambda: self.now)

    def open(self, line):
        if line.parity != "N":
            raise LinkLost(self.cause)
        self.at, self.left = line, b""
        return self

    def read(self, timeout):
        self.now += max(timeout, 0.01)
        if self.streams:
            return self.says * 3 if self.line in {None, self.at} else b""
        left, self.left = self.left, b""
        return left

    def write(self, data):
        self.asked.append(data)
        poll = self.driver.poll
        if poll is not None and data == poll.command and self.at == self.driver.line:
            self.left = self.says

    def close(self):
        """Nothing is open."""


def keys(found):
    return [one.driver for one in found]


@pytest.mark.parametrize("line", [None, Line(baud=4800), Line(baud=2400)])
def test_a_scale_that_streams_is_read_at_its_speed_and_nothing_is_sent_to_it(monkeypatch, line):
    port = Port(monkeypatch, "radwag", streams=True, line=line)
    found, heard = recognise(port.open, DRIVERS, lambda: True)
    assert "radwag" in keys(found)
    assert heard
    assert port.asked == []
    assert line is None or found[0].line == line


def test_a_scale_that_only_answers_is_asked_after_it_was_listened_to(monkeypatch):
    port = Port(monkeypatch, "mt-sics", streams=False)
    found, heard = recognise(port.open, DRIVERS, lambda: True)
    assert "mt-sics" in keys(found)
    assert heard == 0


def test_a_port_that_is_gone_is_no_matter_of_the_setting(monkeypatch):
    port = Port(monkeypatch, "mt-sics", streams=False, cause=LossCause.UNPLUGGED)
    with pytest.raises(LinkLost):
        recognise(port.open, DRIVERS, lambda: True)


def test_it_ends_at_once_when_the_page_is_left(monkeypatch):
    port = Port(monkeypatch, "mt-sics", streams=False)
    assert recognise(port.open, DRIVERS, lambda: False) == ((), 0)
    assert port.asked == []
