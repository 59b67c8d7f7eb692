"""A scanner that acts as a keyboard, and what else a keyboard may send."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kiosk.model.identity import check_number
from kiosk.ui.scanner import LONGEST, REFUSED, Scanner

ENTER = 13
NUMBER = "14882612354"


def keys(scanner: Scanner, text: str, start: float = 10.0, step: float = 0.01) -> list[str]:
    lines = [scanner.key(ord(c), start + i * step) for i, c in enumerate(text)]
    return [line for line in lines if line is not None]


def test_digits_and_enter_are_a_scan() -> None:
    assert keys(Scanner(), f"{NUMBER}\r") == [NUMBER]


def test_digits_of_the_number_pad_count() -> None:
    scanner = Scanner()
    for place, digit in enumerate("12"):
        assert scanner.key(256 + int(digit), 5 + place / 100) is None
    assert scanner.key(271, 5.1) == "12"


def test_anything_else_in_the_line_refuses_all_of_it() -> None:
    assert keys(Scanner(), "1488x2612354\r") == [REFUSED]
    assert check_number(REFUSED).stops


def test_control_and_function_keys_are_ignored() -> None:
    scanner = Scanner()
    keys(scanner, "1488")
    for code in (27, 282, 292, 9, 8, 304, 305, 306, 308, 1073742051):
        assert scanner.key(code, 10.1) is None
    assert scanner.key(ENTER, 10.2) == "1488"


def test_a_pause_drops_what_came_before() -> None:
    scanner = Scanner()
    keys(scanner, "999")
    assert keys(scanner, f"{NUMBER}\r", start=15.0) == [NUMBER]


def test_enter_alone_says_nothing() -> None:
    assert Scanner().key(ENTER, 1.0) is None


def test_a_line_without_end_is_refused_and_not_kept() -> None:
    scanner = Scanner()
    keys(scanner, "1" * 10_000, step=0.001)
    assert len(scanner._line) <= LONGEST
    assert scanner.key(ENTER, 20.01) == REFUSED


@given(st.lists(st.integers(0, 2**31 - 1), max_size=60))
def test_no_keys_ever_give_more_than_digits(codes: list[int]) -> None:
    scanner = Scanner()
    for place, code in enumerate(codes):
        line = scanner.key(code, 1 + place / 100)
        assert line is None or line == REFUSED or (line.isdecimal() and len(line) <= LONGEST)
