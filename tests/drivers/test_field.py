"""Lines of real devices, as they were posted: at every split, alone and among foreign bytes.

``field.json`` was typed from bug reports, captures and manuals before the drivers were changed for
it; the drivers' own vectors were typed later, by whoever changed them.
"""

import json
import random
from pathlib import Path

import pytest

from drivers.contract_samples import read
from drivers.notation import to_records
from drivers.profile import completed
from drivers.registry import all_drivers

DRIVERS = all_drivers()
ROWS = json.loads(Path(__file__).with_name("field.json").read_text())
OWN = {"FP1": "plain", "FX2": "rice-lake-print"}
"""The drivers that were made for rows which had none."""


def values(row, *chunks):
    driver = DRIVERS[row["driver"] or OWN[row["id"]]]
    events = read(driver, completed(driver, row["settings"]), *chunks)
    found = [record for event in events for record in to_records(event) if "value" in record]
    return [
        (one["quantity"], one["value"], one["unit"])
        for one in found
        if row["stability"] in {None, one["stability"]}
    ]


def wanted(row):
    if row["value"] is None:
        return []
    one = {"quantity": "weight", "value": row["value"], "unit": row["unit"]}
    return [(v["quantity"], v["value"], v["unit"]) for v in row.get("values", [one])]


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_a_line_from_the_field_is_read_however_it_is_cut(row):
    data, want = bytes.fromhex(row["hex"]), wanted(row)
    assert values(row, data) == want
    assert values(row, *(bytes([byte]) for byte in data)) == want
    for at in range(1, len(data)):
        assert values(row, data[:at], data[at:]) == want, at


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_a_line_from_the_field_in_noise_gives_its_values_and_no_other(row):
    data, want = bytes.fromhex(row["hex"]), wanted(row)
    chance = random.Random(row["id"])
    foreign = bytes(byte for byte in range(256) if byte not in data)
    for size in (1, 7, 60):
        noise = bytes(chance.choices(foreign, k=size))
        got = values(row, noise + data * 2 + noise)
        # What noise runs into may be lost; the whole lines behind it are not.
        assert got[-len(want) :] == want if want else got == []
        assert set(got) <= set(want)


@pytest.mark.parametrize(
    ("driver", "line", "said"),
    [
        ("ohaus", b"   8.420 kg   ?N\r\n", [("8.420", "kg", "moving")]),
        ("ohaus", b"    8420 g     G\r\n", [("8420", "g", "stable")]),
        ("ohaus", b"   18.55 lb    G\r\n", [("18.55", "lb", "stable")]),
        ("ohaus", b"   8.420 kg    T\r\n", []),
        ("ohaus", b"   8.42 kg    G\r\n", []),
        ("kern", b"       +12.5 g  \r\n", [("12.5", "g", "stable")]),
        ("kern", b"     -12.345 kg \r\n", [("-12.345", "kg", "stable")]),
        ("kern", b"M     12.345 kg \r\n", [("12.345", "kg", "stable")]),
        ("kern", b"-07.123/4KGGS\r\n", [("-7.123", "kg", "stable")]),
        ("kern", b"-007.12/3KGGU\r\n", [("-7.12", "kg", "moving")]),
        ("kern", b"+007.12/3 G E\r\n", []),
        ("kern", b"+007123/4 G S\r\n", []),
        ("st-us", b"ST,GS    20.7 g\r\n", [("20.7", "g", "stable")]),
        ("st-us", b"US,NT-  0.500kg\r\n", [("-0.500", "kg", "moving")]),
        ("st-us", b"ST,GS,+  4.236KG\n", [("4.236", "kg", "stable")]),
        ("st-us", b"ST,NT,- 4.236,kg\r\n", [("-4.236", "kg", "stable")]),
        ("st-us", b"US,GS,-04.236,kg\r\n", [("-4.236", "kg", "moving")]),
        ("st-us", b"ST,N ,-  0.236kg\r\n", [("-0.236", "kg", "stable")]),
        ("st-us", b"WT,-0012.345  g\r\n", [("-12.345", "g", "unknown")]),
        ("st-us", b"ST,+0012.345 kg\r\n", [("12.345", "kg", "stable")]),
        ("st-us", b"OL,+9999999E+19\r\n", []),
        ("st-us", b"ST,GS  4.236kg\r\n", []),
        ("st-us", b"ST,GS,+  4,236kg\r\n", []),
        ("nci", b"\n   8.42 kgNT\r\x03", [("8.42", "kg", "unknown")]),
        ("nci", b"\n- 12.5kgNT\r\x03", [("-12.5", "kg", "unknown")]),
        ("nci", b"\n 175.5lbGR\r\x03", [("175.5", "lb", "unknown")]),
        ("detecto-solo", b"09:05,30/11/26,,,8.4kg\r", [("8.4", "kg", "unknown")]),
        ("rice-lake-print", b"    12.5 lb Net    \r\n", [("12.5", "lb", "unknown")]),
        ("sartorius", b"Stat      Err 054     \r\n"[:20] + b"\r\n", []),
        ("sartorius", b"N     -    8.420 kg \r\n", [("-8.420", "kg", "stable")]),
        ("plain", b"-   8.420kg\n", [("-8.420", "kg", "unknown")]),
    ],
)
def test_another_line_of_the_same_family_is_read_or_refused_but_never_misread(driver, line, said):
    record = DRIVERS[driver]
    events = read(record, completed(record, {}), line)
    got = [one for event in events for one in to_records(event) if "value" in one]
    assert [(one["value"], one["unit"], one["stability"]) for one in got] == said


def test_a_tanita_that_had_no_result_is_no_value_and_no_garbage():
    body = '{0,16,~0,1,MO,"MC-780",Wk,---,'
    line = f"{body}CS,{sum(body.encode()) & 0xFF:02X}\r\n".encode()
    (event,) = read(DRIVERS["tanita"], {}, line)
    assert [one["event"] for one in to_records(event)] == ["no-reading"]
