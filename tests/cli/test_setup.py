"""``kiosk setup``: every question answered by lines, by a file, or left for later, and tried."""

from __future__ import annotations

import json
import os
import pty
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from drivers.registry import find_driver
from drivers.simulators.scale import SimulatedScale
from drivers.simulators.usbip_printer import SimulatedPrinter
from kiosk.cli.setting_up import paper
from kiosk.config.load import load_config
from kiosk.language.texts import COMMAND_DOMAIN, speaking
from kiosk.station.checking.checking import problems_of
from kiosk.store.database.key import new_key, read_key_file
from tests.cli.forking import ROOT, Commands
from tests.journal.hostile_server import Hostile
from tests.patience import PATIENCE

ALONE = "import kiosk.cli.service_user as s; s.SERVICE_USER = 'no-such-user'"
"""A machine without the package's user: the station is whoever sets it up."""

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@pytest.fixture(scope="module")
def commands():
    running = Commands()
    yield running
    running.close()


@pytest.fixture
def place():
    """A folder that other users may walk through."""
    folder = Path(tempfile.mkdtemp(prefix="kiosk-setup-"))
    folder.chmod(0o755)
    (folder / "etc").mkdir(mode=0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def setup(commands, place):
    """Run it: with lines, or with tables as a file of answers; returns code and what was said."""
    config = place / "etc" / "kiosk.toml"

    def run(*lines: str, before: str = ALONE, more: tuple[str, ...] = (), **tables):
        words = ["setup", "--config", str(config), *more]
        if tables:
            answers = place / "answers.toml"
            tables["station"] = {"data_dir": str(place / "data"), **tables.get("station", {})}
            answers.write_text(
                "\n".join(
                    f"[{name}]\n" + "".join(f"{k} = {json.dumps(v)}\n" for k, v in table.items())
                    for name, table in tables.items()
                )
            )
            words += ["--answers", str(answers)]
        return commands.run(*words, typed="".join(f"{line}\n" for line in lines), before=before)

    return run


NAMED = {"clinic": "Solbakken helsestasjon"}
ANNE = {"id": "anne", "display": "Anne", "pin": "2580"}


def test_a_file_of_answers_makes_a_valid_station(setup, place, commands):
    code, told = setup(station=NAMED, person=ANNE)
    assert code == 0, told
    path = place / "etc" / "kiosk.toml"
    config = load_config(path)
    assert problems_of(config) == []
    assert (config.station.clinic, config.station.id) == ("Solbakken helsestasjon", "solbakken-1")
    assert path.stat().st_mode & 0o777 == 0o640
    key = place / "etc" / "store.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert read_key_file(key).hex() not in told
    assert "# navnet" in path.read_text()
    assert config.station.approvers == ("anne",)
    assert "Anne kan lagre utstyr på skjermen" in told
    code, told = commands.run("user", "list", "--config", str(path), before=ALONE)
    assert (code, told) == (0, "anne\tAnne\thealth-secretary\n")


def test_run_again_it_changes_what_is_asked_and_nothing_else(setup, place):
    path = place / "etc" / "kiosk.toml"
    setup(station=NAMED, person=ANNE)
    text = path.read_text() + "\n[desk]\nlock_after = 60   # etter vedtak i ledermøtet\n"
    path.write_text(text)
    code, told = setup(station=NAMED, person={"id": "bo", "display": "Bo", "pin": "1357"})
    assert (code, path.read_text()) == (0, text), told
    (place / "gdt").mkdir()
    code, told = setup(station=NAMED, gdt={"folder": str(place / "gdt")})
    assert code == 1
    assert "et fødselsnummer er lengre enn feltet" in told
    path.write_text(text)
    code, told = setup(station=NAMED, gdt={"folder": str(place / "gdt"), "long_numbers": "ja"})
    assert code == 0, told
    assert path.read_text().startswith(text.rstrip())
    assert load_config(path).gdt.folder == str(place / "gdt")
    assert "lock_after = 60   # etter vedtak" in path.read_text()


def test_a_broken_file_is_told_and_left_alone(setup, place):
    path = place / "etc" / "kiosk.toml"
    path.write_text('[station]\nclinic = "x"\nlangauge = "nb"\n')
    before = path.read_text()
    code, told = setup("nytt navn")
    assert code == 2
    assert "Mente du «station.language»?" in told
    assert path.read_text() == before
    assert [p.name for p in place.rglob("*")] == ["etc", "kiosk.toml"]


def test_every_question_can_be_answered_line_by_line_and_wrong_answers_are_asked_again(
    setup, place
):
    (place / "csv").mkdir()
    path = place / "etc" / "kiosk.toml"
    path.write_text(f'[station]\nclinic = "x"\ndata_dir = "{place / "data"}"\n')
    lines = [
        *("x" * 61, "Bærum helsestasjon", "Bærum 1", ""),  # name too long; id with a space, default
        *("1", ""),  # key in a file, no paper copy
        *("ja", "senere"),  # scale
        *("perhaps", "nei"),  # printer
        *("ja", "csv", str(place / "none"), str(place / "csv")),
        "ja",  # write it
        *("anne", "", "", "12", "2580", "2581", "2580", "2580"),
    ]
    code, told = setup(*lines)
    assert code == 0, told
    config = load_config(path)
    assert (config.station.clinic, config.station.id) == ("Bærum helsestasjon", "baerum-1")
    assert config.csv.folder == str(place / "csv")
    assert config.scale is config.printer is None
    for words in ("høyst 60 tegn", "små bokstaver", "finnes ikke", "4 til 8 sifre", "ikke like"):
        assert words in told


def test_without_more_lines_it_stops_and_says_so(setup, place):
    code, told = setup("Solbakken")
    assert code == 2
    assert "Avbrutt" in told
    assert not (place / "etc" / "kiosk.toml").exists()
    assert not (place / "etc" / "store.key").exists()


def test_what_is_refused_at_the_end_is_not_written(setup, place):
    code, told = setup("Solbakken", "", "1", "", "nei", "nei", "nei", "nei")
    assert code == 2
    assert "Ingenting er endret" in told
    assert [p.name for p in (place / "etc").iterdir()] == []


NO_WINDOW = f"{ALONE}; import kiosk.cli.run as run; run._open_window = lambda _: None"


def test_run_check_doctor_and_setup_say_the_same_of_a_configuration(setup, place, commands):
    path = place / "etc" / "kiosk.toml"
    path.write_text(
        f'[station]\nclinic = "x"\ndata_dir = "{place / "data"}"\n'
        '[scale]\ndriver = "radwag"\nport = "hid:0922:8003"\n[desk]\nblank_after = 1\n'
        '[audiometer]\nname = "x"\ncalibrated_on = 2090-01-01\nid = "scale"\n'
    )
    before = path.read_text()
    words = ["--config", str(path)]
    told = {
        name: commands.run(name, *words, before=NO_WINDOW)[1] for name in ("run", "check", "doctor")
    }
    # Whatever is answered, a file that the station would refuse is not written.
    code, told["setup"] = setup("nytt navn", "", "1", "", "nei", "nei", "nei", "ja")
    assert code == 2
    assert path.read_text() == before
    with speaking("nb", domain=COMMAND_DOMAIN):
        sentences = [problem.text for problem in problems_of(load_config(path))]
    assert len(sentences) == 4
    for name, said in told.items():
        assert [one for one in sentences if one not in said] == [], name
        assert "Traceback" not in said


def test_a_device_under_a_name_that_is_none_is_told_by_all_of_them(setup, place, commands):
    path = place / "etc" / "kiosk.toml"
    path.write_text(
        '[station]\nclinic = "x"\n[scale]\ndriver = "radwag"\nport = "/dev/x"\nid = "../x"\n'
    )
    words = ["--config", str(path)]
    told = [commands.run(name, *words, before=ALONE)[1] for name in ("run", "check", "doctor")]
    told.append(setup("nytt navn")[1])
    (sentence,) = [line for line in told[0].splitlines() if "«scale.id»" in line]
    assert all(sentence in said for said in told)


# --- each thing tried at once ---------------------------------------------------------------------


def test_the_scale_is_tried_by_waiting_for_a_value(setup, place):
    scale = SimulatedScale(find_driver("radwag"), place / "scale")
    scale.start()
    try:
        scale.put(4236, wriggle=0)
        table = {"driver": "radwag", "port": str(place / "scale"), "wait": "20"}
        code, told = setup(station=NAMED, scale=table)
        assert code == 0, told
        assert "Vekten viser 4,236 kg." in told
        scale.unplug()
        code, told = setup(station=NAMED, scale=table)
    finally:
        scale.stop()
    assert code == 1
    assert "Er kabelen i?" in told
    assert "virker ikke ennå: scale" in told


def test_a_scale_that_needs_a_setting_is_refused_without_it(setup):
    table = {"driver": "radwagg", "port": "/dev/none"}
    code, told = setup(station=NAMED, scale=table)
    assert code == 2
    assert "«scale.driver»" in told


def test_the_printer_prints_a_trial_slip(setup, place):
    printer = SimulatedPrinter()
    try:
        code, told = setup(station=NAMED, printer={"address": printer.url})
        assert code == 0, told
        assert len(printer.wait_slips(1)) == 1
    finally:
        printer.stop()


def test_a_slip_with_arrows_shows_how_wide_the_paper_is(setup, place):
    printer = SimulatedPrinter()
    try:
        path = place / "etc" / "kiosk.toml"
        path.write_text(f'[station]\nclinic = "x"\ndata_dir = "{place / "data"}"\n')
        lines = [*("Solbakken", "", "1", ""), "nei"]  # name, id, key, no paper copy; no scale
        lines += ["ja", printer.url, "ja", "ja", "577", "512", "nei", "ja"]  # no journal; write it
        lines += ["anne", "", "", "2580", "2580"]
        _, told = setup(*lines)
        assert len(printer.wait_slips(2)) == 2, told
        assert "begge pilene" in told
        assert "Skriv et tall fra 1 til 3" in told
        assert load_config(path).printer.width == 512
    finally:
        printer.stop()


def test_the_width_of_the_paper_may_stand_in_the_answers(setup, place):
    printer = SimulatedPrinter()
    try:
        code, told = setup(station=NAMED, printer={"address": printer.url, "width": "384"})
        assert code == 0, told
        assert load_config(place / "etc" / "kiosk.toml").printer.width == 384
    finally:
        printer.stop()


def test_the_journal_is_asked_and_its_trouble_named(setup, place):
    body = json.dumps({"resourceType": "CapabilityStatement"}).encode()
    with Hostile(lambda talk: talk.answer(200, body)) as server:
        token = {"url": server.url, "token": "abc.def"}
        code, told = setup(station=NAMED, journal=token)
        assert code == 0, told
        assert any(b"Bearer abc.def" in head for head, _ in server.requests)
    assert "abc.def" not in told
    file = place / "etc" / "journal.token"
    assert file.stat().st_mode & 0o777 == 0o600
    assert load_config(place / "etc" / "kiosk.toml").journal.token_file == str(file)
    code, told = setup(station=NAMED, journal={"url": "https://journal.invalid/fhir"})
    assert code == 1
    assert "journal.invalid finnes ikke i DNS" in told


# --- the key --------------------------------------------------------------------------------------


def test_a_key_is_typed_in_from_its_paper_copy(setup, place):
    key = new_key()
    copy = " ".join(paper.written(key))
    code, told = setup(station=NAMED, key={"copy": copy.replace("0", "O", 1)})
    assert code == 0, told
    assert read_key_file(place / "etc" / "store.key") == key
    assert copy not in told


def test_a_group_that_was_misread_is_named_by_its_number(setup):
    groups = list(paper.written(new_key()))
    groups[4] = ("1" if groups[4][0] != "1" else "2") + groups[4][1:]
    code, told = setup(station=NAMED, key={"copy": " ".join(groups)})
    assert code == 2
    assert "Gruppe 5 stemmer ikke" in told


def test_each_single_fault_in_a_paper_copy_shows():
    key = new_key()
    groups = paper.written(key)
    assert paper.read("\n".join(groups).lower()) == key
    for place, group in enumerate(groups):
        for at in range(4):
            for digit in "0123456789ABCDEF":
                wrong = group[:at] + digit + group[at + 1 :]
                assert paper.fits(wrong, place) == (wrong == group)
            swapped = group[:at] + group[at : at + 2][::-1] + group[at + 2 :]
            assert at == 3 or paper.fits(swapped, place) == (swapped == group)
        assert not any(paper.fits(group, other) for other in range(16) if other != place)
    with pytest.raises(paper.Misread):
        paper.read(" ".join(groups[:-1]))


def test_the_paper_copy_is_shown_on_a_terminal_only_and_one_group_typed_back(setup, place):
    assert setup(station=NAMED)[0] == 0
    code, told = setup(more=("--paper",))
    assert code == 2
    groups = paper.written(read_key_file(place / "etc" / "store.key"))
    assert not any(group in told for group in groups)
    command = [sys.executable, "-c", f"{ALONE}\nimport sys; from kiosk.__main__ import main"]
    command[-1] += "; sys.exit(main())"
    outer, inner = pty.openpty()
    more = ["setup", "--paper", "--config", str(place / "etc" / "kiosk.toml")]
    with subprocess.Popen(
        [*command, *more], stdin=inner, stdout=inner, stderr=inner, cwd=ROOT
    ) as process:
        os.close(inner)
        said = until(outer, r"gruppe nummer (\d+)[^\n]*: ")
        assert all(group in said for group in groups)
        number = int(re.search(r"gruppe nummer (\d+)", said)[1])
        os.write(outer, (groups[number % 16] + "\n").encode())
        said = until(outer, r"(?s)Sjekk papiret.*: ")
        os.write(outer, (groups[number - 1].lower() + "\n").encode())
        said = until(outer, "stemmer")
        assert process.wait(PATIENCE) == 0
    os.close(outer)


def until(terminal: int, pattern: str) -> str:
    """Read a terminal until it shows this."""
    said, end = "", time.monotonic() + PATIENCE
    while not re.search(pattern, said) and time.monotonic() < end:
        try:
            said += os.read(terminal, 4096).decode(errors="replace")
        except OSError:
            break
    assert re.search(pattern, said), said
    return said


# --- as root, for the service's user --------------------------------------------------------------


DAEMON = "import kiosk.cli.service_user as s; s.SERVICE_USER = 'daemon'\n"


def owner(path: Path) -> tuple[str, str]:
    status = path.stat()
    return pwd.getpwuid(status.st_uid).pw_name, oct(status.st_mode & 0o777)


@as_root
def test_what_root_sets_up_belongs_to_the_service(setup, place):
    with Hostile(lambda talk: talk.answer(200, b"{}")) as server:
        journal = {"url": server.url, "token": "abc"}
        setup(station=NAMED, person=ANNE, journal=journal, before=DAEMON)
    etc = place / "etc"
    assert owner(etc / "kiosk.toml") == ("root", "0o640")
    assert pwd.getpwnam("daemon").pw_gid == (etc / "kiosk.toml").stat().st_gid
    assert owner(etc / "store.key") == ("daemon", "0o600")
    assert owner(etc / "journal.token") == ("daemon", "0o600")
    assert owner(place / "data") == ("daemon", "0o700")
    assert {owner(p)[0] for p in (place / "data").iterdir()} == {"daemon"}


@as_root
@pytest.mark.parametrize("kind", ["credential", "tpm"])
def test_a_key_with_systemd_gets_its_drop_in_and_fits_the_store(setup, place, commands, kind):
    tools = place / "bin"
    tools.mkdir()
    sealing = '#!/bin/sh\nf=$(eval echo \\$$#)\n[ "$1" = encrypt ] && cat > "$f" || cat "$3"\n'
    (tools / "systemd-creds").write_text(sealing)
    (tools / "systemctl").write_text(f'#!/bin/sh\necho "$@" >> {place}/asked\n')
    for tool in tools.iterdir():
        tool.chmod(0o755)
    before = DAEMON + (
        "import os; from pathlib import Path; import kiosk.system.service_unit as u\n"
        "import kiosk.cli.setting_up.key_step as k, kiosk.cli.setting_up.bench as b\n"
        f"here = Path('{place}'); os.environ['PATH'] = f'{{here}}/bin:' + os.environ['PATH']\n"
        "u.UNIT_FOLDERS = (here / 'units',); u.RUNNING = here / 'running'\n"
        "u.STORES = (here / 'credstore',); u.SEALED_STORES = (here / 'sealed',)\n"
        "k.DROP_IN_FOLDER = here / 'units' / 'kiosk.service.d'; k.TPM_DEVICE = here\n"
        "b.SYSTEMD = here\n"
        "k.ASSETS = here / 'assets'; k.ASSETS.mkdir(exist_ok=True)\n"
        "for name, key, store in (('key-credential', 'LoadCredential', 'credstore'),"
        " ('key-tpm', 'LoadCredentialEncrypted', 'sealed')):\n"
        "    (k.ASSETS / f'{name}.conf').write_text("
        "f'[Service]\\n{key}=kiosk.key:{here}/{store}/kiosk.key\\n')\n"
    )
    code, told = setup(station=NAMED, person=ANNE, key={"kind": kind}, before=before)
    assert code == 0, told
    assert load_config(place / "etc" / "kiosk.toml").database.key_file == ""
    stored = place / ("credstore" if kind == "credential" else "sealed") / "kiosk.key"
    assert owner(stored)[0] == "root"
    assert not (place / "data" / "key").exists()
    config = str(place / "etc" / "kiosk.toml")
    assert commands.run("user", "list", "--config", config, before=before)[0] == 0
    asked = (place / "asked").read_text()
    assert "daemon-reload" in asked
    assert asked.rstrip().endswith("enable kiosk.service\nrestart kiosk.service")
    # Run again while it runs: it is stopped for the devices, and started at the end.
    code, told = setup(station=NAMED, before=before)
    assert code == 0, told
    again = (place / "asked").read_text().removeprefix(asked)
    assert again.split("\n")[:2] == ["is-active --quiet kiosk.service", "stop kiosk.service"]
    assert again.rstrip().endswith("restart kiosk.service")


@as_root
def test_a_key_that_the_service_would_not_get_is_not_used(setup, place):
    before = DAEMON + (
        "from pathlib import Path; import kiosk.system.service_unit as u\n"
        "import kiosk.cli.setting_up.key_step as k, kiosk.cli.setting_up.bench as b\n"
        f"here = Path('{place}'); b.SYSTEMD = here; b.systemctl = k.systemctl = lambda *_: False\n"
        "u.UNIT_FOLDERS = (); u.RUNNING = here / 'running'; u.STORES = (here / 'credstore',)\n"
        "k.DROP_IN_FOLDER = here / 'units' / 'kiosk.service.d'\n"
    )
    code, told = setup(station=NAMED, key={"kind": "credential"}, before=before)
    assert code == 2
    assert "Nøkkelen kunne ikke lagres" in told
    assert not (place / "data" / "store.db").exists()


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ({"station": {"clinc": "x"}}, "Mente du «station.clinic»?"),
        ({"scael": {"port": "x"}}, "Mente du «scale»?"),
        ({"station": {}}, "«station.clinic» mangler"),
        ({"station": {"clinic": "x", "id": "Å"}}, "«station.id»"),
        ({"station": NAMED, "person": {"id": "anne", "pin": "12"}}, "«person.pin»"),
        ({"station": NAMED, "key": {"kind": "cloud"}}, "Mulige svar: file"),
        ({"station": NAMED, "journal": {"url": "http://j.no"}}, "«journal.url»"),
        ({"station": NAMED, "printer": {"address": "LPT1"}}, "«printer.address»"),
    ],
)
def test_a_wrong_answer_in_a_file_is_named(setup, tables, words):
    code, told = setup(**tables)
    assert code == 2
    assert words in told
    assert "answers.toml" in told


def test_a_folder_that_is_closed_is_told_with_the_line_to_type(setup, place, commands):
    if os.geteuid() != 0:
        pytest.skip("needs another user")
    config = str(place / "etc" / "kiosk.toml")
    code, told = commands.run("setup", "--config", config, by="daemon")
    assert code == 2
    assert f"sudo kiosk setup --config {config}" in told
