"""The store's key: made, or typed in from its paper copy, and kept where the service finds it.

It is made before anything else is, and never shown anywhere but on a terminal.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from drivers.folder import replace_file
from kiosk.cli.setting_up import paper
from kiosk.cli.setting_up.asking import Asker
from kiosk.cli.setting_up.bench import Bench, is_systemd, say, systemctl
from kiosk.config.load import ConfigError
from kiosk.language import texts
from kiosk.language.texts import tr
from kiosk.station.doctor.store_words import error_words
from kiosk.station.keys import CREDENTIAL, key_of
from kiosk.store.database.key import create_key_file, new_key, sync_folder
from kiosk.store.errors import StoreError, StoreFault
from kiosk.store.store import FILE_NAME
from kiosk.system import service_unit

FILE, PLAIN, TPM = "file", "credential", "tpm"
KEY_FILE = "store.key"
DROP_INS = {PLAIN: "key-credential.conf", TPM: "key-tpm.conf"}
ASSETS = texts.LOCALE_DIR.parent / "systemd"
DROP_IN_FOLDER = Path("/etc/systemd/system") / f"{service_unit.UNIT}.d"
ALSO = ("kiosk-backup.service", "kiosk-rehearsal.service")
"""Other units that open the store."""
TPM_DEVICE = Path("/dev/tpmrm0")
SEAL_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Chosen:
    """A key that is not kept anywhere yet, and how it is to be."""

    kind: str
    key: bytes
    fresh: bool


def key_step(bench: Bench) -> Chosen | None:
    """Choose a key; ``None`` where the station has one, which is never changed here.

    Raises :class:`ConfigError` where there is a store and its key is not to be had.
    """
    bench.heading(tr("Nøkkelen til lageret"))
    if _has_key(bench):
        say("  " + tr("Stasjonen har en nøkkel fra før. Den beholdes."))
        return None
    kind = bench.asker.choose("key.kind", tr("Hvor skal nøkkelen ligge?"), _kinds(), _kinds()[0][0])
    assert kind is not None
    copy = bench.asker.ask(
        "key.copy",
        tr(
            "Har stasjonen en papirkopi fra før? Skriv inn de 16 gruppene, eller Enter for ny "
            "nøkkel"
        ),
        check=_copy_fault,
        later=True,
        secret=True,
    )
    if kind == FILE:
        file = bench.document.get("database.key_file") or str(bench.document.path.parent / KEY_FILE)
        bench.document.set("database.key_file", file)
    else:
        bench.document.drop("database.key_file")
    return Chosen(kind, paper.read(copy) if copy else new_key(), fresh=not copy)


def keep(chosen: Chosen, bench: Bench) -> None:
    """Put the key in its place; raises :class:`ConfigError` with what went wrong."""
    try:
        if chosen.kind == FILE:
            _keep_file(Path(bench.document.get("database.key_file")), chosen.key, bench)
        elif chosen.kind == PLAIN:
            _keep_plain(chosen.key)
        else:
            _keep_sealed(chosen.key)
        if chosen.kind in DROP_INS:
            _drop_in(DROP_INS[chosen.kind])
            _read_back(chosen.key)
    except (OSError, subprocess.SubprocessError, service_unit.UnsealingFailedError) as error:
        text = tr(
            "Nøkkelen kunne ikke lagres ({cause}). Kjør «kiosk setup» igjen, og velg et annet sted."
        )
        raise ConfigError([text.format(cause=type(error).__name__)]) from None


def show_paper(key: bytes, asker: Asker) -> bool:
    """Show the paper copy on a terminal and have one group typed back; whether that was done."""
    if asker.alone or not sys.stdout.isatty():
        say(
            "  "
            + tr(
                "Papirkopien vises bare i en terminal. Kjør «kiosk setup --paper» og skriv den av."
            )
        )
        return False
    groups = paper.written(key)
    text = tr(
        "Papirkopi av nøkkelen. Skriv den av, og legg den i et låst skap. Uten nøkkelen kan "
        "lageret aldri leses igjen. Det femte tegnet i hver gruppe avslører skrivefeil."
    )
    say("\n" + textwrap.fill(text, 78) + "\n")
    say(paper.page(groups) + "\n")
    place = secrets.randbelow(paper.GROUPS)
    asker.ask(
        "key.check",
        tr("Skriv gruppe nummer {n} slik den står på papiret").format(n=place + 1),
        check=_group_fault(groups, place),
    )
    say("  " + tr("Den stemmer. Tøm skjermen når kopien er lagt bort."))
    return True


def _has_key(bench: Bench) -> bool:
    store = bench.data_dir() / FILE_NAME
    left = bench.document.path.parent / KEY_FILE
    if bench.document.get("database.key_file") is None and left.exists():
        # A set-up that was broken off has left its key, and another one would not fit.
        bench.document.set("database.key_file", str(left))
    try:
        key_of(bench.config(), make=False)
    except StoreError as error:
        if error.fault is StoreFault.KEY_OWNER:
            return True  # it is the service's, and root looks at it
        missing = error.fault in {StoreFault.KEY_MISSING, StoreFault.KEY_UNREADABLE}
        if store.exists() and missing:
            say("  " + error_words(error))
            say("  " + tr("Det finnes et lager. Skriv inn nøkkelen fra papirkopien."))
            return False
        if not missing:
            raise ConfigError([error_words(error)]) from None
        return False
    return True


def _kinds() -> list[tuple[str, str]]:
    found = [(FILE, tr("i en fil som bare stasjonen kan lese (disken bør være kryptert)"))]
    if os.geteuid() == 0 and is_systemd():
        found.append((PLAIN, tr("hos systemd, i en fil som bare root kan lese")))
        if TPM_DEVICE.exists() and shutil.which("systemd-creds"):
            found.insert(0, (TPM, tr("låst til TPM-brikken i denne maskinen (anbefalt)")))
    return found


def _copy_fault(text: str) -> str:
    try:
        paper.read(text)
    except paper.Misread as error:
        if error.number:
            return tr("Gruppe {n} stemmer ikke. Les den en gang til.").format(n=error.number)
        return tr("Det skal være 16 grupper på 5 tegn.")
    return ""


def _group_fault(groups: Sequence[str], place: int) -> Callable[[str], str]:
    def check(answer: str) -> str:
        same = answer.upper().replace("-", "") == groups[place].replace("-", "")
        return "" if same else tr("Det er ikke gruppe {n}. Sjekk papiret.").format(n=place + 1)

    return check


def _keep_file(path: Path, key: bytes, bench: Bench) -> None:
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    create_key_file(path, key)
    bench.own(path)


def _keep_plain(key: bytes) -> None:
    path = service_unit.STORES[0] / CREDENTIAL
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    create_key_file(path, key)


def _keep_sealed(key: bytes) -> None:
    path = service_unit.SEALED_STORES[0] / CREDENTIAL
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists():
        raise FileExistsError(path)
    command = [
        "systemd-creds",
        "encrypt",
        "--with-key=tpm2",
        f"--name={CREDENTIAL}",
        "-",
        str(path),
    ]
    subprocess.run(  # noqa: S603 - fixed words
        command,
        input=key.hex().encode(),
        check=True,
        capture_output=True,
        timeout=SEAL_SECONDS,
    )
    sync_folder(path.parent)


def _read_back(key: bytes) -> None:
    """Make sure that the service will get this key, before anything is encrypted with it."""
    if (service_unit.read_credential(CREDENTIAL) or b"").strip() != key.hex().encode():
        raise service_unit.UnsealingFailedError("another key")


def _drop_in(name: str) -> None:
    # What makes copies at night needs the key as well, also while the station is stopped.
    for folder in (DROP_IN_FOLDER, *(DROP_IN_FOLDER.parent / f"{unit}.d" for unit in ALSO)):
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        replace_file(folder / "key.conf", (ASSETS / name).read_bytes(), 0o644)
        (folder / "key.conf").chmod(0o644)
    systemctl("daemon-reload")
