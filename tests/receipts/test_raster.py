"""The slip as dots: complete, legible, never clipped, and only ever a picture."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import features

from drivers.printers.command_bytes import chunks
from drivers.printers.document import WIDTH
from drivers.simulators.printer_escpos import (
    Ask,
    AskDone,
    Cut,
    EscPosReader,
    Feed,
    Guard,
    Nothing,
    Report,
    Reset,
    Row,
)
from kiosk.model.visit import Dress, Position, Quantity
from kiosk.receipts import raster, type_face
from kiosk.receipts.charmap import GlyphMissing, characters_of, require_glyphs
from kiosk.receipts.content import CopyMark, SlipContent, SlipLine
from kiosk.receipts.raster import Style, draw_slip, picture_of, wrap
from kiosk.receipts.type_face import (
    ShapingMissing,
    Weight,
    checked,
    face,
    font_file,
    require_shaping,
)

LINES = (
    SlipLine(Quantity.WEIGHT, "6,482 kg", dress=Dress.NAKED),
    SlipLine(Quantity.LENGTH, "63,4 cm", Position.LYING),
    SlipLine(Quantity.HEAD, "41,2 cm"),
)


def slip(**changed) -> SlipContent:
    values = {
        "name": "Ærlend Øystein",
        "age": "4 måneder",
        "measured_on": date(2026, 3, 12),
        "lines": LINES,
        "code": "K7QF",
    }
    return SlipContent(**values | changed)


@pytest.fixture
def drawn(monkeypatch) -> list[tuple[str, int]]:
    """Every text drawn, with its size in dots."""
    texts: list[tuple[str, int]] = []
    from PIL import ImageDraw

    real = ImageDraw.ImageDraw.text

    def text(self, xy, words, fill, font, anchor, direction):
        texts.append((words, font.size))
        box = self.textbbox(xy, words, font=font, anchor=anchor, direction=direction)
        assert box[0] >= type_face.MARGIN - 2, words
        assert box[2] <= WIDTH - type_face.MARGIN + 2, words
        return real(self, xy, words, fill, font, anchor, direction=direction)

    monkeypatch.setattr(ImageDraw.ImageDraw, "text", text)
    return texts


def test_a_slip_is_called_maleark_and_says_that_it_is_no_receipt(drawn):
    draw_slip(slip())
    words = [text for text, _ in drawn]
    assert words[0] == "Måleark"
    assert "Ikke kvittering for kjøp." in words
    assert [text for text in words if "vittering" in text] == ["Ikke kvittering for kjøp."]
    assert "Tallene er målinger, ikke en vurdering." in words


def test_sizes_are_what_a_thermal_head_prints_legibly(drawn):
    draw_slip(slip(clinic="Helsestasjonen Testvik", hearing_done=True, corrected=True))
    sizes = dict(drawn)
    assert min(sizes.values()) >= 22
    assert sizes["Måleark"] >= 32
    assert all(sizes[line.value] >= 34 for line in LINES)


def test_everything_given_is_drawn_and_nothing_else_of_the_child(drawn):
    draw_slip(slip(clinic="Helsestasjonen Testvik"))
    words = [text for text, _ in drawn]
    for expected in ("Helsestasjonen Testvik", "Ærlend Øystein", "4 måneder", "12. mars 2026"):
        assert expected in words
    assert [text for text in words if text in {line.value for line in LINES}] == [
        line.value for line in LINES
    ]


def test_a_copy_and_a_correction_are_the_first_things_seen(drawn):
    draw_slip(slip(copy=CopyMark(2, time(10, 42)), corrected=True))
    assert [text for text, _ in drawn][:3] == [
        "KOPI 2",
        "skrevet ut kl. 10.42",
        "Rettet. Erstatter tidligere utskrift.",
    ]


def test_a_training_slip_says_so_first_and_a_slip_without_name_leaves_no_gap(drawn):
    draw_slip(slip(training=True))
    assert [text for text, _ in drawn][:2] == ["OPPLÆRING", "ikke et ekte barn"]
    named, nameless = picture_of(slip()), picture_of(slip(name=""))
    assert named.height - nameless.height == raster.NAME.leading


def test_the_copy_number_goes_with_the_document_and_changes_the_dots():
    original, copy = draw_slip(slip()), draw_slip(slip(copy=CopyMark(1, time(10, 42))))
    assert (original.copy, copy.copy) == (None, 1)
    assert original.sha256 != copy.sha256


def test_the_same_content_gives_the_same_dots():
    assert draw_slip(slip()).sha256 == draw_slip(slip()).sha256


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "W" * 40},
        {"name": "Anne-Margrethe Wilhelmine Konstanse"},
        {"clinic": "Helsestasjonen for et område med et usedvanlig langt og sammensatt navn"},
        {"clinic": "W" * 80},
        {"age": "en alder som er skrevet mye lenger enn noen alder egentlig kan bli på et ark"},
    ],
)
def test_long_texts_wrap_and_are_never_clipped(drawn, changed):
    draw_slip(slip(**changed))
    (value,) = changed.values()
    assert value.replace(" ", "") in "".join(text for text, _ in drawn).replace(" ", "")


@given(st.text(alphabet="abWiæøå  ", min_size=1, max_size=80), st.integers(60, 300))
@settings(max_examples=50, deadline=None)
def test_wrapping_keeps_every_letter_within_the_width(text, width):
    words = " ".join(text.split()) or "a"
    style = Style(Weight.REGULAR, 24, 33)
    lines = wrap(words, style, width)
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")
    assert all(face(style.weight, style.dots).getlength(line) <= width for line in lines)


def test_margins_stay_white_and_ink_stays_moderate():
    picture = picture_of(slip(corrected=True))
    assert picture.crop((0, 0, type_face.MARGIN - 2, picture.height)).getbbox() is None
    right = picture.crop((WIDTH - type_face.MARGIN + 2, 0, WIDTH, picture.height))
    assert right.getbbox() is None
    black = sum(map(int.bit_count, picture.tobytes()))
    assert 0.02 < black / (WIDTH * picture.height) < 0.25


def test_letters_with_rings_strokes_and_ligatures_differ_from_plain_ones():
    plain = draw_slip(slip(name="Arlend Oystein")).rows
    assert draw_slip(slip(name="Ærlend Øystein")).rows != plain


@given(st.text(alphabet=st.characters(max_codepoint=0x17F), max_size=20))
@settings(max_examples=40, deadline=None)
def test_no_name_becomes_a_printer_command(text):
    try:
        document = draw_slip(slip(name=text))
    except (ValueError, GlyphMissing):
        return
    reader, buffer, kinds = EscPosReader(), bytearray(), set()
    for chunk in chunks(document, b"0001"):
        buffer += chunk.data
    while (operation := reader.take(buffer)) is not None:
        kinds.add(type(operation))
    assert kinds <= {Row, Reset, Guard, Report, Feed, Cut, AskDone, Ask, Nothing}


def test_a_character_the_font_lacks_is_refused_by_its_number_alone():
    with pytest.raises(GlyphMissing) as missing:
        draw_slip(slip(name="ሰላም"))
    assert str(missing.value) == "U+1230"
    with pytest.raises(GlyphMissing):
        checked("漢", Weight.BOLD)


@pytest.mark.parametrize("weight", list(Weight))
def test_our_character_map_agrees_with_fonttools(weight):
    path = font_file(weight)
    with TTFont(path) as font:
        assert characters_of(path) == frozenset(font.getBestCmap())


def test_the_fonts_have_the_letters_of_norway():
    for weight in Weight:
        require_glyphs("ÆØÅæøå ÁČĐŊŠŦŽ áčđŋšŧž ïńäö 0123456789 ,.–’", font_file(weight))


def test_a_file_that_is_no_font_is_refused(tmp_path: Path):
    path = tmp_path / "x.ttf"
    path.write_bytes(bytes(100))
    with pytest.raises(ValueError, match="font"):
        characters_of(path)


@pytest.mark.parametrize("missing", ["raqm", "fribidi"])
def test_without_shaping_no_slip_is_drawn_and_the_remedy_is_named(monkeypatch, missing):
    real = features.check
    monkeypatch.setattr(type_face.features, "check", lambda name: name != missing and real(name))
    type_face.face.cache_clear()
    with pytest.raises(ShapingMissing, match="libfribidi0"):
        require_shaping()
    with pytest.raises(ShapingMissing, match="libfribidi0"):
        picture_of(slip(name="Ny"))
    monkeypatch.undo()
    type_face.face.cache_clear()
