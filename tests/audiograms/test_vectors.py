"""Every row of the vector files, typed from what is known of each format."""

import pytest

from drivers.audiogram_files.imported import FileFormat, FileRefused, Imported
from drivers.audiogram_files.person import same_person
from drivers.audiogram_files.reading import read_file, sniff
from tests.audiograms.vector_bench import (
    CHILD,
    PROFILES,
    Row,
    action,
    audiogram,
    exchange,
    export,
    noah,
    rows,
    written,
)

ROWS = [
    pytest.param(row, id=row.id)
    for file in ("sadata.toml", "noah.toml", "gdt.toml", "csv.toml")
    for row in rows(file)
]
N1 = [{"output": "AirConductorRight", "points": ["1000 5 Normal", "4000 10.0 Normal"]}]


def tones_of(imported: Imported) -> list[str]:
    return [written(tone) for record in imported.records for tone in record.tones]


@pytest.mark.parametrize("row", ROWS)
def test_a_vector_means_what_its_file_says(row: Row):
    if row.refused:
        with pytest.raises(FileRefused) as caught:
            read_file(row.data, row.profiles)
        assert caught.value.code == row.refused
        assert row.detail in caught.value.detail
        return
    imported = read_file(row.data, row.profiles)
    assert tones_of(imported) == row.tones
    assert all(record.raw == row.data for record in imported.records)
    said = [remark for record in imported.records for remark in record.remarks]
    concerns = sorted({remark.code for remark in imported.remarks})
    assert row.remarks is None or said == row.remarks
    assert row.concerns is None or set(row.concerns) <= set(concerns)
    assert row.concerns != [] or concerns == []
    assert not row.detail or row.detail in [remark.detail for remark in imported.remarks]
    assert row.patient is None or imported.patient.id == row.patient
    assert row.name is None or imported.patient.name == row.name
    assert not row.person or same_person(imported, *CHILD) == row.person


def test_a_large_export_with_pictures_is_not_too_large():
    (row,) = [row for row in rows("sadata.toml") if row.id == "S1"]
    assert 190_000 < len(row.data) < 250_000


@pytest.mark.parametrize(
    "data",
    [export(action(audiogram(N1))), exchange(action(audiogram(N1), prefix=""))],
    ids=["N15 export", "N15 exchange"],
)
def test_both_wrappers_of_noah_give_the_same(data):
    imported = read_file(data)
    assert tones_of(imported) == ["R AC 1000 5", "R AC 4000 10.0"]
    assert (imported.patient.id, imported.patient.name) == ("4711", "Kari Prøve")
    assert imported.patient.birth_date == CHILD[1]
    assert imported.questions == ()


def test_n17_of_two_actions_the_newest_is_offered_and_its_old_points_are_named():
    week_ago = "2026-03-07T09:00:00+01:00"
    newer = [{"output": "AirConductorRight", "points": ["1000 5 Normal", "4000 15 Normal"]}]
    imported = read_file(export(action(audiogram(newer)), action(audiogram(N1), week_ago)))
    (record,) = imported.records
    assert tones_of(imported) == ["R AC 1000 5", "R AC 4000 15"]
    assert "may-be-carried-forward" in record.remarks
    carried = [r for r in imported.remarks if r.code == "may-be-carried-forward"]
    assert [(r.detail, [written(t) for t in r.tones]) for r in carried] == [
        (week_ago, ["R AC 1000 5"])
    ]


def test_actions_that_cannot_be_put_in_order_are_all_offered_and_asked_about():
    imported = read_file(export(action(audiogram(N1)), action(audiogram(N1), "2026-03-14T09:11")))
    assert len(imported.records) == 2
    assert "several-tests" in [remark.code for remark in imported.questions]


def test_n18_a_cut_file_is_refused():
    data = noah(audiogram(N1))
    with pytest.raises(FileRefused) as caught:
        read_file(data[: len(data) // 2])
    assert caught.value.code == "cut-short"
    assert caught.value.unfinished


def test_two_persons_in_one_export_are_refused():
    data = exchange(action(audiogram(N1), prefix="")).replace(
        b"</Patients>", b"<Patient><PatientNo>4712</PatientNo></Patient></Patients>"
    )
    with pytest.raises(FileRefused) as caught:
        read_file(data)
    assert caught.value.code == "several-patients"


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("sadata.toml", FileFormat.SADATA),
        ("noah.toml", FileFormat.NOAH),
        ("gdt.toml", FileFormat.GDT),
        ("csv.toml", FileFormat.CSV),
    ],
)
def test_the_format_is_told_by_the_content(file, kind):
    for row in rows(file):
        assert sniff(row.data, PROFILES) is kind
