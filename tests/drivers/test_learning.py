"""Three scales that nobody wrote a driver for are taught from their displays; unshown is unread."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from drivers.contract_samples import read, readings
from drivers.events import NoReading, Reason
from drivers.learning import LineTrouble, Shown, ending_of, learn_lines
from drivers.line_forms import form_of
from drivers.profile import problems
from drivers.registry import all_drivers

TAUGHT = all_drivers()["taught"]


@dataclass(frozen=True)
class Unknown:
    """A scale made up for this test; ``say`` is how it sends a number of three decimals."""

    ending: str
    say: object
    tells: bool = True


def columns(value, moving):
    sign = "-" if value < 0 else " "
    return f"{'US' if moving else 'ST'}#{sign}{abs(value):>7.3f} kg G".encode()


def framed(value, moving):
    head = "N" if value < 0 else "P"
    return f"\x02{head}{abs(int(value * 1000)):06}{'*' if moving else ' '}".encode()


def fields(value, moving):
    del moving  # It has no word for it.
    return f"net;{value:.3f};Kg;".replace(".", ",").encode()


SCALES = {
    "columns": Unknown("crlf", columns),
    "framed": Unknown("etx", framed),
    "fields": Unknown("lf", fields, tells=False),
}
ENDINGS = {"crlf": b"\r\n", "etx": b"\x03", "lf": b"\n"}
DISPLAYS = ("0,000", "4,236", "1,002", "-0,700", "12,450")


def shown(scale, *texts):
    return [
        Shown(text, "kg", scale.say(Decimal(text.replace(",", ".")), moving=False))
        for text in texts
    ]


def rocking(scale):
    values = ("1.002", "1.950", "2.310", "3.900", "4.236")
    return [scale.say(Decimal(v), moving=0 < n < 4) for n, v in enumerate(values)]


def told(scale, settings, text, *, moving=False):
    line = scale.say(Decimal(text), moving=moving) + ENDINGS[scale.ending]
    return [(r.value, r.unit, r.stability.value) for r in readings(read(TAUGHT, settings, line))]


each = pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)


@each
def test_a_scale_gives_no_value_before_and_its_own_after(scale):
    data = scale.say(Decimal("4.236"), moving=False) + ENDINGS[scale.ending]
    (event,) = read(TAUGHT, {"ending": scale.ending}, data)
    assert isinstance(event, NoReading)
    assert event.reason is Reason.UNCALIBRATED
    assert ending_of(data * 3) == scale.ending

    settings = learn_lines(shown(scale, *DISPLAYS), rocking(scale)).settings(scale.ending)
    assert problems(TAUGHT, settings) == ()
    state = "stable" if scale.tells else "unknown"
    for text in ("8.420", "-0.312", "0.000", "15.205"):
        assert told(scale, settings, text) == [(Decimal(text), "kg", state)]
    # Where a word has the sign, nobody knows what a word that came only while moving says of it.
    moved = {"columns": ["moving"], "framed": [], "fields": ["unknown"]}[scale.say.__name__]
    seen = told(scale, settings, "8.420", moving=True)
    assert seen == [(Decimal("8.420"), "kg", state) for state in moved]


@each
def test_nothing_is_learned_before_enough_different_displays_agree(scale):
    for texts in ((), ("0,000",), ("0,000", "4,236"), ("4,236", "4,236", "4,236")):
        assert learn_lines(shown(scale, *texts), rocking(scale)).settings(scale.ending) == {}


@each
def test_a_mistyped_display_teaches_nothing(scale):
    wrong = [*shown(scale, *DISPLAYS[:3]), Shown("4,263", "kg", scale.say(Decimal("4.236"), False))]
    found = learn_lines(wrong, rocking(scale))
    assert (found.trouble, found.forms) == (LineTrouble.OTHER_DIGITS, ())


@each
def test_what_no_display_showed_is_never_read(scale):
    settings = learn_lines(shown(scale, "0,000", "4,236", "1,002")).settings(scale.ending)
    assert told(scale, settings, "8.420") == [(Decimal("8.420"), "kg", "unknown")]
    assert told(scale, settings, "-0.700") == []
    line = scale.say(Decimal("8.420"), moving=False)
    for other in (line.replace(b"G", b"T").replace(b"P", b"Q").replace(b"net", b"tar"),):
        assert readings(read(TAUGHT, settings, other + ENDINGS[scale.ending])) == []
    for at in range(len(line)):
        cut = line[:at] + line[at + 1 :] + ENDINGS[scale.ending]
        told_ = {r.value for r in readings(read(TAUGHT, settings, cut))}
        # A scale without columns says its digits only: the gate asks for three equal lines.
        assert not told_ or scale.say is fields


def test_a_width_that_no_display_showed_is_not_read():
    scale = SCALES["fields"]
    settings = learn_lines(shown(scale, "0,000", "4,236", "1,002")).settings("lf")
    assert told(scale, settings, "12.450") == []


def test_a_second_number_on_the_line_leaves_the_question_open_until_a_display_tells():
    lines = [("0,000", b"G 0.000 N 0.000"), ("4,236", b"G 4.236 N 4.236")]
    lines += [("1,002", b"G 1.002 N 1.002")]
    seen = [Shown(text, "kg", line) for text, line in lines]
    assert len(learn_lines(seen).places) == 2
    assert learn_lines(seen).forms == ()


def test_a_sign_the_display_did_not_have_is_a_contradiction():
    lines = [("0,000", b"W  0.000"), ("4,236", b"W -4.236"), ("1,002", b"W  1.002")]
    found = learn_lines([Shown(text, "kg", line) for text, line in lines])
    assert (found.trouble, found.forms) == (LineTrouble.CONTRADICTS, ())


def test_a_word_that_only_came_at_the_edge_of_its_range_does_not_mean_moving():
    def say(value, mark):
        return f"W {value:>7} kg {mark}".encode()

    rest = [Shown(t.replace(".", ","), "kg", say(t, "-")) for t in ("0.000", "4.236", "1.002")]
    moving = [say("1.002", "-"), say("2.400", "-"), say("3.100", "-"), say("9.999", "H")]
    assert {form.state.value for form in learn_lines(rest, moving).forms} == {"unknown", "moving"}


def test_a_form_comes_back_as_it_was_written():
    for scale in SCALES.values():
        for form in learn_lines(shown(scale, *DISPLAYS), rocking(scale)).forms:
            assert form_of(form.text()) == form
