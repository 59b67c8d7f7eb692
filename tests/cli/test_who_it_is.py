"""Commands that know who they are: the service's configuration, key and user, and nothing made by
looking."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import stat
import tempfile
from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.cli.command_line import COMMANDS, parser_of
from kiosk.config.load import config_from
from kiosk.station.keys import key_of
from kiosk.store import schema
from kiosk.store.database.key import create_key_file, new_key
from kiosk.store.errors import StoreError, StoreFault
from kiosk.store.store import Store
from kiosk.system import service_unit
from tests.cli.forking import Commands

ROOT = Path(__file__).parents[2]
LOOKING = (
    ("outbox",),
    ("outbox", "list", "--json"),
    ("doctor",),
    ("audit", "verify"),
    ("audit", "export"),
    ("user", "list"),
    ("user", "remove", "anne"),
    ("check",),
    ("devices",),
)
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


def write_config(folder: Path, more: str = "") -> Path:
    path = folder / "kiosk.toml"
    path.write_text(f'[station]\nclinic = "x"\ndata_dir = "{folder / "data"}"\n{more}')
    return path


def everything(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file below a folder with its size and mode."""
    found = sorted(folder.rglob("*"))
    return {str(p): (p.stat().st_size, p.stat().st_mode) for p in found}


# --- looking makes nothing ------------------------------------------------------------------------


@pytest.mark.parametrize("command", LOOKING, ids=" ".join)
@pytest.mark.parametrize("key", ["beside", "file", "file missing"])
def test_looking_makes_no_store_no_key_and_no_folder(tmp_path, capsys, command, key):
    more = "" if key == "beside" else f'[database]\nkey_file = "{tmp_path / "store.key"}"\n'
    if key == "file":
        create_key_file(tmp_path / "store.key")
    config = write_config(tmp_path, more)
    before = everything(tmp_path)
    main([*command, "--config", str(config)])
    assert everything(tmp_path) == before
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    if command[0] in {"outbox", "audit", "user"}:
        assert "ikke noe lager ennå" in err
    if command[0] == "doctor" and key != "file missing":
        assert "Lageret er ikke laget ennå" in out


def test_a_backup_of_nothing_is_no_backup(tmp_path, capsys):
    config = write_config(tmp_path)
    before = everything(tmp_path)
    assert main(["backup", str(tmp_path / "copy"), "--config", str(config)]) == 1
    assert everything(tmp_path) == before


def test_the_first_person_may_come_before_the_first_start(tmp_path, capsys, monkeypatch):
    config = write_config(tmp_path)
    monkeypatch.setattr("kiosk.cli.user.sys.stdin", Line(""))
    assert main(["user", "add", "anne", "--display", "Anne", "--config", str(config)]) == 2
    monkeypatch.setattr("kiosk.cli.user.sys.stdin", Line("2580\n"))
    assert main(["user", "add", "anne", "--display", "Anne", "--config", str(config)]) == 0
    assert main(["user", "list", "--config", str(config)]) == 0
    assert "anne\tAnne" in capsys.readouterr().out


class Line:
    """A line through a pipe."""

    def __init__(self, text: str) -> None:
        self.text = text

    def isatty(self) -> bool:
        return False

    def readline(self) -> str:
        return self.text


@pytest.mark.parametrize(
    "command",
    [("outbox",), ("audit", "verify"), ("user", "list"), ("user", "add", "b", "--display", "B")],
    ids=" ".join,
)
def test_looking_never_migrates(tmp_path, capsys, monkeypatch, command):
    config = older_store(tmp_path, monkeypatch)
    before = (tmp_path / "data" / "store.db").read_bytes()
    assert main([*command, "--config", str(config)]) == 2
    assert "eldre versjon" in capsys.readouterr().err
    assert (tmp_path / "data" / "store.db").read_bytes() == before


def test_the_doctor_and_a_backup_look_at_an_older_store_as_it_is(tmp_path, capsys, monkeypatch):
    config = older_store(tmp_path, monkeypatch)
    main(["doctor", "--config", str(config)])
    assert "note  store: Lageret er fra en eldre versjon" in capsys.readouterr().out
    copy = tmp_path / "copy"
    assert main(["backup", str(copy), "--config", str(config)]) == 0
    assert copy.stat().st_size > 0
    store = Store.open(tmp_path / "data", key_of(loaded(tmp_path), make=False))
    store.close()  # the station itself brings it up to date


