"""The clinic's protocols on the disk: none is lost, and a broken one is told by name."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kiosk.hearing.protocol import ProtocolError, read_protocol, shipped
from kiosk.hearing.writing import write_protocol
from kiosk.station.audiometer import protocol_files
from kiosk.station.audiometer.protocol_files import find, keep, load, versions

ID = "uk-sweep-common"
SIGNED = {"approved_by": "Kari Lege, lege", "approved_on": date(2026, 11, 23)}


def text(version: str = "1+1", **other) -> str:
    return write_protocol(replace(shipped()[ID], version=version, **{**SIGNED, **other}))


def hash_of(content: str) -> str:
    return read_protocol(content, "").hash


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_without_a_folder_there_are_the_shipped_ones(tmp_path):
    folder = tmp_path / "none"
    assert load(folder) == (shipped(), ())
    assert (find(folder, "0" * 64), versions(folder, ID)) == (None, ())
    assert not folder.exists()


def test_what_is_kept_is_offered_and_every_earlier_version_stays(tmp_path):
    folder = tmp_path / "data" / "protocols"
    first, second = text("1+1"), text("1+2", order=(4000, 2000, 1000))
    assert keep(folder, ID, first).read_text("utf-8") == first
    keep(folder, ID, second)
    protocols, problems = load(folder)
    assert (protocols[ID].version, problems) == ("1+2", ())
    assert names(folder) == {
        f"{ID}.toml",
        f"{ID}.{hash_of(first)[:12]}.toml",
        f"{ID}.{hash_of(second)[:12]}.toml",
    }
    assert {one.version for one in versions(folder, ID)} == {"1+1", "1+2"}


def test_an_old_results_hash_leads_to_what_was_signed(tmp_path):
    first, second = text("1+1"), text("1+2")
    for one in (first, second):
        keep(tmp_path, ID, one)
    assert find(tmp_path, hash_of(first)).version == "1+1"
    assert find(tmp_path, hash_of(second)).version == "1+2"
    assert find(tmp_path, shipped()["no-4y"].hash) == shipped()["no-4y"]
    assert find(tmp_path, "0" * 64) is None
    assert find(tmp_path, "../*") is None


def test_keeping_the_same_again_adds_nothing_and_a_new_signature_loses_no_old_one(tmp_path):
    keep(tmp_path, ID, text())
    before = names(tmp_path)
    keep(tmp_path, ID, text())
    assert names(tmp_path) == before
    for name in ("Ola Lege", "Per Lege"):
        keep(tmp_path, ID, text(approved_by=name))
    found = {one.approved_by for one in versions(tmp_path, ID)}
    assert found == {"Kari Lege, lege", "Ola Lege", "Per Lege"}
    assert load(tmp_path).problems == ()
    assert load(tmp_path).protocols[ID].approved_by == "Per Lege"


@pytest.mark.parametrize("by_hand", [text("7").encode(), b"spoilt \xff", b"order = "])
def test_a_file_put_there_by_hand_is_not_thrown_away(tmp_path, by_hand):
    (tmp_path / f"{ID}.toml").write_bytes(by_hand)
    keep(tmp_path, ID, text())
    assert by_hand in {path.read_bytes() for path in tmp_path.iterdir()}
    assert load(tmp_path).problems == ()


@pytest.mark.parametrize(
    ("ident", "content"),
    [
        (ID, "order = "),
        (ID, text(approved_by="")),
        (ID, text(id="other")),
        ("../other", text(id="../other")),
        ("A.toml", text(id="A.toml")),
        ("", text(id="")),
    ],
)
def test_only_a_whole_signed_protocol_under_its_own_name_is_kept(tmp_path, ident, content):
    folder = tmp_path / "protocols"
    with pytest.raises(ProtocolError):
        keep(folder, ident, content)
    assert not folder.exists()


def test_broken_files_are_told_by_name_and_the_others_are_offered(tmp_path):
    keep(tmp_path, ID, text())
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "no-4y.toml").write_text("id = ", "utf-8")
    (tmp_path / "lost.toml").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe.toml")
    protocols, problems = load(tmp_path)
    assert protocols[ID].approved_by
    assert protocols["no-4y"] == shipped()["no-4y"]
    assert {one.name for one in problems} == {
        "binary.toml",
        "folder.toml",
        "lost.toml",
        "no-4y.toml",
        "pipe.toml",
    }
    assert all(one.what.startswith(f"{one.name}: ") for one in problems)
    assert find(tmp_path, hash_of(text())) is not None


def test_a_folder_that_is_none_is_a_problem(tmp_path):
    path = tmp_path / "protocols"
    path.write_text("", "utf-8")
    protocols, problems = load(path)
    assert (protocols, [one.name for one in problems]) == (shipped(), ["protocols"])


@pytest.mark.parametrize("moment", ["fsync", "rename"])
def test_where_writing_fails_the_one_before_stays_in_use(tmp_path, monkeypatch, moment):
    keep(tmp_path, ID, text("1+1"))
    before = names(tmp_path)

    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    # The folder itself was made durable already, so that the file is what fails.
    monkeypatch.setattr(protocol_files, "sync_folder", lambda _: None)
    monkeypatch.setattr(os, moment, fail)
    with pytest.raises(OSError, match="No space"):
        keep(tmp_path, ID, text("1+2"))
    monkeypatch.undo()
    assert load(tmp_path).protocols[ID].version == "1+1"
    assert names(tmp_path) == before


def test_the_file_and_its_name_are_on_the_disk_before_it_is_said_to_be_kept(tmp_path, monkeypatch):
    steps: list[str] = []
    rename, fsync = os.rename, os.fsync

    def kind(handle):
        return "folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file"

    monkeypatch.setattr(os, "fsync", lambda fd: (steps.append(kind(fd)), fsync(fd))[1])
    monkeypatch.setattr(
        os, "rename", lambda *names, **at: (steps.append("name"), rename(*names, **at))[1]
    )
    keep(tmp_path, ID, text())
    assert steps == ["folder", *("file", "name", "folder") * 2]
