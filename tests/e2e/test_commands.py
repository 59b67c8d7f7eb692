"""The stable commands, as a service technician or an acceptance check uses them."""

import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from kiosk.store.database.key import create_key_file
from tests.e2e.command_bench import Commands, facts
from tests.patience import PATIENCE

NUMBER = "10915596784"


@pytest.fixture(scope="module")
def station(tmp_path_factory):
    opened = Commands(tmp_path_factory.mktemp("station"))
    yield opened
    opened.close()


def weigh_soon(station, process, grams):
    # The command has to see the empty platform first; it says so on standard error.
    while (line := process.stderr.readline()) and "empty" not in line:
        pass
    station.baby(grams)


@pytest.mark.fhir
def test_measure_ends_with_the_value_in_the_journal_and_a_slip(station):
    station.scale.lift()
    child = station.children[3]
    process = station.measure(child)
    weigh_soon(station, process, 8420)
    out, _ = process.communicate(timeout=60)
    told = facts(out)
    assert process.returncode == 0
    assert (told["outcome"], told["slip"]) == ("accepted", "printed")
    (value,) = told["measurements"]
    assert (value["quantity"], value["value"], value["unit"]) == ("weight", "8.420", "kg")
    url = f"{station.journal.base_url}/Observation?identifier={value['id']}"
    (entry,) = requests.get(url, timeout=10).json()["entry"]
    assert entry["resource"]["valueQuantity"]["value"] == 8.42
    assert len(station.printer.wait_slips(1)) == 1


@pytest.mark.fhir
def test_measure_without_the_journal_is_safely_queued_and_goes_out_later(station):
    station.scale.lift()
    station.journal.stop()
    try:
        process = station.measure(station.children[4], "--no-slip", "--wait-journal", "1")
        weigh_soon(station, process, 10_420)
        out, _ = process.communicate(timeout=60)
    finally:
        station.journal.start()
    assert process.returncode == 3
    assert facts(out)["outcome"] == "queued"
    code, out, _ = station.run("outbox", "list", "--json")
    waiting = [item for item in json.loads(out) if item["state"] != "done"]
    assert (code, len(waiting)) == (0, 1)
    code, out, _ = station.run("outbox", "show", waiting[0]["id"], "--json")
    assert json.loads(out)["body"] is None
    # The next measurement of anybody takes the waiting one along.
    station.scale.lift()
    process = station.measure(station.children[3], "--no-slip", "--odd-reason", "read-again")
    weigh_soon(station, process, 8440)
    assert process.wait(PATIENCE) == 0
    code, out, _ = station.run("outbox", "--json")
    assert {item["state"] for item in json.loads(out)} == {"done"}


@pytest.mark.fhir
def test_another_name_than_the_journals_is_not_measured(station):
    child = replace(station.children[3], given_name="Feilnavn")
    out, _ = (process := station.measure(child, "--no-slip")).communicate(timeout=60)
    assert process.returncode == 5
    assert facts(out)["measurements"] == []


@pytest.mark.fhir
def test_a_load_that_never_left_is_no_new_weighing(station):
    station.scale.lift()
    station.scale.put(8430, wriggle=0)
    process = station.measure(station.children[3], "--no-slip", "--wait", "3")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 4
    assert "not-new" in err
    assert facts(out)["outcome"] == "no-weight"


@pytest.mark.fhir
def test_a_load_from_before_is_weighed_once_the_command_says_whose_it_is(station):
    station.scale.lift()
    station.scale.put(8430, wriggle=0)
    process = station.measure(
        station.children[3], "--no-slip", "--on-scale", "--odd-reason", "read-again"
    )
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert [one["value"] for one in facts(out)["measurements"]] == ["8.430"]