def older_store(tmp_path: Path, monkeypatch) -> Path:
    """A store whose stamp is one before today's, as an earlier release would have left it."""
    config = write_config(tmp_path)
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    key = create_key_file(folder / "key")
    Store.open(folder, key).close()
    from kiosk.store.database import engine

    connection = engine.keyed(folder / "store.db", key)
    connection.execute("UPDATE alembic_version SET version_num = ?", (schema.KNOWN_VERSIONS[-2],))
    connection.commit()
    connection.close()
    monkeypatch.setattr(schema, "migrate", lambda _: None)
    return config


def loaded(tmp_path: Path):
    return config_from({"station": {"clinic": "x", "data_dir": str(tmp_path / "data")}}, "k")


# --- one configuration, wherever it is named ------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ("--config", "F", "user", "list"),
        ("--config=F", "user", "list"),
        ("user", "--config", "F", "list"),
        ("user", "list", "--config", "F"),
        ("user", "list", "--config=F"),
        ("--config", "G", "user", "list", "--config", "F"),
    ],
    ids=" ".join,
)
def test_the_configuration_is_named_in_any_place(tmp_path, capsys, words):
    config = write_config(tmp_path)
    words = [word.replace("F", str(config)).replace("G", "/none") for word in words]
    assert main(words) == 2
    assert "ikke noe lager ennå" in capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_takes_a_configuration_before_and_after(command):
    parser, _ = parser_of((), whole=True)
    (commands,) = (a for a in parser._actions if hasattr(a, "choices") and a.choices)
    options = {name for a in commands.choices[command]._actions for name in a.option_strings}
    assert "--config" in options


