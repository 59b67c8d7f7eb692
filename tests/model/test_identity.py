import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.model.identity import NumberCheck, NumberFault, check_number
from kiosk.model.visit import IdKind

# Public test numbers of @navikt/fnrvalidator; none belongs to a person.
KNOWN = [
    ("30108299920", IdKind.NATIONAL, None),
    ("30108299939", IdKind.NATIONAL, None),  # valid by the rule of 2032
    ("02013299997", IdKind.NATIONAL, None),
    ("02013299987", IdKind.NATIONAL, NumberFault.CHECK_DIGIT),
    ("02013299996", IdKind.NATIONAL, NumberFault.CHECK_DIGIT),
    ("70108299914", IdKind.D_NUMBER, None),
    ("13527248013", IdKind.H_NUMBER, None),
    ("53097248016", IdKind.D_NUMBER, None),
    ("10915596784", IdKind.NATIONAL, None),
    ("123456789012", IdKind.DUF, None),
]


@pytest.mark.parametrize(("number", "kind", "fault"), KNOWN)
def test_known_numbers(number, kind, fault):
    check = check_number(number)
    assert (check.kind, check.fault) == (kind, fault)


def test_synthetic_series_are_marked():
    assert check_number("10915596784").synthetic
    assert not check_number("30108299920").synthetic


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", NumberFault.EMPTY),
        ("   ", NumberFault.EMPTY),
        ("3010829992", NumberFault.LENGTH),
        ("3010829992O", NumberFault.NOT_DIGITS),
        ("٣٠١٠٨٢٩٩٩٢٠", NumberFault.NOT_DIGITS),
    ],
)
def test_what_cannot_be_a_number_stops(text, fault):
    check = check_number(text)
    assert check.fault is fault
    assert check.stops


def test_a_wrong_check_digit_warns_and_does_not_stop():
    check = check_number("30108299921")
    assert check.fault is NumberFault.CHECK_DIGIT
    assert not check.stops
    assert check.number == "30108299921"


def test_spaces_dots_and_hyphens_of_a_printed_number_are_dropped():
    assert check_number("301082 99920").number == "30108299920"
    assert check_number("301082-99920").fault is None


@given(st.sampled_from([n for n, _, fault in KNOWN if fault is None and len(n) == 11]), st.data())
def test_every_single_wrong_digit_but_the_accepted_remainders_is_noticed(number, data):
    at = data.draw(st.integers(0, 10))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != number[at]]))
    wrong = number[:at] + digit + number[at + 1 :]
    # The second check digit covers every position, so one wrong digit never passes.
    assert check_number(wrong).fault is NumberFault.CHECK_DIGIT


@given(st.text(max_size=40))
def test_any_text_is_judged_without_an_exception(text):
    check = check_number(text)
    assert check.number == "" or check.number.isascii()


# The check digits as Skatteetaten writes them down, one factor a place. From 2032 the first of them
# may leave 0, 1, 2 or 3 when the sum is divided by 11; the second always leaves 0.
K1 = (3, 7, 6, 1, 8, 9, 4, 5, 2)
K2 = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def numbers_with(start: str, remainder: int) -> str:
    """A number that begins so and whose first check digit leaves this remainder."""
    for serial in range(1000):
        nine = f"{start}{serial:03d}"
        first = (remainder - sum(w * int(d) for w, d in zip(K1, nine, strict=True))) % 11
        if first == 10:
            continue
        ten = f"{nine}{first}"
        second = -sum(w * int(d) for w, d in zip(K2, ten, strict=True)) % 11
        if second < 10:
            return f"{ten}{second}"
    raise AssertionError(start)


@pytest.mark.parametrize("remainder", range(11))
@pytest.mark.parametrize("start", ["010203", "310382", "170599", "241211", "290206"])
def test_the_first_check_digit_may_leave_nought_to_three(start, remainder):
    fault = None if remainder in (0, 1, 2, 3) else NumberFault.CHECK_DIGIT
    assert check_number(numbers_with(start, remainder)).fault is fault


# Day and month as they stand, the series, whether it is a test series, whether there is such a day.
SERIES = [
    ("0101", IdKind.NATIONAL, False, True),
    ("3112", IdKind.NATIONAL, False, True),
    ("0001", IdKind.NATIONAL, False, False),
    ("3201", IdKind.NATIONAL, False, False),
    ("0100", IdKind.NATIONAL, False, False),
    ("0113", IdKind.NATIONAL, False, False),
    ("4001", IdKind.NATIONAL, False, False),
    ("4101", IdKind.D_NUMBER, False, True),
    ("7112", IdKind.D_NUMBER, False, True),
    ("7201", IdKind.D_NUMBER, False, False),
    ("0140", IdKind.NATIONAL, False, False),
    ("0141", IdKind.H_NUMBER, False, True),
    ("0152", IdKind.H_NUMBER, False, True),
    ("0153", IdKind.H_NUMBER, False, False),
    ("4141", IdKind.D_NUMBER, False, True),
    ("0160", IdKind.H_NUMBER, False, False),
    ("0161", IdKind.H_NUMBER, True, False),
    ("0165", IdKind.H_NUMBER, True, False),
    ("0166", IdKind.NATIONAL, True, True),
    ("0177", IdKind.NATIONAL, True, True),
    ("0178", IdKind.NATIONAL, True, False),
    ("0180", IdKind.NATIONAL, True, False),
    ("0181", IdKind.NATIONAL, True, True),
    ("0192", IdKind.NATIONAL, True, True),
    ("0193", IdKind.NATIONAL, True, False),
    ("4181", IdKind.D_NUMBER, True, True),
    ("8101", IdKind.FH_NUMBER, False, True),
    ("9981", IdKind.FH_NUMBER, False, True),
    ("1801", IdKind.NATIONAL, False, True),
]


@pytest.mark.parametrize(("day_month", "kind", "synthetic", "possible"), SERIES)
def test_the_series_is_told_by_day_and_month(day_month, kind, synthetic, possible):
    number = numbers_with(f"{day_month}20", 0)
    check = check_number(number)
    assert check == NumberCheck(number, kind, synthetic, None if possible else NumberFault.DATE)
    assert not check.stops
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert check_number(wrong) == NumberCheck(wrong, kind, synthetic, NumberFault.CHECK_DIGIT)


@pytest.mark.parametrize("text", ["", "3010829992O", "3010829992", "3010829992000"])
def test_of_what_is_no_number_nothing_is_kept(text):
    check = check_number(text)
    assert (check.number, check.kind, check.synthetic) == ("", IdKind.UNKNOWN, False)


def test_a_duf_number_is_taken_as_it_is():
    assert check_number("1234 5678 9012") == NumberCheck("123456789012", IdKind.DUF)
    assert not check_number("123456789012").synthetic
