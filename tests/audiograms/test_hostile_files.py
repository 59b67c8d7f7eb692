"""Hostile and broken files: each refused as a whole, each with its own code; no invented number."""

import string
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from drivers.audiogram_files.imported import Concern, FileRefused, Refusal
from drivers.audiogram_files.points import HIGHEST_DB, LOWEST_DB
from drivers.audiogram_files.reading import LIMIT_BYTES, read_file
from drivers.hearing import WITH_LEVEL, Response
from drivers.simulators.audiogram_samples import SAMPLES, SampleChild, gdt, noah, sadata, table
from tests.audiograms.vector_bench import PROFILES, audiogram
from tests.audiograms.vector_bench import noah as noah_bytes
from tests.audiograms.vector_bench import sadata as sadata_bytes

CHILD = SampleChild()
WHOLE = {name: make(CHILD) for name, make in SAMPLES.items()}
WIDE = (
    b"person,tested,audio.right05,audio.right1,audio.right2,audio.right4,"
    b"audio.left05,audio.left1,audio.left2,audio.left4\n"
    b"4711,2026-03-14 09:10:00+01:00,5,10,5,5,5,5,5,5\nEND\n"
)
BOMB = b"""<?xml version="1.0"?><!DOCTYPE SaData [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<SaData>&c;</SaData>"""
EXTERNAL = b"""<?xml version="1.0"?><!DOCTYPE SaData [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<SaData>&x;</SaData>"""


def refusal(data: bytes, name: str = "") -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        read_file(data, PROFILES, name)
    return caught.value


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(BOMB, Refusal.FORBIDDEN_XML, id="bomb"),
        pytest.param(EXTERNAL, Refusal.FORBIDDEN_XML, id="external entity"),
        pytest.param(b"<!DOCTYPE SaData><SaData/>", Refusal.FORBIDDEN_XML, id="DTD"),
        pytest.param(b"", Refusal.EMPTY_FILE, id="empty"),
        pytest.param(bytes(5000), Refusal.EMPTY_FILE, id="reserved"),
        pytest.param(b"<" * (LIMIT_BYTES + 1), Refusal.TOO_LARGE, id="large"),
        pytest.param(b"<a>" * 300_000, Refusal.TOO_LARGE, id="too many tags"),
        pytest.param(b"<a>" * 100_000, Refusal.CUT_SHORT, id="deep"),
        pytest.param(b"\x89PNG\r\n\x1a\n...", Refusal.UNKNOWN_FORMAT, id="picture"),
        pytest.param(b"<html></html>", Refusal.UNKNOWN_FORMAT, id="other XML"),
        pytest.param(b"<a></b>", Refusal.MALFORMED, id="malformed"),
        pytest.param(WHOLE["noah.xml"][:300] + bytes(20), Refusal.MALFORMED, id="hole"),
        pytest.param(
            sadata(CHILD).replace(b"Pr\xc3\xb8ve", b"Pr\xf8ve"), Refusal.WRONG_ENCODING, id="UTF-8"
        ),
        pytest.param(
            b'<?xml version="1.0" encoding="EBCDIC-CP-US"?><SaData/>',
            Refusal.WRONG_ENCODING,
            id="unknown encoding",
        ),
        pytest.param(
            gdt(CHILD).replace(b"01092063", b"01092069"), Refusal.WRONG_ENCODING, id="GDT set"
        ),
        pytest.param(
            table(CHILD).replace(b"4711", b"47\xf811"), Refusal.WRONG_ENCODING, id="table"
        ),
        pytest.param(
            sadata(CHILD).replace(b'Version="2"', b'Version="3"'),
            Refusal.UNSUPPORTED_VERSION,
            id="version",
        ),
        pytest.param(
            gdt(CHILD).replace(b"AUDIOM", b"OTHERS"), Refusal.NO_PROFILE, id="GDT without profile"
        ),
    ],
)
def test_a_hostile_file_is_refused_with_its_own_code(data, code):
    assert refusal(data).code is code


