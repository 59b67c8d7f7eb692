"""A store that is not all there: the start, the doctor and ``kiosk store``."""

import gc
import shutil
from threading import Event

import pytest

from kiosk.__main__ import main
from kiosk.cli import run as running
from kiosk.cli.common import speak
from kiosk.config.load import load_config
from kiosk.desk.notices import Notice
from kiosk.station.doctor.examination import Level, examine
from kiosk.station.keys import key_of
from kiosk.store.database.backup import write_backup
from kiosk.store.database.presence import FILE_NAME
from kiosk.store.store import Store


@pytest.fixture
def station(tmp_path):
    return Set(tmp_path)


class Set:
    """A station's folder, its configuration, and a store that goes on from a copy."""

    def __init__(self, folder):
        self.folder, self.data = folder, folder / "data"
        self.config = folder / "kiosk.toml"
        self.config.write_text(f'[station]\nclinic = "x"\ndata_dir = "{self.data}"\n')

    def do(self, *words):
        return main([*words, "--config", str(self.config)])

    def key(self):
        return key_of(load_config(self.config), make=False)

    def begin(self):
        assert self.do("store", "new") == 0
        self.note(3)
        write_backup(self.data, self.key(), self.folder / "copy.db")
        self.note(4)

    def note(self, number):
        store = Store.open(self.data, self.key())
        for _ in range(number):
            store.note("locked", "anne", "")
        store.close()

    def lose(self, harm):
        for path in self.data.glob(f"{FILE_NAME}*"):
            path.unlink()
        if harm == "emptied":
            (self.data / FILE_NAME).touch()
        if harm == "older":
            shutil.copy(self.folder / "copy.db", self.data / FILE_NAME)

    def sick(self):
        speak("nb")
        found = examine(load_config(self.config), ["store"])
        return " ".join(f.text for f in found if f.level is Level.SICK)


SAID = {"vanished": "er borte. Ingenting nytt", "emptied": "er tømt", "older": "er eldre enn"}


@pytest.mark.parametrize("harm", SAID)
def test_each_loss_is_named_by_the_doctor_and_by_store_show(station, harm, capsys):
    station.begin()
    assert station.sick() == ""
    assert station.do("store", "show") == 0
    station.lose(harm)
    assert SAID[harm] in station.sick()
    code = station.do("store", "show")
    assert (code != 0, SAID[harm] in capsys.readouterr().err) == (True, True)


@pytest.mark.parametrize("harm", ["vanished", "emptied"])
def test_a_start_names_it_and_makes_nothing(station, harm, monkeypatch, capfd):
    station.begin()
    station.lose(harm)
    shown = []
    monkeypatch.setattr(running, "_open_window", lambda _: None)
    monkeypatch.setattr(running, "_stopped_by_signals", Event)
    monkeypatch.setattr(running.logs, "configure", lambda: None)
    monkeypatch.setattr("kiosk.station.closed.ClosedDesk", Shown.into(shown))
    monkeypatch.setattr("kiosk.ui.app.run_app", lambda *_, **__: None)
    monkeypatch.setattr(running, "catch_the_rest", lambda: None)
    assert station.do("run") == running.STORE_CLOSED
    gc.enable()
    assert SAID[harm] in capfd.readouterr().err
    assert shown == [{"vanished": Notice.STORE_VANISHED, "emptied": Notice.STORE_EMPTIED}[harm]]
    assert (station.data / FILE_NAME).exists() is (harm == "emptied")


class Shown:
    @staticmethod
    def into(shown):
        return lambda _clinic, notice, _opens, _leave: shown.append(notice)


def test_an_older_store_is_told_of_until_somebody_accepts_it(station, capsys):
    station.begin()
    station.lose("older")
    station.note(1)
    assert "4 hendelser" in station.sick()
    assert station.do("store", "accept") == 0
    assert station.sick() == ""
    assert station.do("store", "accept") == 0
    assert "ingenting mangler" in capsys.readouterr().out


def test_only_who_says_that_it_is_lost_gets_a_new_one(station, capsys):
    station.begin()
    assert station.do("store", "new") == 1
    station.lose("vanished")
    assert station.do("store", "new") == 1
    assert station.do("user", "list") == 2
    assert "er borte" in capsys.readouterr().err
    assert station.do("store", "new", "--lost") == 0
    assert station.sick() == ""
    (apart,) = station.data.glob("apart-*")
    assert [path.name for path in apart.iterdir()] == ["store.mark"]


def test_a_copy_brought_back_says_what_it_lacks(station, capsys):
    station.begin()
    station.lose("vanished")
    assert station.do("restore", str(station.folder / "copy.db")) == 0
    assert "mangler 4 hendelser" in capsys.readouterr().out
    assert station.sick() == ""
