"""Two children after one another at a running station, with simulated devices on real ptys."""

from __future__ import annotations

import time

import pytest

from drivers.registry import find_driver
from drivers.simulators.scale import SimulatedScale
from kiosk.config.schema import Config, LengthBoard, Scale
from kiosk.config.schema import Station as StationTable
from kiosk.desk.child_form import Field
from kiosk.model.visit import OddReason, Position
from kiosk.station.station import Station
from kiosk.store.database.key import new_key
from kiosk.store.store import Store
from kiosk.weighing.child_on_scale import asks_whose
from kiosk.weighing.gate import Hold
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat
from tests.patience import PATIENCE, until

LOOKED_AT = 1.5
"""Seconds in which a scale that streams would have been offered several times over."""


class Counter:
    """A station with a scale and a board, used without a screen."""

    def __init__(self, folder) -> None:
        self.scale = SimulatedScale(find_driver("radwag"), folder / "scale")
        self.board = SimulatedScale(find_driver("adam-muw"), folder / "board")
        self.scale.start()
        self.board.start()
        config = Config(
            station=StationTable(clinic="Solbakken", data_dir=str(folder / "data")),
            scale=Scale(driver="radwag", port=str(folder / "scale")),
            length_board=LengthBoard(
                driver="adam-muw", port=str(folder / "board"), settings={"request": "print-key"}
            ),
        )
        self.station = Station(config, Store.open(folder / "data", new_key()), training=False)
        self.station.start()
        self.station.sign_in_service()

    def close(self) -> None:
        self.station.stop()
        self.scale.stop()
        self.board.stop()

    @property
    def desk(self):
        return self.station.runtime.desk

    def touch(self, *messages) -> None:
        for message in messages:
            self.station.runtime.touch(message)

    def until(self, condition) -> None:
        until(
            lambda: condition(self.desk),
            lambda: self.desk.station.weighing,
            meanwhile=self.look,
        )

    def look(self) -> None:
        self.station.runtime.feed(self.station.bus.wait(0.05))
        self.station.runtime.tick()

    def twin(self, name: str) -> None:
        self.touch(m.WithoutNumber(), *(m.TypeKey(c) for c in "10082026"))
        self.touch(m.ActivateField(Field.GIVEN_NAME), *(m.TypeKey(c) for c in name))
        self.touch(m.FindChild(), m.ConfirmChild())
        assert self.desk.visit.child.given_name == name

    def press(self, millimetres: int) -> None:
        """Press the board's key until the station has heard it: the port may just have opened."""
        end = time.monotonic() + PATIENCE
        while flat(self.desk).length is None:
            assert time.monotonic() < end, self.desk.station.strip
            self.board.measure(millimetres)
            for _ in range(10):
                self.look()

    def never_offers(self, keys: set[str]) -> None:
        """Whatever is touched for a while, the scale streaming, no weight is taken."""
        end = time.monotonic() + LOOKED_AT
        while time.monotonic() < end:
            self.look()
            assert self.desk.station.weighing.offer is None
            self.touch(m.ChildIsOnScale(), *(m.TakeWeight(key) for key in keys))
        assert self.desk.visit.drafts == ()


@pytest.fixture
def counter(tmp_path):
    made = Counter(tmp_path)
    yield made
    made.close()


def test_one_twin_on_the_scale_is_not_the_other_until_somebody_says_so(counter):
    counter.twin("Nora")
    counter.until(lambda desk: desk.station.weighing.hold is Hold.EMPTY)
    counter.scale.put(4236)
    counter.until(lambda desk: desk.station.weighing.offer is not None)
    keys = {counter.desk.station.weighing.offer.key}
    counter.touch(m.NotThisChild())
    counter.twin("Emil")
    counter.never_offers(keys)
    assert asks_whose(counter.desk.station.weighing)
    assert str(counter.desk.station.weighing.lay.value) == "4.236"
    counter.touch(m.LiesThere(counter.desk.station.opening.id))
    counter.until(lambda desk: desk.station.weighing.offer is not None)
    assert counter.desk.station.weighing.offer.key not in keys
    counter.touch(m.TakeWeight(counter.desk.station.weighing.offer.key))
    counter.touch(m.AnswerOdd(OddReason.READ_AGAIN), m.OpenReview(), m.Save())
    counter.until(lambda desk: desk.saved is not None)
    saved = counter.station.store.visit(counter.desk.saved.id)
    assert (saved.child.given_name, saved.measurements[0].text) == ("Emil", "4.236")


def test_the_other_twin_put_on_an_empty_scale_is_weighed_without_a_question(counter):
    counter.twin("Nora")
    counter.scale.put(4236)
    counter.touch(m.NotThisChild())
    counter.twin("Emil")
    counter.scale.lift()
    counter.until(lambda desk: desk.station.weighing.hold is Hold.EMPTY)
    counter.scale.put(3980)
    counter.until(lambda desk: desk.station.weighing.offer is not None)
    assert counter.desk.station.weighing.offer.text == "3.980"


def test_a_board_that_says_the_same_asks_by_name(counter):
    counter.twin("Nora")
    counter.press(612)
    counter.touch(m.NotThisChild())
    counter.twin("Emil")
    assert flat(counter.desk).length is None
    counter.press(612)
    counter.touch(m.TakeLength(flat(counter.desk).length.key), m.PlaceChild(Position.LYING))
    assert counter.desk.visit.drafts == ()
    assert flat(counter.desk).doubt is not None
    counter.touch(
        m.AnswerDoubt(counter.desk.station.opening.id, yes=True), m.PlaceChild(Position.LYING)
    )
    counter.touch(m.AnswerOdd(OddReason.READ_AGAIN))
    assert [draft.text for draft in counter.desk.visit.drafts] == ["61.2"]