def test_a_table_that_no_profile_fits_is_named():
    assert refusal(b"a;b\n1;2\n", "x.csv").code is Refusal.NO_PROFILE


def test_without_profiles_gdt_and_tables_are_refused():
    for name in ("result.gdt", "table.csv"):
        with pytest.raises(FileRefused) as caught:
            read_file(WHOLE[name], None, name)
        assert caught.value.code is Refusal.NO_PROFILE


def test_a_named_encoding_and_a_mark_of_sixteen_bits_are_read():
    text = sadata(CHILD).decode("utf-8-sig")
    latin = text.replace("UTF-8", "ISO-8859-1").encode("iso-8859-1")
    for data in (latin, text.encode("utf-16")):
        assert read_file(data).patient.name == "Kari Prøve"


def test_the_control_character_of_real_noah_files_is_blanked_and_told():
    imported = read_file(noah(CHILD).replace(b"Kari", b"Ka\x10ri"))
    assert Concern.CONTROL_CHARACTERS in [remark.code for remark in imported.remarks]
    assert imported.patient.name == "Ka ri Prøve"


def test_digits_never_grow_together_over_a_control_character():
    assert refusal(noah(CHILD).replace(b">20.0<", b">2\x100.0<")).code is Refusal.BAD_VALUE


@pytest.mark.parametrize("name", ["export.xml", "noah.xml", "result.gdt"])
@given(data=st.data())
def test_every_truncation_is_refused(name, data):
    whole = WHOLE[name].rstrip() if name.endswith("xml") else WHOLE[name]
    cut = data.draw(st.integers(0, len(whole) - 1))
    refusal(whole[:cut])


@pytest.mark.parametrize("name", WHOLE)
def test_every_single_truncation_of_the_last_hundred_bytes_is_refused_or_told(name):
    whole = WHOLE[name].rstrip() if name.endswith("xml") else WHOLE[name]
    for cut in range(len(whole) - 100, len(whole)):
        if name == "table.csv" and whole[:cut].endswith(b"\n"):
            remarks = read_file(whole[:cut], PROFILES).remarks
            assert Concern.END_NOT_KNOWN in [remark.code for remark in remarks]
        else:
            refusal(whole[:cut])


def test_every_truncation_of_a_table_with_a_last_line_is_refused():
    assert read_file(WIDE, PROFILES).records
    # Without its line end the last line is still there and says that nothing is missing.
    for cut in range(len(WIDE)):
        refusal(WIDE[:cut])


NO_THRESHOLD = [
    "AlwaysResponse",
    "NoResponse",
    "NotMeasurable",
    "DidNotTest",
    "CouldNotTest",
    "Unknown",
    "User1",
]
STATUSES = st.sampled_from(["NotHeard", "Undefined", "Maybe", "heard", ""])
SENTINEL = st.just("-2147483648")
LEVELS = st.one_of(st.integers(-400, 400).map(str), SENTINEL, st.just(""), st.just("NaN"))


def outcome(data: bytes):
    try:
        return read_file(data, PROFILES)
    except FileRefused:
        return None


def tones(imported):
    return [tone for record in imported.records for tone in record.tones] if imported else []


@given(ut=LEVELS, status_ut=STATUSES, mt=LEVELS, status_mt=STATUSES, noise=LEVELS)
def test_no_sadata_status_but_heard_gives_a_threshold(ut, status_ut, mt, status_mt, noise):
    body = (
        "<Tone><Earside>Right</Earside><THCondidtion>Unaided</THCondidtion>"
        "<ConductionTypes>AC</ConductionTypes><Measurementtype>HL</Measurementtype>"
        "<SignalType>Tone</SignalType><TonePoint><Frequency>1000</Frequency>"
        f"<IntensityUT>{ut}</IntensityUT><StatusUT>{status_ut}</StatusUT>"
        f"<IntensityMT>{mt}</IntensityMT><StatusMT>{status_mt}</StatusMT>"
        f"<IntensityMTMasked>{noise}</IntensityMTMasked></TonePoint></Tone>"
    )
    for tone in tones(outcome(sadata_bytes(body))):
        assert tone.threshold is None
        assert tone.level_db is None or LOWEST_DB <= tone.level_db <= HIGHEST_DB
        assert tone.masking_db is None or abs(tone.masking_db) < 200