def test_the_version_is_told(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("kiosk 0.")


# --- the key of the service -----------------------------------------------------------------------


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine with a unit of its own; returns what writes a drop-in into it."""
    folder = tmp_path / "systemd"
    (folder / f"{service_unit.UNIT}.d").mkdir(parents=True)
    (folder / service_unit.UNIT).write_text("[Service]\nSupplementaryGroups=dialout lp\n")
    monkeypatch.setattr(service_unit, "UNIT_FOLDERS", (folder,))
    monkeypatch.setattr(service_unit, "RUNNING", tmp_path / "running")
    monkeypatch.setattr(service_unit, "_kept", {})
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)

    def drop_in(text: str, name: str = "key.conf") -> None:
        (folder / f"{service_unit.UNIT}.d" / name).write_text(f"[Service]\n{text}\n")

    return drop_in


def test_the_key_is_the_one_the_unit_gets(tmp_path, machine):
    key = new_key()
    plain = tmp_path / "kiosk.key"
    plain.write_text(key.hex())
    with pytest.raises(StoreError):
        key_of(loaded(tmp_path), make=False)  # the file is there, and the unit does not ask for it
    machine(f"LoadCredential=kiosk.key:{plain}")
    assert key_of(loaded(tmp_path), make=False) == key
    machine("LoadCredential=", "override.conf")  # an empty assignment takes the list away
    with pytest.raises(StoreError):
        key_of(loaded(tmp_path), make=False)


def test_while_the_unit_runs_its_own_copy_is_read(tmp_path, machine, monkeypatch):
    key, other = new_key(), new_key()
    running = tmp_path / "running" / service_unit.UNIT
    running.mkdir(parents=True)
    (running / "kiosk.key").write_text(key.hex())
    # systemd lets the service in by an access list, which the mode shows as the group's.
    (running / "kiosk.key").chmod(0o440)
    assert key_of(loaded(tmp_path), make=False) == key
    own = tmp_path / "own"
    own.mkdir()
    (own / "kiosk.key").write_text(other.hex())
    (own / "kiosk.key").chmod(0o440)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(own))
    assert key_of(loaded(tmp_path), make=False) == other


def test_a_sealed_key_is_opened_by_systemd_or_named(tmp_path, machine, monkeypatch):
    key = new_key()
    sealed = tmp_path / "sealed"
    sealed.write_text("sealed")
    program = tmp_path / "bin" / "systemd-creds"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\n[ "$*" = "decrypt --name=kiosk.key {sealed} -" ] && echo {key.hex()}\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    machine(f"LoadCredentialEncrypted=kiosk.key:{sealed}")
    assert key_of(loaded(tmp_path), make=False) == key
    program.write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(StoreError) as caught:
        key_of(loaded(tmp_path), make=False)
    assert caught.value.fault is StoreFault.KEY_SEALED
    sealed.unlink()
    with pytest.raises(StoreError) as caught:
        key_of(loaded(tmp_path), make=False)
    assert caught.value.fault is StoreFault.KEY_MISSING


def test_the_groups_of_the_unit_are_known(machine):
    machine("SupplementaryGroups=video", "more.conf")
    assert service_unit.groups() == ["dialout", "lp", "video"]


# --- root, the service's user, and anybody else ---------------------------------------------------


@pytest.fixture(scope="module")
def commands():
    running = Commands()
    yield running
    running.close()


@pytest.fixture
def installed(commands):
    """A station of the user ``daemon``, as root would find it, and what runs commands there."""
    # Below /tmp, because pytest's own folders are closed to other users.
    base = Path(tempfile.mkdtemp(prefix="kiosk-who-"))
    base.chmod(0o755)
    user = pwd.getpwnam("daemon")
    data = base / "data"
    data.mkdir(mode=0o700)
    os.chown(data, user.pw_uid, user.pw_gid)
    create_key_file(base / "store.key")
    os.chown(base / "store.key", user.pw_uid, user.pw_gid)
    config = write_config(base, f'[database]\nkey_file = "{base / "store.key"}"\n')
    os.chown(config, 0, user.pw_gid)
    config.chmod(0o640)

    def run(*words: str, **how: str) -> tuple[int, str]:
        return commands.run(*words, "--config", str(config), **how)

    yield run, base
    shutil.rmtree(base)


def owners(base: Path) -> set[str]:
    return {pwd.getpwuid(p.stat().st_uid).pw_name for p in (base / "data").rglob("*")}


@as_root
def test_root_and_the_service_work_alike_and_nothing_becomes_roots(installed):
    run, base = installed
    assert run("user", "add", "anne", "--display", "Anne", typed="2580\n") == (0, "")
    assert owners(base) == {"daemon"}
    for command in (("user", "list"), ("outbox",), ("audit", "verify")):
        code, told = run(*command)
        assert (code, told) == run(*command, by="daemon")
        assert code == 0
    assert run("doctor") == run("doctor", by="daemon")
    assert run("backup", str(base / "data" / "copy"))[0] == 0
    assert owners(base) == {"daemon"}


@as_root
def test_anybody_else_is_told_the_line_to_type_and_no_arguments_of_a_child(installed):
    run, base = installed
    code, told = run("outbox", "list", by="nobody")
    assert code == 2
    assert "sudo kiosk outbox list" in told
    (base / "kiosk.toml").chmod(0o644)
    number = "10915596784"
    child = ("--identifier", number, "--birth-date", "2026-01-01", "--given", "Kanari")
    code, told = run("measure", *child, by="nobody")
    assert code == 2
    assert "sudo kiosk measure …" in told
    assert number not in told
    assert "Kanari" not in told


@as_root
@pytest.mark.parametrize(
    ("spoil", "words", "never"),
    [
        (lambda key: key.chmod(0o644), ("leses av andre", "chmod 0600 "), "tilhører"),
        (lambda key: os.chown(key, 0, 0), ("tilhører root", "chown daemon "), "av andre"),
        (lambda key: key.unlink(), ("mangler",), "av andre"),
        (lambda key: key.write_text("x"), ("64 heksadesimale",), "av andre"),
    ],
    ids=["mode", "owner", "missing", "content"],
)
def test_a_sentence_about_the_key_never_says_what_is_not_so(installed, spoil, words, never):
    run, base = installed
    assert run("user", "add", "anne", "--display", "Anne", typed="2580\n")[0] == 0
    spoil(base / "store.key")
    code, told = run("outbox")
    assert code == 2
    assert all(word in told for word in words)
    assert never not in told


@as_root
def test_root_hands_the_credential_of_the_unit_to_the_user_it_becomes(installed):
    run, base = installed
    write_config(base)
    (base / "systemd" / f"{service_unit.UNIT}.d").mkdir(parents=True)
    plain = base / "credstore" / "kiosk.key"
    plain.parent.mkdir(mode=0o700)
    create_key_file(plain)
    drop_in = base / "systemd" / f"{service_unit.UNIT}.d" / "key.conf"
    drop_in.write_text(f"[Service]\nLoadCredential=kiosk.key:{plain}\n")
    before = (
        "from pathlib import Path; import kiosk.system.service_unit as u; "
        f"u.UNIT_FOLDERS = (Path('{base / 'systemd'}'),); u.RUNNING = Path('/none')"
    )
    added = run("user", "add", "a", "--display", "A", typed="2580\n", before=before)
    assert added == (0, "")
    assert run("outbox", before=before)[0] == 0
    assert owners(base) == {"daemon"}
    assert not (base / "data" / "key").exists()
    code, told = run("outbox", before=before, by="daemon")
    assert code == 2
    assert "sudo" in told
    # With the key beside the store, which the unit would not use, it does not open.
    assert run("outbox")[0] == 2


@as_root
def test_a_folder_for_the_store_is_made_for_the_service(installed):
    run, base = installed
    (base / "data").rmdir()
    assert run("user", "add", "anne", "--display", "Anne", typed="2580\n") == (0, "")
    status = (base / "data").stat()
    assert pwd.getpwuid(status.st_uid).pw_name == "daemon"
    assert stat.S_IMODE(status.st_mode) == 0o700


# --- nothing about a child need stand on a command line -------------------------------------------


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("123\n2026-01-01\nKari\n", "11 sifre"),
        ("10915596784\n1.1.26\nKari\n", "ÅÅÅÅ-MM-DD"),
        ("10915596784\n2026-01-01\n", "Fornavnet mangler"),
        ("", "Fornavnet mangler"),
    ],
)
def test_number_birth_date_and_name_come_line_by_line(tmp_path, commands, typed, words):
    config = write_config(tmp_path)
    each = ("--identifier", "-", "--birth-date", "-", "--given", "-")
    code, told = commands.run("measure", *each, "--config", str(config), typed=typed)
    assert code == 2
    assert words in told


# --- who may save devices on the screen -----------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("", True),
        ('[audiometer]\nname = "x"\n', True),
        ('[audiometer]\nname = "x"\napprovers = ["anne"]\n', False),
    ],
)
def test_that_nobody_can_save_devices_is_a_note_and_no_error(tmp_path, capsys, machine, more, told):
    key = tmp_path / "store.key"
    create_key_file(key)
    config = write_config(tmp_path, f'{more}[database]\nkey_file = "{key}"\n')
    assert main(["check", "--config", str(config)]) == 0
    said = capsys.readouterr()
    assert "i orden" in said.out
    assert ("«station.approvers»" in said.out) is told
    assert said.err == ""
    assert main(["check", "--json", "--config", str(config)]) == 0
    assert json.loads(capsys.readouterr().out) == []


# --- what the service may do ----------------------------------------------------------------------


def test_a_folder_the_service_may_not_write_in_is_told(tmp_path, capsys, machine):
    """Outside the sandbox everything looks writable; the unit's own file knows better."""
    share, elsewhere = tmp_path / "mnt" / "journal", tmp_path / "elsewhere"
    for folder in (share, elsewhere, tmp_path / "data"):
        folder.mkdir(parents=True)
    create_key_file(tmp_path / "data" / "key")
    machine(f"ProtectSystem=strict\nReadWritePaths=-{tmp_path}/mnt -{tmp_path}/data", "a.conf")
    config = write_config(tmp_path, f'[csv]\nfolder = "{share}"\n')
    assert main(["check", "--config", str(config)]) == 0
    (tmp_path / "mnt" / "link").symlink_to(elsewhere)
    for folder in (elsewhere, tmp_path / "mnt" / "link"):
        config = write_config(tmp_path, f'[csv]\nfolder = "{folder}"\n')
        capsys.readouterr()
        assert main(["check", "--config", str(config)]) == 1
        assert f"ReadWritePaths={folder}" in capsys.readouterr().err


def test_the_shipped_unit_lets_write_what_the_pages_tell(monkeypatch, tmp_path):
    shutil.copy(ROOT / "kiosk.service", tmp_path / service_unit.UNIT)
    monkeypatch.setattr(service_unit, "UNIT_FOLDERS", (tmp_path,))
    places = {str(place) for place in service_unit.writable_places()}
    assert places == {"/mnt", "/media", "/srv", "/var/lib/kiosk", "/run/kiosk"}


@pytest.mark.parametrize(
    ("key", "word"),
    [
        ("none", "mangler"),
        ("open", "chmod 0600"),
        ("short", "64"),
        ("folder", "er en mappe"),
    ],
)
def test_the_check_says_of_the_key_what_the_station_would(tmp_path, capsys, machine, key, word):
    path = tmp_path / "store.key"
    if key == "folder":
        path.mkdir()
    elif key != "none":
        path.write_text(("ab" * (32 if key == "open" else 3)) + "\n")
        path.chmod(0o644 if key == "open" else 0o600)
    config = write_config(tmp_path, f'[database]\nkey_file = "{path}"\n')
    assert main(["check", "--config", str(config)]) == 2
    said = capsys.readouterr().err
    assert f"{config}: [database]: " in said
    assert word in said
