"""What the display of a simulated seca shows for each load, and the frame it sends."""

from decimal import Decimal

from drivers.calibration import Load
from drivers.events import Flag, Quantity, Reading, Stability
from drivers.registry import find_driver

TRUTH = {"bit-order": "first-is-bit-7", "crc": "ascii-00", "formats": "3=kg/3"}
SHOWN = {
    Load.EMPTY: ("0.000", frozenset()),
    Load.STABLE: ("4.236", frozenset()),
    Load.HELD: ("4.240", frozenset({Flag.HOLD})),
    Load.TARED: ("3.536", frozenset({Flag.NET})),
    Load.NEGATIVE: ("-0.700", frozenset({Flag.NET, Flag.NEGATIVE})),
}


def frame_of(load: Load) -> bytes:
    shown, flags = SHOWN[load]
    event = Reading(Quantity.WEIGHT, Decimal(shown), "kg", Stability.STABLE, flags)
    return find_driver("seca-rs232").render(event, TRUTH)
