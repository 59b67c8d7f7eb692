"""An audiogram is drawn by its conventions, and what is unknown is never at a level."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.hearing import WITH_LEVEL, Ear, Masking, Response, Tone, Transducer
from kiosk.hearing.audiogram.drawing import Drawing, Letters, Sheet, draw
from kiosk.hearing.audiogram.shapes import Box, Ink, Marker, Ring, Stroke, Symbol

RIGHT, LEFT, BOTH = Ear
AIR, BONE, FIELD = Transducer.HEADPHONE, Transducer.BONE, Transducer.FREE_FIELD
UNKNOWN = Transducer.UNKNOWN
THRESHOLD, HEARD, SILENT = Response.THRESHOLD, Response.HEARD, Response.NO_RESPONSE
WITHOUT_LEVEL = sorted(set(Response) - WITH_LEVEL)
FREQUENCIES = (125, 250, 500, 750, 1000, 1500, 2000, 3000, 4000, 6000, 8000)


def sheet(width: int = 544, height: int = 800, text: int = 22, letters: Letters | None = None):
    """A sheet on which every letter is as wide as an H."""
    measure = lambda words: 0.7 * text * len(words)  # noqa: E731
    return Sheet(width, height, text, 3, measure, letters or Letters())


def tone(ear, hz, response=THRESHOLD, level=None, path=AIR, masking=Masking.UNKNOWN) -> Tone:
    return Tone(ear, path, hz, response, None if level is None else Decimal(level), masking)


def drawn(*tones: Tone, on: Sheet | None = None) -> Drawing:
    return draw(tones, on or sheet())


def only(drawing: Drawing) -> Marker:
    (marker,) = drawing.markers
    return marker


def texts(drawing: Drawing) -> list[str]:
    return sorted(label.text for label in drawing.labels)


# The scales


def places(drawing: Drawing) -> dict[tuple[int, int], tuple[int, int]]:
    return {(m.tone.hz, int(m.tone.level_db)): m.anchor for m in drawing.markers}


@pytest.mark.parametrize(
    ("width", "height", "text"), [(544, 1600, 22), (560, 520, 18), (430, 400, 18), (900, 400, 18)]
)
def test_an_octave_is_as_wide_as_twenty_decibels_are_high_on_every_sheet(width, height, text):
    all_levels = [tone(RIGHT, hz, level=db) for hz in (125, 250, 8000) for db in (-10, 10, 120)]
    at = places(drawn(*all_levels, on=sheet(width, height, text)))
    octave = at[250, -10][0] - at[125, -10][0]
    assert octave == at[125, 10][1] - at[125, -10][1]
    assert at[8000, 10][0] - at[125, 10][0] == 6 * octave
    assert 2 * (at[125, 120][1] - at[125, -10][1]) == 13 * octave


def test_frequency_is_logarithmic_to_the_right_and_level_goes_down():
    points = [(125, -10), (250, 0), (500, 35), (1000, 40), (6000, 95), (8000, 120)]
    at = places(drawn(*(tone(RIGHT, hz, level=db) for hz, db in points)))
    assert [at[point] for point in points] == sorted(at.values())
    assert all(upper[1] < lower[1] for upper, lower in pairwise(at[point] for point in points))


def test_five_decibels_are_whole_dots():
    at = places(drawn(*(tone(RIGHT, 1000, level=db) for db in range(-10, 125, 5))))
    assert len({lower[1] - upper[1] for upper, lower in pairwise(at.values())}) == 1


def test_the_grid_has_octaves_and_every_ten_decibels_and_is_labelled_sparsely():
    drawing = drawn()
    upright = [line for line in drawing.grid if line.points[0][0] == line.points[1][0]]
    level = [line for line in drawing.grid if line.points[0][1] == line.points[1][1]]
    level = [line for line in level if line.ink is not Ink.FRAME]
    upright = [line for line in upright if line.ink is not Ink.FRAME]
    assert [line.ink for line in upright].count(Ink.GRID) == 7
    assert [line.ink for line in upright].count(Ink.THIN) == 4
    assert len(level) == 14
    said = [words.text for words in drawing.axes]
    assert said[:7] == ["125", "250", "500", "1000", "2k", "4k", "8k"]
    assert said[7:-2] == ["−10", "0", "20", "40", "60", "80", "100", "120"]
    assert said[-2:] == ["dB HL", "Hz"]


@pytest.mark.parametrize(
    ("width", "said"),
    [
        (490, ["125", "250", "500", "1k", "2k", "4k", "8k"]),
        (320, ["125", "500", "2k", "8k"]),
    ],
)
def test_numbers_are_shortened_and_left_out_where_an_octave_is_narrow(width, said):
    drawing = drawn(on=sheet(width, 800))
    above = [words.text for words in drawing.axes if words.box.bottom <= drawing.frame.top]
    assert above == [*said, "dB HL", "Hz"]


@pytest.mark.parametrize("size", [(100, 100, 22), (1000, 60, 18), (20, 900, 18)])
def test_a_sheet_on_which_nothing_could_be_read_is_refused(size):
    with pytest.raises(ValueError, match="too small"):
        drawn(on=sheet(*size))


def test_a_sheet_has_an_extent():
    with pytest.raises(ValueError, match="a sheet has"):
        sheet(0)


# The symbols


@pytest.mark.parametrize(
    ("ear", "path", "masking", "symbol"),
    [
        (RIGHT, AIR, Masking.NONE, Symbol.CIRCLE),
        (LEFT, AIR, Masking.NONE, Symbol.CROSS),
        (RIGHT, Transducer.INSERT, Masking.UNKNOWN, Symbol.CIRCLE),
        (LEFT, AIR, Masking.UNKNOWN, Symbol.CROSS),
        (RIGHT, AIR, Masking.MASKED, Symbol.TRIANGLE),
        (LEFT, AIR, Masking.MASKED, Symbol.SQUARE),
        (RIGHT, BONE, Masking.NONE, Symbol.LESS),
        (LEFT, BONE, Masking.UNKNOWN, Symbol.GREATER),
        (RIGHT, BONE, Masking.MASKED, Symbol.OPENING),
        (LEFT, BONE, Masking.MASKED, Symbol.CLOSING),
        (BOTH, AIR, Masking.NONE, Symbol.DIAMOND),
        (BOTH, FIELD, Masking.MASKED, Symbol.DIAMOND),
        (RIGHT, FIELD, Masking.NONE, Symbol.DIAMOND),
        (BOTH, BONE, Masking.NONE, Symbol.VEE),
        (RIGHT, UNKNOWN, Masking.NONE, Symbol.ASKING_RIGHT),
        (LEFT, UNKNOWN, Masking.MASKED, Symbol.ASKING_LEFT),
        (BOTH, UNKNOWN, Masking.NONE, Symbol.ASKING_LEFT),
    ],
)
def test_the_symbol_tells_ear_path_and_masking(ear, path, masking, symbol):
    assert only(drawn(tone(ear, 1000, level=30, path=path, masking=masking))).symbol is symbol


def test_a_free_field_is_in_no_ears_colour_and_has_no_ears_letter():
    drawing = drawn(tone(RIGHT, 1000, level=30, path=FIELD))
    assert {shape.ear for shape in only(drawing).shapes} == {BOTH}
    assert texts(drawing) == ["B"]


def test_bone_stands_beside_the_column_the_right_ears_at_its_left():
    right, left, air = drawn(
        tone(RIGHT, 1000, level=30, path=BONE),
        tone(LEFT, 1000, level=30, path=BONE),
        tone(RIGHT, 1000, level=30),
    ).markers
    assert right.box.right <= air.box.left
    assert left.box.left >= air.box.right
    assert right.anchor[1] == left.anchor[1] == air.anchor[1]


def test_what_nobody_knows_the_transducer_of_is_no_air_and_in_no_line():
    same = [tone(ear, hz, level=30, path=UNKNOWN) for ear in (RIGHT, LEFT) for hz in (1000, 2000)]
    air = [tone(RIGHT, 1000, level=30), tone(RIGHT, 4000, level=30)]
    drawing = drawn(*same, *air)
    assert drawing.joins == ()
    assert {m.symbol for m in drawing.markers if m.tone.transducer is UNKNOWN} == {
        Symbol.ASKING_RIGHT,
        Symbol.ASKING_LEFT,
    }
    assert len({m.anchor for m in drawing.markers}) == len(drawing.markers)


def test_a_tone_without_a_level_keeps_its_unknown_transducer_below_the_field():
    silent = Response.NO_RESPONSE_LEVEL_UNKNOWN
    alone, both = (
        drawn(*(tone(RIGHT, 1000, silent, path=one) for one in paths))
        for paths in ([UNKNOWN], [AIR, UNKNOWN])
    )
    assert not any(isinstance(shape, Ring) for shape in alone.keys)
    assert [words.text for words in both.marks].count("?") == 2


def test_less_opens_to_the_right_and_greater_to_the_left():
    for ear, way in ((RIGHT, -1), (LEFT, 1)):
        (stroke,) = only(drawn(tone(ear, 1000, level=30, path=BONE))).shapes
        (x, _), (tip, _), _ = stroke.points
        assert (tip - x) * way > 0


@pytest.mark.parametrize("path", [AIR, BONE])
@pytest.mark.parametrize("masking", [Masking.NONE, Masking.MASKED])
@pytest.mark.parametrize(("ear", "way"), [(RIGHT, -1), (LEFT, 1)])
def test_no_response_is_the_symbol_with_an_arrow_down_and_outwards(ear, way, path, masking):
    plain = only(drawn(tone(ear, 1000, THRESHOLD, 90, path, masking)))
    silent = only(drawn(tone(ear, 1000, SILENT, 90, path, masking)))
    assert (silent.symbol, silent.anchor) == (plain.symbol, plain.anchor)
    assert silent.shapes[: len(plain.shapes)] == plain.shapes
    shaft, head = silent.shapes[len(plain.shapes) :]
    (x0, y0), (x1, y1) = shaft.points
    assert (x1 - x0) * way > 0
    assert y1 > y0
    assert shaft.points[1] in head.points


def test_the_arrow_of_both_ears_points_straight_down():
    *_, shaft, _ = only(drawn(tone(BOTH, 1000, SILENT, 70, FIELD))).shapes
    (x0, y0), (x1, y1) = shaft.points
    assert x0 == x1
    assert y1 > y0


def test_heard_is_a_flat_bar_in_the_ears_own_half():
    right, left = drawn(tone(RIGHT, 1000, HEARD, 20), tone(LEFT, 1000, HEARD, 20)).markers
    column = right.anchor[0]
    assert right.symbol is left.symbol is Symbol.BAR
    assert right.box.right <= column < left.box.left
    for marker in (right, left):
        (bar,) = marker.shapes
        assert {y for _, y in bar.points} == {marker.anchor[1]}


def test_heard_by_both_is_one_bar_across_with_a_diamond():
    marker = only(drawn(tone(BOTH, 1000, HEARD, 30, FIELD)))
    assert marker.symbol is Symbol.BAR
    assert marker.box.left < marker.anchor[0] < marker.box.right
    assert {shape.ear for shape in marker.shapes} == {BOTH}


@pytest.mark.parametrize(("path", "masking"), [(BONE, Masking.NONE), (AIR, Masking.MASKED)])
def test_a_bar_of_bone_or_with_masking_carries_the_symbol(path, masking):
    assert len(only(drawn(tone(RIGHT, 1000, HEARD, 20, path, masking))).shapes) == 2


def test_bars_of_neighbouring_columns_do_not_touch():
    heard = [tone(ear, hz, HEARD, 20) for ear in (RIGHT, LEFT) for hz in (4000, 6000, 8000)]
    for on in (sheet(), sheet(430, 400, 18)):
        boxes = [marker.box for marker in drawn(*heard, on=on).markers]
        assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))


# The lines between points


def joined(*tones: Tone) -> list[Stroke]:
    return list(drawn(*tones).joins)


def test_air_is_joined_by_solid_and_bone_by_dashed_lines():
    solid, other = joined(*(tone(RIGHT, hz, level=30) for hz in (500, 1000, 2000)))
    dashed, again = joined(*(tone(LEFT, hz, level=30, path=BONE) for hz in (500, 1000, 2000)))
    assert (solid.dashed, other.dashed, dashed.dashed, again.dashed) == (False, False, True, True)
    assert (solid.ear, dashed.ear) == (RIGHT, LEFT)
    assert len(solid.pieces()) == 1
    assert len(dashed.pieces()) > 1
    assert dashed.pieces()[0][0] == dashed.points[0]
    assert dashed.pieces()[-1][-1] == dashed.points[1]


def test_a_half_octave_lies_between_its_octaves_and_need_not_be_tested():
    assert len(joined(*(tone(RIGHT, hz, level=30) for hz in (2000, 3000, 4000, 8000)))) == 3


def test_points_of_two_ears_paths_or_maskings_are_not_joined():
    assert not joined(tone(RIGHT, 500, level=30), tone(LEFT, 1000, level=30))
    assert not joined(tone(RIGHT, 500, level=30), tone(RIGHT, 1000, level=30, path=BONE))
    assert not joined(
        tone(RIGHT, 500, level=30), tone(RIGHT, 1000, level=30, masking=Masking.MASKED)
    )
    assert not joined(tone(BOTH, 500, level=30), tone(BOTH, 1000, level=30))


@pytest.mark.parametrize("middle", [None, *Response])
def test_no_line_crosses_what_is_no_threshold(middle):
    ends = [tone(RIGHT, 500, level=30), tone(RIGHT, 2000, level=30)]
    if middle is not None:
        ends.append(tone(RIGHT, 1000, middle, 30 if middle in WITH_LEVEL else None))
    assert len(joined(*ends)) == (2 if middle is THRESHOLD else 0)


@pytest.mark.parametrize("response", sorted(set(Response) - {THRESHOLD}))
def test_a_half_octave_that_was_asked_for_parts_the_line_too(response):
    level = 40 if response in WITH_LEVEL else None
    ends = [tone(RIGHT, 2000, level=30), tone(RIGHT, 4000, level=30)]
    assert not joined(*ends, tone(RIGHT, 3000, response, level))


def test_a_point_found_twice_with_different_answers_is_not_joined():
    points = [tone(RIGHT, hz, level=30) for hz in (500, 1000, 2000)]
    assert not joined(*points, tone(RIGHT, 1000, level=40))


def test_points_beyond_a_scale_are_not_joined():
    assert not joined(tone(RIGHT, 500, level=100), tone(RIGHT, 1000, level=125))
    assert not joined(tone(RIGHT, 8000, level=30), tone(RIGHT, 12000, level=30))


# What has no level, and what is beyond the scales


def test_what_was_not_tested_leaves_no_trace():
    drawing = drawn(*(tone(ear, hz, Response.NOT_TESTED) for ear in Ear for hz in FREQUENCIES))
    assert drawing == drawn()
    assert drawing.nearest(100) is None


@pytest.mark.parametrize("path", [AIR, BONE, FIELD])
@pytest.mark.parametrize("ear", list(Ear))
@pytest.mark.parametrize(
    ("response", "word"),
    [(Response.NO_RESPONSE_LEVEL_UNKNOWN, "?"), (Response.COULD_NOT_BE_TESTED, "–")],
)
def test_what_has_no_level_is_a_word_below_the_field(response, word, ear, path):
    drawing = drawn(tone(ear, 2000, response, path=path))
    letter = "B" if path is FIELD else {RIGHT: "H", LEFT: "V"}.get(ear, "B")
    assert [words.text for words in drawing.marks] == [letter, word]
    assert not drawing.markers
    assert not drawing.labels
    assert not drawing.untold
    column = dict(drawing.columns)[2000]
    box = drawing.marks[1].box
    assert abs((box.left + box.right) / 2 - column) <= 1
    for shape in (*drawing.marks, *drawing.keys):
        assert shape.box.top >= drawing.frame.bottom


def test_words_without_a_level_have_a_row_for_each_ear_and_path():
    unknown = Response.NO_RESPONSE_LEVEL_UNKNOWN
    drawing = drawn(
        tone(LEFT, 6000, unknown),
        tone(LEFT, 8000, unknown),
        tone(RIGHT, 6000, unknown),
        tone(RIGHT, 6000, Response.COULD_NOT_BE_TESTED),
        tone(RIGHT, 1000, unknown, path=BONE),
    )
    assert [words.text for words in drawing.marks] == ["H", "?–", "H", "?", "V", "?", "?"]
    assert len({words.baseline for words in drawing.marks}) == 3


def test_more_words_than_there_is_room_for_are_handed_back():
    tones = [tone(RIGHT, hz, Response.COULD_NOT_BE_TESTED) for hz in range(7000, 8001, 5)]
    drawing = drawn(*tones)
    assert drawing.untold
    assert len(drawing.marks) - 1 + len(drawing.untold) == len(tones)


@pytest.mark.parametrize(("level", "said"), [(-15, "−15"), (125, "125"), ("132.50", "132,5")])
def test_a_level_beyond_the_scale_stands_outside_it_with_its_number(level, said):
    inside = places(drawn(tone(RIGHT, 1000, level=-10), tone(RIGHT, 1000, level=120)))
    drawing = drawn(tone(RIGHT, 1000, level=level))
    y = only(drawing).anchor[1]
    assert y < inside[1000, -10][1] or y > inside[1000, 120][1]
    assert only(drawing).box.within(drawing.frame)
    assert said in texts(drawing)


@pytest.mark.parametrize("hz", [-5, 0, 100, 9000, 12500, 10**9])
def test_a_frequency_beyond_the_scale_stands_outside_it_with_its_number(hz):
    inside = places(drawn(tone(RIGHT, 125, level=30), tone(RIGHT, 8000, level=30)))
    drawing = drawn(tone(RIGHT, hz, level=30))
    x = only(drawing).anchor[0]
    assert x < inside[125, 30][0] or x > inside[8000, 30][0]
    assert f"{hz} Hz" in texts(drawing)


@pytest.mark.parametrize("level", ["NaN", "Infinity", "-Infinity"])
def test_a_number_that_is_none_is_handed_back(level):
    odd = tone(RIGHT, 1000, level=level)
    drawing = drawn(odd)
    assert drawing.untold == (odd,)
    assert not drawing.markers


# The letters and numbers


def screening(*frequencies: int) -> list[Tone]:
    return [tone(ear, hz, HEARD, 20) for ear in (RIGHT, LEFT) for hz in frequencies]


def test_a_screening_says_at_most_twenty_once_a_frequency_and_both_letters():
    drawing = drawn(*screening(500, 1000, 2000, 4000))
    assert texts(drawing) == sorted(["H", "V", "≤ 20"] * 4)
    assert {label.ear for label in drawing.labels if label.text == "≤ 20"} == {None}


def test_five_frequencies_on_a_small_screen_lose_no_label():
    drawing = drawn(*screening(500, 1000, 2000, 4000, 6000), on=sheet(430, 400, 18))
    assert texts(drawing) == sorted(["H", "V", "≤ 20"] * 5)


def test_ears_that_differ_at_one_place_have_their_letter_with_the_number():
    drawing = drawn(tone(RIGHT, 1000, SILENT, 20), tone(LEFT, 1000, HEARD, 20))
    assert texts(drawing) == ["H > 20", "V ≤ 20"]


def test_no_response_says_more_than():
    assert texts(drawn(tone(LEFT, 4000, SILENT, 90))) == ["> 90", "V"]


def test_the_letters_are_what_the_ears_are_called():
    english = sheet(letters=Letters("R", "L", "both"))
    ends = [tone(ear, hz, level=30) for ear in Ear for hz in (500, 1000)]
    assert texts(drawn(*ends[:2], on=english)) == ["R", "R"]
    assert texts(drawn(*ends[2:4], on=english)) == ["L", "L"]
    assert texts(drawn(*ends[4:], on=english)) == ["both", "both"]


def test_at_most_is_drawn_and_not_written():
    (label,) = (each for each in drawn(tone(RIGHT, 500, HEARD, 20)).labels if "≤" in each.text)
    assert [words.text for words in label.words] == ["20"]
    assert label.strokes
    assert all(stroke.box.within(label.box) for stroke in label.strokes)


# Touch


def test_the_nearest_tested_frequency_is_found_across():
    drawing = drawn(tone(RIGHT, 500, level=30), tone(LEFT, 4000, Response.COULD_NOT_BE_TESTED))
    at = dict(drawing.columns)
    assert drawing.nearest(0) == 500
    assert drawing.nearest((at[500] + at[4000]) / 2 + 1) == 4000
    assert drawing.nearest(10_000) == 4000


# Always


LEVELS = st.one_of(
    st.integers(-4, 28).map(lambda n: Decimal(5 * n)), st.decimals(-50, 200, places=1)
)
HZ = st.one_of(st.sampled_from(FREQUENCIES), st.integers(50, 16000))


@st.composite
def any_tone(draw_from) -> Tone:
    response = draw_from(st.sampled_from(list(Response)))
    return Tone(
        draw_from(st.sampled_from(list(Ear))),
        draw_from(st.sampled_from(list(Transducer))),
        draw_from(HZ),
        response,
        draw_from(LEVELS) if response in WITH_LEVEL else None,
        draw_from(st.sampled_from(list(Masking))),
    )


SHEETS = st.sampled_from([sheet(544, 1632), sheet(560, 560, 18), sheet(430, 460, 18)])


@given(st.lists(any_tone(), max_size=40), SHEETS)
def test_no_label_covers_anything_and_all_is_on_the_sheet(tones, on):
    drawing = draw(tones, on)
    whole = Box(0, 0, on.width, on.height)
    said = [*drawing.axes, *drawing.labels, *drawing.marks]
    for one, other in combinations(said, 2):
        assert not one.box.overlaps(other.box), (one, other)
    for marker in drawing.markers:
        assert marker.box.within(drawing.frame)
        assert not any(marker.box.overlaps(each.box) for each in said), marker
    for label in drawing.labels:
        assert not any(label.box.crossed(*line.points) for line in drawing.joins)
    assert drawing.box.within(whole)
    assert all(words.box.within(label.box) for label in drawing.labels for words in label.words)


@given(st.lists(any_tone(), max_size=40))
def test_every_level_has_its_marker_and_nothing_else_has_one(tones):
    drawing = draw(tones, sheet(544, 1632))
    assert {marker.tone for marker in drawing.markers} == {
        each for each in tones if each.response in WITH_LEVEL
    }
    unknown = {each for each in tones if each.response in WITHOUT_LEVEL[:1]}
    assert not unknown & {marker.tone for marker in drawing.markers}
    for shape in (*drawing.marks, *drawing.keys):
        assert shape.box.top >= drawing.frame.bottom


@given(st.lists(any_tone(), max_size=40))
def test_lines_join_thresholds_of_one_ear_alone(tones):
    drawing = draw(tones, sheet(544, 1632))
    ears = {each.ear for each in tones if each.response is THRESHOLD}
    for line in drawing.joins:
        assert line.ear in ears - {BOTH}
        assert line.box.within(drawing.frame)


def test_a_ring_is_as_large_as_its_box():
    ring = only(drawn(tone(RIGHT, 1000, level=30))).shapes[0]
    assert isinstance(ring, Ring)
    assert ring.box.right - ring.box.left == 2 * ring.radius + 1
