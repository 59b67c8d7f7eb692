"""Calibrating a seca: learned exactly, refused when ambiguous, contradictions named."""

from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.calibration import NO_CRC, ORDERS, Load, Observation, Trouble, learn
from drivers.events import Flag, Quantity, Reading, Stability
from drivers.registry import find_driver
from drivers.scales.seca_rs232 import CRCS

SECA = find_driver("seca-rs232")
TRUTHS = [
    {"bit-order": order, "crc": crc, "formats": "3=kg/3"}
    for order, crc in product(ORDERS, (NO_CRC, *CRCS))
]
SHOWN = {
    Load.EMPTY: ("0.000", frozenset()),
    Load.STABLE: ("4.236", frozenset()),
    Load.HELD: ("4.240", frozenset({Flag.HOLD})),
    Load.TARED: ("3.536", frozenset({Flag.NET})),
    Load.NEGATIVE: ("-0.700", frozenset({Flag.NET, Flag.NEGATIVE})),
}


def observed(load, truth, text=None):
    shown, flags = text or SHOWN[load][0], SHOWN[load][1]
    value = Decimal(shown)
    event = Reading(Quantity.WEIGHT, value, "kg", Stability.STABLE, flags)
    return Observation(load, shown.replace(".", ","), "kg", SECA.render(event, truth))


def all_observed(truth):
    return [observed(load, truth) for load in Load]


@pytest.mark.parametrize("truth", TRUTHS, ids=lambda t: f"{t['bit-order']}-{t['crc']}")
def test_whatever_the_scale_does_is_learned_exactly(truth):
    learned = learn(all_observed(truth))
    assert learned.trouble is None
    assert learned.settings == truth


@pytest.mark.parametrize("truth", TRUTHS, ids=lambda t: f"{t['bit-order']}-{t['crc']}")
def test_with_what_was_learned_the_driver_reads_the_display(truth):
    settings = learn(all_observed(truth)).settings
    for observation in all_observed(truth):
        (reading,) = SECA.decoder(settings).feed(observation.frame)
        assert (str(reading.value), reading.unit) == (observation.shown.replace(",", "."), "kg")
        assert (Flag.HOLD in reading.flags) == (observation.load is Load.HELD)


@pytest.mark.parametrize("load", list(Load))
def test_nothing_is_learned_while_a_load_was_not_seen(load):
    seen = [o for o in all_observed(TRUTHS[0]) if o.load is not load]
    learned = learn(seen)
    assert learned.settings is None
    assert learned.missing == (load,)


@given(
    place=st.integers(0, 4),
    digits=st.integers(0, 99_999),
    truth=st.sampled_from(TRUTHS),
)
def test_a_mistyped_display_is_noticed(place, digits, truth):
    seen = all_observed(truth)
    typed = f"{Decimal(digits).scaleb(-3)}"
    if Decimal(typed) == abs(Decimal(seen[place].shown.replace(",", "."))):
        return
    seen[place] = replace(seen[place], shown=typed)
    learned = learn(seen)
    assert learned.settings is None
    assert learned.trouble is Trouble.OTHER_DIGITS


def test_a_forgotten_minus_is_noticed():
    seen = all_observed(TRUTHS[0])
    seen[-1] = replace(seen[-1], shown="0,700")
    assert learn(seen).trouble is Trouble.BITS_CONTRADICT


def test_one_format_cannot_mean_two_units():
    seen = all_observed(TRUTHS[0])
    seen[1] = replace(seen[1], unit="lb")
    assert learn(seen).trouble is Trouble.FORMAT_CONTRADICTS


def test_a_crc_that_fits_nothing_is_noticed():
    seen = all_observed(TRUTHS[1])
    seen[1] = replace(seen[1], frame=b"\x02A0042363010001\r\n\x03")
    learned = learn(seen)
    assert learned.settings is None
    assert learned.trouble in {Trouble.CRC_CONTRADICTS, Trouble.BITS_CONTRADICT}


@pytest.mark.parametrize(
    ("shown", "unit", "frame", "trouble"),
    [
        ("fire", "kg", b"\x02A0042363010000\r\n\x03", Trouble.NO_NUMBER),
        ("4,236", "stein", b"\x02A0042363010000\r\n\x03", Trouble.NO_NUMBER),
        ("4,236", "kg", b"noise", Trouble.NO_FRAME),
        ("4,236", "kg", b"\x02A1042363010000\r\n\x03", Trouble.NO_FRAME),
    ],
)
def test_what_cannot_be_used_is_named(shown, unit, frame, trouble):
    assert learn([Observation(Load.STABLE, shown, unit, frame)]).trouble is trouble
