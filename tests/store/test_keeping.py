"""Dated copies: read back, pruned by rule, brought back on trial, and told of when they fail."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.__main__ import main
from kiosk.cli import backup as command
from kiosk.config.load import load_config
from kiosk.station.doctor.copies import backup as looked_at
from kiosk.station.doctor.finding import Level
from kiosk.store.database import keeping
from kiosk.store.database.backup import verify_copy
from kiosk.store.database.keeping import STATE, dated_in, known, make_dated, rehearse
from kiosk.store.database.presence import FILE_NAME
from kiosk.store.errors import StoreError, StoreFault
from kiosk.store.store import Store
from tests.store.samples import ANNE, message, visit

NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)


@pytest.fixture
def data(tmp_path, key):
    (tmp_path / "copies").mkdir()
    begin(tmp_path / "data", key, 3)
    return tmp_path / "data"


@pytest.fixture
def into(tmp_path):
    return tmp_path / "copies"


def begin(folder, key, number):
    store = Store.open(folder, key)
    for _ in range(number):
        saved = visit()
        store.save_visit(saved, [message(saved)], ANNE)
    store.close()


def night(data, key, into, number, *, keep=14):
    return make_dated(data, key, into, "s1", NOW + timedelta(days=number), keep=keep)[0]


def test_the_newest_are_kept_and_files_of_others_stay(data, key, into):
    others = [into / "kiosk-s2-20200101-000000.db", into / "notes.db", into / "kiosk-s1-x.db"]
    for path in others:
        path.touch()
    made = [night(data, key, into, number, keep=3) for number in range(5)]
    assert dated_in(into, "s1") == [made[4], made[3], made[2]]
    assert all(path.exists() for path in others)
    assert verify_copy(made[4], key).rows == 3
    assert known(data).made == (NOW + timedelta(days=4)).isoformat()


def test_a_store_that_is_less_than_it_was_pushes_no_copy_out(data, key, into):
    made = [night(data, key, into, number, keep=2) for number in range(2)]
    for path in data.glob("store.*"):
        path.unlink()
    begin(data, key, 1)
    made += [night(data, key, into, number, keep=2) for number in (2, 3)]
    assert dated_in(into, "s1") == made[::-1]
    begin(data, key, 3)
    night(data, key, into, 4, keep=2)
    assert len(dated_in(into, "s1")) == 2


def test_a_rehearsal_brings_the_newest_back_and_leaves_nothing(data, key, into):
    (data / "rehearsal-left").mkdir()
    copy = night(data, key, into, 0)
    before = (
        copy.read_bytes(),
        (data / FILE_NAME).read_bytes(),
        (data / "store.mark").read_bytes(),
    )
    assert rehearse(data, key, into, "s1", NOW) == copy
    assert known(data).rehearsed == NOW.isoformat()
    assert before == (
        copy.read_bytes(),
        (data / FILE_NAME).read_bytes(),
        (data / "store.mark").read_bytes(),
    )
    assert list(data.glob("rehearsal-*")) == []


def test_what_fails_is_told_until_it_works_again(data, key, into):
    copy = night(data, key, into, 0)
    content = bytearray(copy.read_bytes())
    content[9000] ^= 1
    copy.write_bytes(content)
    with pytest.raises(StoreError):
        rehearse(data, key, into, "s1", NOW)
    assert known(data).fault == StoreFault.CORRUPT
    night(data, key, into, 1)
    assert (known(data).fault, known(data).rehearsed) == ("", "")
    shutil.rmtree(into)
    with pytest.raises(StoreError):
        night(data, key, into, 2)
    assert known(data).fault != ""
    # When the last good one was made is still known.
    assert known(data).made == (NOW + timedelta(days=1)).isoformat()


@pytest.mark.parametrize("content", ["", "[]", "{", '{"rows": "x", "fault": "unheard-of"}'])
def test_what_is_known_of_the_copies_stops_nothing(data, key, into, content):
    (data / STATE).write_text(content)
    night(data, key, into, 0)
    assert known(data).rows == 3


# --- as a person and the timer meet it ---------------------------------------------------------


@pytest.fixture
def config(tmp_path, data, key):
    file, kept = tmp_path / "kiosk.toml", tmp_path / "key"
    kept.write_text(key.hex())
    kept.chmod(0o600)
    file.write_text(
        f'[station]\nclinic = "x"\nid = "s1"\ndata_dir = "{data}"\n'
        f'[database]\nkey_file = "{kept}"\n'
    )
    return file


def levels(config):
    return [finding.level for finding in looked_at(load_config(config))]


def test_the_doctor_tells_how_old_the_copies_are(config, into, data, monkeypatch):
    do = lambda *words: main(["backup", *words, "--config", str(config)])  # noqa: E731
    assert levels(config) == [Level.NOTE]
    assert do("dated", str(into)) == 0
    assert levels(config) == [Level.FINE, Level.NOTE]
    assert do("rehearse", str(into)) == 0
    assert levels(config) == [Level.FINE]
    later = datetime.now(UTC) + timedelta(days=3)
    monkeypatch.setattr("kiosk.station.doctor.copies.now_utc", lambda: later)
    assert levels(config) == [Level.SICK]
    monkeypatch.undo()
    for path in into.iterdir():
        path.unlink()
    assert do("rehearse", str(into)) == 1
    assert Level.SICK in levels(config)
    assert do("nonsense", str(into)) == 2


def test_into_a_share_only_where_it_is_marked(config, into, data, monkeypatch, capsys):
    do = lambda *words: main(["backup", *words, "--config", str(config)])  # noqa: E731
    monkeypatch.setattr(command, "SHARES", (into.parent,))
    assert do("dated", str(into)) == 1
    assert "kiosk backup mark" in capsys.readouterr().err
    assert do("mark", str(into)) == 0
    assert do("dated", str(into)) == 0
    mounted = into.rename(into.with_name("away"))
    into.mkdir()
    assert do("dated", str(into)) == 1
    assert list(into.iterdir()) == []
    assert len(dated_in(mounted, "s1")) == 1


def test_the_age_of_nothing_is_told_as_never():
    assert (keeping.Kept().age(NOW), keeping.Kept(made="x").age(NOW)) == (-1.0, -1.0)