@pytest.mark.fhir
def test_an_odd_number_needs_a_reason(station):
    station.scale.lift()
    process = station.measure(station.children[3], "--no-slip")
    weigh_soon(station, process, 1890)
    process.communicate(timeout=60)
    assert process.returncode == 6


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--identifier", "123", "--birth-date", "2026-01-01", "--given", "X"), "11 sifre"),
        (("--identifier", NUMBER, "--birth-date", "1.1.26", "--given", "X"), "ÅÅÅÅ-MM-DD"),
        (
            ("--identifier", NUMBER, "--birth-date", "2031-01-01", "--given", "X"),
            "fremtiden",
        ),
    ],
)
def test_wrong_input_is_answered_with_a_sentence(station, arguments, words):
    code, _, err = station.run("measure", *arguments)
    assert code == 2
    assert words in err
    assert "Traceback" not in err


def add_anne(station) -> int:
    command = [sys.executable, "-m", "kiosk", "user", "--config", str(station.config)]
    add = [*command, "add", "anne", "--display", "Anne"]
    return subprocess.run(add, input="2580\n", text=True, check=False).returncode


def spoil_missing(key):
    key.unlink()


def spoil_rights(key):
    key.chmod(0o644)


def spoil_text(key):
    key.write_text("not a key\n")


def spoil_other(key):
    key.unlink()
    create_key_file(key)


@pytest.mark.fhir
@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (spoil_missing, "mangler"),
        (spoil_rights, "0600"),
        (spoil_text, "64 heksadesimale"),
        (spoil_other, "passer ikke"),
    ],
)
def test_a_key_that_is_none_is_named_and_nothing_is_lost(tmp_path, spoil, words):
    station = Commands(tmp_path)
    try:
        assert station.run("outbox")[0] == 0
        kept = station.key_file.read_text()
        spoil(station.key_file)
        code, _, err = station.run("outbox")
        assert code == 2
        assert words in err
        assert "Traceback" not in err
        station.key_file.unlink(missing_ok=True)
        station.key_file.write_text(kept)
        station.key_file.chmod(0o600)
        assert station.run("outbox")[0] == 0
    finally:
        station.close()


@pytest.mark.fhir
def test_a_misspelt_configuration_key_is_an_error_with_a_suggestion(station):
    station.write_config(extra='langauge = "nb"')
    try:
        code, _, err = station.run("doctor")
    finally:
        station.write_config()
    assert code == 2
    assert "Mente du «station.language»?" in err


@pytest.mark.fhir
def test_the_doctor_names_what_is_wrong_and_what_to_do(station):
    code, out, _ = station.run("doctor", "--json")
    levels = {row["check"]: row["level"] for row in json.loads(out)}
    assert levels["scale"] == levels["journal"] == levels["store"] == levels["audit"] == "fine"
    station.scale.unplug()
    station.write_config(journal="http://127.0.0.1:9/fhir")
    try:
        code, out, _ = station.run("doctor", "--json")
    finally:
        station.write_config()
        station.scale.replug()
    told = {row["check"]: row for row in json.loads(out)}
    assert code == 1
    assert "kabelen" in told["scale"]["text"]
    assert told["journal"]["level"] == "sick"


def test_people_are_added_with_a_piped_pin_and_never_with_an_argument(station):
    command = [sys.executable, "-m", "kiosk", "user", "--config", str(station.config)]
    add = [*command, "add", "anne", "--display", "Anne"]
    assert subprocess.run(add, input="2580\n", text=True, check=False).returncode == 0
    assert subprocess.run(add, input="12\n", text=True, check=False).returncode == 2
    assert "anne\tAnne" in station.run("user", "list")[1]
    assert station.run("user", "remove", "anne")[0] == 0
    assert station.run("user", "remove", "anne")[0] == 2


@pytest.mark.fhir
def test_no_name_number_or_value_is_in_the_process_list_or_on_standard_error(station):
    station.scale.lift()
    child = station.children[3]
    process = station.measure(child, "--no-slip", "--odd-reason", "read-again")
    weigh_soon(station, process, 8460)
    seen = ""
    while process.poll() is None:
        try:
            seen += Path(f"/proc/{process.pid}/cmdline").read_bytes().decode(errors="replace")
        except OSError:
            break
        time.sleep(0.05)
    _, err = process.communicate(timeout=60)
    for canary in (child.number, child.given_name, "8.460", "8460"):
        assert canary not in seen
        assert canary not in err
    assert "kiosk measure" in seen
