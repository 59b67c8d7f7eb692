from datetime import UTC, datetime
from decimal import Decimal
from threading import Thread

from drivers.events import Quantity, Reading, Stability, Stamped
from kiosk.desk.messages import Tick
from kiosk.runtime.bus import Bus


def reading(text, stability=Stability.MOVING, link="scale"):
    event = Reading(Quantity.WEIGHT, Decimal(text), "kg", stability)
    return Stamped(event, link, "radwag", "1", 1, 0.0, datetime.now(UTC))


def test_a_burst_of_live_weights_becomes_the_newest_one():
    bus = Bus()
    for i in range(1000):
        bus.post(reading(f"4.{i:03}"))
    (only,) = bus.drain()
    assert only.event.value == Decimal("4.999")


def test_stable_readings_are_never_dropped():
    bus = Bus()
    for i in range(20):
        bus.post(reading("4.1", Stability.MOVING))
        bus.post(reading(f"4.2{i}", Stability.STABLE))
    stable = [s for s in bus.drain() if s.event.stability is Stability.STABLE]
    assert len(stable) == 20


def test_another_scales_weight_and_other_messages_stay_in_order():
    bus = Bus()
    messages = [reading("1"), Tick(), reading("2"), reading("3", link="other")]
    for message in messages:
        bus.post(message)
    assert bus.drain() == messages


def test_the_waker_is_called_once_for_a_full_queue():
    bus, calls = Bus(), []
    bus.set_waker(lambda: calls.append(1))
    for _ in range(5):
        bus.post(Tick())
    assert len(calls) == 1
    bus.drain()
    bus.post(Tick())
    assert len(calls) == 2


def test_messages_of_many_threads_all_arrive():
    bus = Bus()
    threads = [Thread(target=lambda: [bus.post(Tick()) for _ in range(500)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    got = 0
    while got < 4000:
        got += len(bus.wait(1.0))
    for thread in threads:
        thread.join()
    assert got == 4000
