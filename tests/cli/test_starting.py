"""``kiosk run`` with a configuration that cannot work: sentences, an exit code, and no store."""

from __future__ import annotations

import fcntl
import gc
import logging
import re

import pytest

from drivers.transports.base import LinkLost, LossCause
from kiosk.__main__ import main
from kiosk.cli import run
from kiosk.config.load import config_from
from kiosk.journal.sign_in.keys import KeyUnusableError, read_key
from kiosk.station.doctor import devices
from kiosk.station.doctor.examination import Level, examine
from kiosk.station.running import station_runs
from kiosk.system import service_unit
from kiosk.ui import app
from kiosk.ui.environment import NoDisplayError

TWO = 'language = "no"\n[watching]\nlisten = "0.0.0.0:9435"\n[gdt]\nfolder = "/none"\n'


@pytest.fixture
def started(tmp_path, capfd, monkeypatch):
    """Start the station without a window; returns the exit code and what the log shows."""
    # Its hooks would stay when this test is over.
    monkeypatch.setattr(run, "catch_the_rest", lambda: None)
    handlers, level = logging.getLogger().handlers, logging.getLogger().level

    def start(more: str) -> tuple[int, str]:
        config = tmp_path / "kiosk.toml"
        config.write_text(f'[station]\nclinic = "x"\ndata_dir = "{tmp_path / "data"}"\n{more}')
        return main(["run", "--config", str(config)]), capfd.readouterr().err

    yield start
    gc.enable()
    logging.getLogger().handlers, logging.getLogger().level = handlers, level


def test_a_broken_configuration_ends_the_start_with_its_sentences(started, tmp_path, monkeypatch):
    monkeypatch.setattr(run, "_open_window", lambda _: None)
    code, told = started(TWO)
    assert code == 2
    for words in ("«station.language»", "«watching.listen»", "mappen /none finnes ikke"):
        assert words in told
    assert told.count(str(tmp_path / "kiosk.toml")) == 3
    assert not (tmp_path / "data").exists()


def test_one_that_cannot_be_read_opens_no_window_at_all(started, tmp_path, monkeypatch):
    monkeypatch.setattr(run, "_open_window", lambda _: pytest.fail("a window was opened"))
    code, told = started("language = nb\n")
    assert (code, "linje 4" in told) == (2, True)
    assert not (tmp_path / "data").exists()


def test_without_a_screen_a_sentence_is_said(started, monkeypatch):
    def no_display(_):
        raise NoDisplayError("none")

    monkeypatch.setattr(app, "open_window", no_display)
    code, told = started("")
    assert code == 2
    assert "ingen skjerm" in told


def test_a_port_that_the_station_has_is_no_fault(tmp_path, monkeypatch):
    def busy(*_):
        raise LinkLost(LossCause.BUSY)

    monkeypatch.setattr(devices, "open_transport", busy)
    tables = {
        "station": {"clinic": "x", "data_dir": str(tmp_path)},
        "scale": {"driver": "radwag", "port": "/dev/ttyUSB9"},
    }
    config = config_from(tables, "k")
    with (tmp_path / "store.lock").open("w") as lock:
        assert not station_runs(config)
        (sick,) = examine(config, only={"scale"})
        assert (sick.level, "annet program" in sick.text) == (Level.SICK, True)
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert station_runs(config)
        (note,) = examine(config, only={"scale"})
        assert (note.level, "annet program" in note.text) == (Level.NOTE, False)


def test_the_key_of_the_sign_in_may_be_a_credential_of_the_unit(tmp_path, monkeypatch):
    monkeypatch.setattr(service_unit, "UNIT_FOLDERS", (tmp_path,))
    monkeypatch.setattr(service_unit, "RUNNING", tmp_path / "running")
    monkeypatch.setattr(service_unit, "_kept", {})
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    with pytest.raises(KeyUnusableError, match="no-such-credential"):
        read_key("credential:journal.jwk", "", "RS384")
    from joserfc.jwk import ECKey

    secret = tmp_path / "jwk"
    secret.write_bytes(ECKey.generate_key("P-256").as_pem(private=True))
    (tmp_path / service_unit.UNIT).write_text(f"[Service]\nLoadCredential=journal.jwk:{secret}\n")
    assert read_key("credential:journal.jwk", "k", "RS384").algorithm == "ES256"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("decode radwag /none", "/none finnes ikke"),
        ("decode radwag /tmp", "/tmp er en mappe"),
        ("vectors /none", "/none finnes ikke"),
        ("simulate radwag --link /none/x", "/none finnes ikke"),
        ("simulate radwag --link /tmp/x --script /none", "/none finnes ikke"),
        ("setup --answers /none", "/none: filen med svar finnes ikke"),
        ("setup --answers /tmp", "/tmp: dette er en mappe"),
        ("check --config /none", "/none: filen finnes ikke"),
        ("--config /tmp check", "/tmp: dette er en mappe"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_the_stations_words(capsys, command, words):
    assert main(command.split()) in (1, 2)
    told = capsys.readouterr().err
    assert words in told
    assert not re.search("Errno|No such|Is a directory|Traceback", told)
