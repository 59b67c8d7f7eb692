import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.model.identity import NumberFault, check_number
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
