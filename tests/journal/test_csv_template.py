"""CSV files by a template: the same values under other names, with other signs."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from uuid6 import uuid7

from kiosk.config.load import load_config
from kiosk.journal.files.csv_message import csv_file
from kiosk.journal.files.csv_template import COLUMNS, ENCODINGS, NEEDED, SEPARATORS, Template
from kiosk.journal.mapping_error import MappingError
from kiosk.station.checking.checking import within
from kiosk.station.checking.file_forms import template_of
from tests.journal.journal_samples import NURSE, SCALE, SITE, measurement, whole_visit
from tests.journal.test_hl7 import EVERY_RESPONSE

SHORT = ("patient_number", "measured_at", "key", "comparator", "value", "unit", "absent", "status")
VISIT = replace(whole_visit(), hearing=(EVERY_RESPONSE,))


def written(template, visit=VISIT, status="final"):
    body = csv_file(visit, uuid7(), SITE, status, template=template)
    text = body.decode(ENCODINGS[template.encoding])
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=SEPARATORS[template.separator]))


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_form_says_the_same(separator, encoding):
    template = Template(SHORT, {"value": "Verdi"}, separator, encoding)
    heading, *rows = written(template)
    assert heading[4] == "Verdi"
    plain = [[row[COLUMNS.index(column)] for column in SHORT] for row in written(Template())[1:]]
    assert rows == plain


def test_a_decimal_comma_and_no_heading():
    template = Template(separator="semicolon", decimal_comma=True, heading=False)
    rows = written(template)
    assert rows[0][COLUMNS.index("value")] == "4,236"


def test_the_byte_order_mark_is_there_only_where_it_was_asked_for():
    def head(encoding):
        return csv_file(VISIT, uuid7(), SITE, "final", template=Template(encoding=encoding))[:3]

    assert [head(one) == b"\xef\xbb\xbf" for one in ENCODINGS] == [False, True, False, False]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_no_letter_becomes_a_question_mark(encoding):
    child = replace(VISIT.child, given_name="Łukasz Đorđe Оксана Š")
    rows = written(Template(encoding=encoding), replace(VISIT, child=child))
    assert not any("?" in cell for row in rows for cell in row)
    kept = {"utf-8": "Łukasz Đorđe Оксана Š", "iso-8859-1": "Lukasz Dorde Oksana S"}
    if encoding in kept:
        assert rows[1][COLUMNS.index("given_name")] == kept[encoding]


def test_a_name_that_cannot_be_spelt_goes_to_a_person():
    child = replace(VISIT.child, given_name="明")
    assert written(Template(), replace(VISIT, child=child))
    with pytest.raises(MappingError, match="name-not-in-character-set"):
        written(Template(encoding="iso-8859-1"), replace(VISIT, child=child))


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t=", "\r=", " =", "＝", "\n+"])
def test_no_text_is_a_formula_in_any_column(begin):
    evil = f"{begin}cmd|'/c calc'!A1"
    visit = replace(
        VISIT,
        child=replace(VISIT.child, given_name=evil, number=evil),
        measurements=(
            measurement(
                performer=replace(NURSE, display=evil, hpr_number=evil),
                device=replace(SCALE, name=evil, serial=evil),
            ),
        ),
    )
    for template in (Template(), Template(separator="tab", encoding="iso-8859-1")):
        for row in written(template, visit)[1:]:
            for column, cell in zip(COLUMNS, row, strict=True):
                assert not cell.lstrip().startswith(tuple("=+@-")) or column == "value"


def test_a_level_below_zero_stays_a_number():
    from decimal import Decimal

    tone = replace(EVERY_RESPONSE.tones[0], level_db=Decimal(-10))
    visit = replace(VISIT, measurements=(), hearing=(replace(EVERY_RESPONSE, tones=(tone,)),))
    assert written(Template(), visit)[1][COLUMNS.index("value")] == "-10"


def test_what_was_withdrawn_is_told_in_no_column():
    dressed = replace(VISIT, hearing=(), measurements=VISIT.measurements[:1])
    row = dict(zip(COLUMNS, written(Template(), dressed, "entered-in-error")[1], strict=True))
    assert (row["value"], row["note"], row["comparator"]) == ("", "", "")
    assert row["status"] == "entered-in-error"


# --- the configuration -------------------------------------------------------------------

HEAD = '[station]\nclinic = "x"\n[csv]\nfolder = "/srv/csv"\n'
ALL = ", ".join(f'"{column}"' for column in COLUMNS)


@pytest.fixture
def said(tmp_path):
    def read(more):
        file = tmp_path / "kiosk.toml"
        file.write_text(HEAD + more, "utf-8")
        return [one.text for one in within(load_config(file)) if one.part in {"csv", "gdt"}]

    return read


def test_the_usual_form_and_a_whole_template_are_in_order(said, tmp_path):
    assert said("") == []
    more = (
        'file_name = "{date}-{short}.csv"\nseparator = "semicolon"\ndecimal_comma = true\n'
        f'encoding = "windows-1252"\ncolumns = [{ALL}]\n[csv.names]\nvalue = "Verdi"\n'
    )
    assert said(more) == []
    assert template_of(load_config(tmp_path / "kiosk.toml").csv).heading_of("value") == "Verdi"


WRONG = {
    'columns = ["id", "wight"]': "«wight» er ukjent",
    f'columns = [{ALL}, "id"]': "«id» står der to ganger",
    "columns = [" + ", ".join(f'"{c}"' for c in NEEDED) + "]": "sier ingen hva som er målt",
    'names = { value = "=1+1" }': "kan leses som en formel",
    'names = { vekt = "Vekt" }': "«vekt» er ingen av kolonnene",
    'names = { value = "id" }': "samme overskrift, «id»",
    "decimal_comma = true": "krever et annet skilletegn",
    'file_name = "{number}.csv"': "{number} er ukjent",
    'file_name = "a/b.csv"': "kan ikke stå i et filnavn",
    'file_name = "{sender}.csv"\nfetched = true': "{sender} er ukjent",
    'file_name = "vekt.csv"': "navnet blir det samme for flere filer",
    'file_name = "{date"': "har en klamme for mye eller for lite",
    **{
        "columns = [" + ", ".join(f'"{c}"' for c in COLUMNS if c != column) + "]": (
            f"«csv.columns»: «{column}» mangler"
        )
        for column in NEEDED
    },
}


@pytest.mark.parametrize("more", WRONG)
def test_each_mistake_in_a_form_has_a_sentence(said, more):
    told = said(more + "\n")
    assert any(WRONG[more] in text for text in told), told


def test_a_gdt_name_is_looked_at_too(said):
    gdt = '[gdt]\nfolder = "/srv/gdt"\n'
    assert said(gdt + 'file_name = "{receiver}{sender}.gdt"\n') == []
    assert any("{x} er ukjent" in text for text in said(gdt + 'file_name = "{x}.gdt"\n'))
    spaced = gdt + 'file_name = "{sender}.gdt"\nsender = "a b"\n'
    assert any("«gdt.sender»" in text for text in said(spaced))
