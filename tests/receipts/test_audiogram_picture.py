"""An audiogram on paper: black or white, sharp, and black where the drawing says."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PIL import Image

from drivers.hearing import Ear, Masking, Response, Tone, Transducer
from kiosk.hearing.audiogram.drawing import Drawing, Letters, draw
from kiosk.hearing.audiogram.shapes import Box, Ring
from kiosk.receipts import audiogram, type_face
from kiosk.receipts.audiogram import audiogram_image, painted, paper
from kiosk.receipts.charmap import GlyphMissing

HEADPHONE, BONE = Transducer.HEADPHONE, Transducer.BONE
EARS = (Ear.RIGHT, Ear.LEFT)


def tone(ear, hz, response, level=None, path=HEADPHONE, masking=Masking.NONE) -> Tone:
    return Tone(ear, path, hz, response, None if level is None else Decimal(level), masking)


SCREENING = [
    tone(ear, hz, Response.HEARD, 20) for ear in EARS for hz in (500, 1000, 2000, 4000, 6000)
]
EVERYTHING = [
    *(tone(ear, 1000, Response.THRESHOLD, 10 + 20 * n) for n, ear in enumerate(Ear)),
    *(
        tone(ear, 2000, Response.NO_RESPONSE, 50, path)
        for ear in EARS
        for path in (HEADPHONE, BONE)
    ),
    *(tone(ear, 4000, Response.HEARD, 30) for ear in Ear),
    *(tone(ear, 500, Response.THRESHOLD, 60, BONE, Masking.MASKED) for ear in EARS),
    *(tone(ear, 1000, Response.THRESHOLD, 80, BONE, Masking.MASKED) for ear in EARS),
    tone(Ear.LEFT, 8000, Response.NO_RESPONSE_LEVEL_UNKNOWN),
]


def sheet_drawing(tones) -> Drawing:
    return draw(tones, paper(type_face.INNER))


def ink(image: Image.Image, box: Box) -> int:
    """How many dots are black within a box of the whole sheet."""
    return sum(image.crop(tuple(box)).histogram()[1:])


def whole(drawing: Drawing) -> Image.Image:
    """The picture where the drawing's coordinates count: with what is cut off put back."""
    image = Image.new("1", (drawing.width, drawing.height))
    image.paste(painted(drawing), (0, drawing.box.top))
    return image


def test_it_is_as_wide_as_a_slip_and_only_black_and_white():
    image = audiogram_image(SCREENING)
    assert image.mode == "1"
    assert image.width == type_face.INNER == 560
    assert image.height < 700
    assert 0 < ink(image, Box(0, 0, *image.size)) < image.width * image.height / 6


def test_the_same_tones_make_the_same_dots():
    assert audiogram_image(SCREENING).tobytes() == audiogram_image(SCREENING).tobytes()
    assert audiogram_image(SCREENING).tobytes() != audiogram_image(SCREENING[1:]).tobytes()


@pytest.mark.parametrize("tones", [[], SCREENING, EVERYTHING], ids=["empty", "20 dB", "all"])
def test_nothing_is_cut_off_at_the_edges(tones):
    drawing = sheet_drawing(tones)
    image = whole(drawing)
    edges = (
        Box(0, 0, drawing.width, drawing.box.top),
        Box(0, drawing.box.bottom, drawing.width, drawing.height),
    )
    assert [ink(image, edge) for edge in edges] == [0, 0]
    assert drawing.box.left >= 0
    assert drawing.box.right <= drawing.width


def test_there_is_ink_where_the_markers_and_labels_are():
    drawing = sheet_drawing(EVERYTHING)
    image = whole(drawing)
    empty = whole(sheet_drawing([EVERYTHING[-1]]))
    for part in (*drawing.markers, *drawing.labels):
        assert ink(image, part.box) > ink(empty, part.box), part


def test_a_ring_is_round_and_its_line_three_dots():
    drawing = sheet_drawing([tone(Ear.RIGHT, 1000, Response.THRESHOLD, 45)])
    (ring,) = drawing.markers[0].shapes
    assert isinstance(ring, Ring)
    image = whole(drawing)
    (x, y), r = ring.centre, ring.radius
    for way in (1, -1):
        across = [image.getpixel((x + way * d, y)) > 0 for d in range(r - 4, r + 3)]
        assert across[2:5] == [True, True, True], across
        assert not across[5]


def test_a_bar_is_a_full_rectangle():
    drawing = sheet_drawing([tone(Ear.LEFT, 500, Response.HEARD, 25)])
    box = drawing.markers[0].box
    image = whole(drawing)
    assert ink(image, box) == (box.right - box.left) * (box.bottom - box.top)
    assert (box.bottom - box.top) % 2 == 1


def test_the_bars_of_both_ears_leave_white_between():
    drawing = sheet_drawing(SCREENING[:1] + SCREENING[5:6])
    right, left = sorted(marker.box for marker in drawing.markers)
    between = Box(right.right, right.top, left.left, right.bottom)
    # Only the grid's dots of that level and column.
    assert ink(whole(drawing), between) <= (between.bottom - between.top) + 2


def test_no_label_is_crossed_by_the_grid():
    words = sheet_drawing(SCREENING).labels
    bare = audiogram.SPACING
    drawing = sheet_drawing(SCREENING)
    with_grid = whole(drawing)
    try:
        audiogram.SPACING = dict.fromkeys(bare, 10**6)
        without = whole(drawing)
    finally:
        audiogram.SPACING = bare
    for label in words:
        assert with_grid.crop(label.box).tobytes() == without.crop(label.box).tobytes()


def test_words_stay_within_their_boxes():
    drawing = sheet_drawing(EVERYTHING)
    pen_only = whole(drawing)
    for words in drawing.axes:
        beside = words.box.grown(1)
        assert ink(pen_only, words.box) == ink(pen_only, beside), words.text


def test_the_ears_are_called_what_they_are_told():
    assert (
        audiogram_image(SCREENING, letters=("R", "L")).tobytes()
        != audiogram_image(SCREENING, letters=Letters("H", "V")).tobytes()
    )
    with pytest.raises(GlyphMissing):
        audiogram_image(SCREENING, letters=("\u4e00", "V"))


def test_a_strip_of_paper_is_too_narrow():
    with pytest.raises(ValueError, match="too small"):
        audiogram_image(SCREENING, width=150)
