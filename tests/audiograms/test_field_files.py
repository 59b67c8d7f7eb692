"""Files as programs of the field write them: read where safe, else refused with the true reason."""

import pytest

from drivers.audiogram_files.imported import Concern, FileRefused, Refusal
from drivers.audiogram_files.reading import read_file
from tests.audiograms.vector_bench import PROFILES, sadata, written

HEAD = "pid;time;ear;path;hz;level;status;masked\n"
ROW = "4711;2026-03-14T09:10:00+01:00;R;AC;1000;45;T;0"
FIELDS = ("8000 6310", "8316 AUDIOM", "9206 2", "3000 4711", "3101 {name}", "6200 14032026")
TEST = ("8410 RAC1000", "8420 5", "8421 dB")


def gdt(*, name=b"Hansen", charset="2", total=True, mark=b"", counts_mark=False):
    lines = [f.replace("9206 2", f"9206 {charset}") for f in (*FIELDS, *TEST)]
    texts = [line.replace(" ", "", 1).encode().replace(b"{name}", name) for line in lines]
    whole = b"".join(b"%03d%s\r\n" % (len(text) + 5, text) for text in texts)
    if total:
        size = len(whole) + 17 + (len(mark) if counts_mark else 0)
        first, rest = whole.split(b"\r\n", 1)
        whole = first + b"\r\n0178100%08d\r\n" % size + rest
    return mark + whole


def concerns(imported):
    return {remark.code for remark in imported.remarks}


def tones(imported):
    return [written(tone) for record in imported.records for tone in record.tones]


MARK = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (gdt(), "Hansen"),
        (gdt(total=False), "Hansen"),
        (gdt(mark=MARK, name="Bjørnås".encode()), "Bjørnås"),
        (gdt(mark=MARK, name="Bjørnås".encode(), counts_mark=True), "Bjørnås"),
        (gdt(charset="4", name="Bjørnås".encode("iso-8859-15")), "Bjørnås"),
        (gdt(name="Bjørnås".encode("cp850")), "Bjørnås"),
        (gdt(name="Åsen".encode("cp437")), "Åsen"),
        (gdt(charset="3", name="Bjørnås".encode("iso-8859-1")), "Bjørnås"),
    ],
)
def test_a_gdt_file_of_any_of_these_programs_is_read(data, name):
    imported = read_file(data, PROFILES)
    assert (tones(imported), imported.patient.name) == (["R AC 1000 5"], name)
    assert Concern.NAME_NOT_READ not in concerns(imported)


def test_a_gdt_file_that_does_not_say_its_length_says_so_and_none_is_read_half():
    whole = gdt(total=False)
    assert Concern.END_NOT_KNOWN in concerns(read_file(whole, PROFILES))
    assert Concern.END_NOT_KNOWN not in concerns(read_file(gdt(), PROFILES))
    for at in range(1, len(whole)):
        try:
            assert tones(read_file(whole[:at], PROFILES)) in ([], ["R AC 1000 –"])
        except FileRefused:
            continue


@pytest.mark.parametrize("name", [b"Bj\xc3\xb8rn\xc3\xa5s", b"Bj\x01rn", b"Bj\xb0\xb1rn"])
def test_a_name_that_cannot_be_read_is_flagged_and_not_shown_mangled(name):
    imported = read_file(gdt(name=name), PROFILES)
    assert imported.patient.name == ""
    assert Concern.NAME_NOT_READ in concerns(imported)
    assert tones(imported) == ["R AC 1000 5"]


@pytest.mark.parametrize(
    "data",
    [
        ("sep=;\n" + HEAD + ROW + "\n").encode(),
        (HEAD + ROW + "\n").encode("utf-16"),
        ("sep=;\r\n" + HEAD + ROW + "\r\n").encode("utf-16"),
        (HEAD + ROW + "\n" + ";" * 7 + "\n").encode(),
        (HEAD + ROW + "\n" + ";" * 7).encode(),
        (HEAD + ROW + "\n\n").encode(),
        (HEAD + ROW.replace(";0", ';"0"')).encode(),
        b"\xef\xbb\xbf" + (HEAD + ROW + "\n").encode(),
    ],
    ids=["sep", "utf-16", "both", "blank row", "blank, no end", "empty", "quoted", "mark"],
)
def test_a_table_from_excel_is_read(data):
    assert tones(read_file(data, PROFILES)) == ["R AC 1000 45"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (HEAD + ROW, Refusal.CUT_SHORT),
        (HEAD + ROW[:-5], Refusal.CUT_SHORT),
        (HEAD + ROW + "\n;;;4\n", Refusal.MALFORMED),
        (HEAD + ";" * 7 + "\n", Refusal.NO_TONE_TEST),
    ],
)
def test_a_table_that_may_have_lost_something_is_refused(text, code):
    with pytest.raises(FileRefused) as caught:
        read_file(text.encode(), PROFILES)
    assert caught.value.code is code


POINT = (
    "<TonePoint><Frequency>1000</Frequency><Transducer>{phone}</Transducer>"
    "<StatusUT>Heard</StatusUT><IntensityUT>15</IntensityUT></TonePoint>"
)
CURVE = (
    "<Tone><Earside>Right</Earside><ConductionTypes>AC</ConductionTypes>"
    "<Measurementtype>HL</Measurementtype><SignalType>Tone</SignalType>"
    "<THCondidtion>Unaided</THCondidtion>{points}</Tone>"
)


def curve(phone="TDH39"):
    return CURVE.format(points=POINT.format(phone=phone))


def test_sadata_one_level_deeper_is_the_same_test_and_never_an_empty_one():
    deep = CURVE.format(points=f"<Points>{POINT.format(phone='TDH39')}</Points>")
    for body in (curve(), f"<Curves>{curve()}</Curves>", deep):
        assert tones(read_file(sadata(body), PROFILES)) == ["R AC 1000 15"]
    with pytest.raises(FileRefused) as caught:
        read_file(sadata("<Curves></Curves>"), PROFILES)
    assert caught.value.code is Refusal.NO_TONE_TEST


@pytest.mark.parametrize("phone", ["ER3A", "ER-3A", "EARTONE3A", "EARtone 3A", "IP30"])
def test_an_insert_phone_is_no_headphone(phone):
    assert tones(read_file(sadata(curve(phone)), PROFILES)) == ["R IN 1000 15"]


@pytest.mark.parametrize("phone", ["XY1", ""])
def test_a_phone_nobody_knows_or_names_is_asked_about_and_stays_unknown(phone):
    found = read_file(sadata(curve(phone)), PROFILES)
    assert Concern.UNKNOWN_TRANSDUCER in concerns(found)
    assert tones(found) == ["R ?? 1000 15"]