@given(level=LEVELS)
def test_the_number_for_nothing_is_never_heard(level):
    body = (
        "<Tone><Earside>Right</Earside><THCondidtion>Unaided</THCondidtion>"
        "<ConductionTypes>AC</ConductionTypes><Measurementtype>HL</Measurementtype>"
        "<SignalType>Tone</SignalType><TonePoint><Frequency>1000</Frequency>"
        f"<IntensityUT>{level}</IntensityUT><StatusUT>Heard</StatusUT></TonePoint></Tone>"
    )
    for tone in tones(outcome(sadata_bytes(body))):
        assert tone.threshold == Decimal(level)
        assert LOWEST_DB <= tone.threshold <= HIGHEST_DB


@given(
    level=st.integers(-400, 999).map(str),
    status=st.sampled_from(
        [
            "AlwaysResponse",
            "NoResponse",
            "NotMeasurable",
            "DidNotTest",
            "CouldNotTest",
            "Unknown",
            "User1",
        ]
    ),
)
def test_no_noah_status_but_normal_gives_a_threshold(level, status):
    curve = {"output": "AirConductorRight", "points": [f"1000 {level} {status}"]}
    for tone in tones(outcome(noah_bytes(audiogram([curve])))):
        assert tone.threshold is None
        assert (tone.level_db is not None) is (tone.response in WITH_LEVEL)
        assert status in {"AlwaysResponse", "NoResponse"} or tone.level_db is None


@given(value=st.text(string.printable.strip() + " ", max_size=6))
def test_a_gdt_value_is_a_threshold_only_if_it_is_a_plain_number(value):
    text = value.strip()
    whole = gdt(CHILD)
    old = b"0118420" + b"20\r\n"
    new = f"{len(value) + 9:03}8420{value}\r\n".encode()
    total = f"{len(whole) + len(new) - len(old):05}".encode()
    data = whole.replace(old, new).replace(f"{len(whole):05}".encode(), total, 1)
    for tone in tones(outcome(data)):
        if (tone.ear, tone.hz) == ("right", 4000) and tone.threshold is not None:
            assert tone.threshold == Decimal(text)
            assert text.lstrip("-").replace(".", "", 1).isdigit()


@given(level=st.integers(-500, 1000), status=st.sampled_from(["NR", "H", "DNT", "CNT", "?"]))
def test_no_word_of_a_table_but_threshold_gives_a_threshold(level, status):
    data = table(CHILD).replace(b"1000;5;T", f"1000;{level};{status}".encode())
    for tone in tones(outcome(data)):
        assert (tone.ear, tone.hz, tone.threshold is None) != ("right", 1000, False)


@given(level=st.integers(-500, 1000))
def test_a_wide_number_is_a_threshold_only_within_what_the_device_can_give(level):
    imported = outcome(WIDE.replace(b",10,", f",{level},".encode()))
    for tone in tones(imported):
        assume((tone.ear, tone.hz) == ("right", 1000))
        if level == 99:
            assert tone.response is Response.NO_RESPONSE_LEVEL_UNKNOWN
        else:
            assert tone.threshold is not None
            assert tone.threshold <= 90


@given(data=st.binary(max_size=300))
def test_any_bytes_are_refused_or_read_and_nothing_else_is_raised(data):
    for head in (
        b"",
        b"<SaData",
        b"01380006310\r\n",
        b"pid;time;ear;path;hz;level;status;masked\n",
    ):
        outcome(head + data)


@given(position=st.integers(0, 10_000), byte=st.integers(0, 255), name=st.sampled_from([*WHOLE]))
def test_a_changed_byte_never_raises_anything_else(position, byte, name):
    data = bytearray(WHOLE[name])
    data[position % len(data)] = byte
    outcome(bytes(data))
