"""What several commands share: finding the configuration, being the service, opening the store."""

from __future__ import annotations

import argparse
import contextlib
import errno
import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli import service_user
from kiosk.cli.command_line import PERSONAL
from kiosk.config.load import ConfigError, OutOfReachError, load_config, speech
from kiosk.config.schema import Config
from kiosk.language import texts
from kiosk.language.texts import tr
from kiosk.system import service_unit

if TYPE_CHECKING:
    from kiosk.store.store import Store


def config_of(args: argparse.Namespace, *, makes: bool = False, anyone: bool = False) -> Config:
    """Read the named configuration and become the service's user; raises :class:`ConfigError`.

    ``makes`` is for a command that may begin a store: then the data folder is made for that user.
    With ``anyone`` another user than the service's goes on as it is. From here on texts are in the
    station's language.
    """
    if _out_of_reach(args.config):
        raise ConfigError([as_root_words()])
    try:
        config = load_config(args.config)
    except OutOfReachError:
        if anyone or _reads_all():
            raise
        raise ConfigError([as_root_words()]) from None
    speak(config.station.language)
    try:
        be_the_service(args.config, config, makes=makes)
    except NotTheServiceError:
        if not anyone:
            raise ConfigError([as_root_words()]) from None
    return config


def _out_of_reach(file: Path) -> bool:
    """Whether only another user may read the file. The service itself is told what to mend."""
    if _reads_all():
        return False
    try:
        return file.exists() and not os.access(file, os.R_OK)
    except PermissionError:
        return True


def _reads_all() -> bool:
    """Whether this is root or the installed station's own user."""
    user = service_user.installed_user()
    return os.geteuid() == 0 or (user is not None and user.pw_uid == os.geteuid())


def speak(language: str) -> None:
    """Speak the station's language, where it has one."""
    with contextlib.suppress(FileNotFoundError):
        texts.set_language(language, domain=texts.COMMAND_DOMAIN)


def accept(file: Path, config: Config) -> None:
    """Refuse what the station cannot start with, and tell on standard error what else is wrong.

    Raises :class:`ConfigError`; every sentence names the file.
    """
    from kiosk.station.checking.checking import problems_of

    with speech(config.station.language):
        found = problems_of(config)
    stopping = [f"{file}: {one.text}" for one in found if one.stops]
    for one in found:
        if not one.stops:
            print(f"{file}: {one.text}", file=sys.stderr)
    if stopping:
        raise ConfigError(stopping)


class NotTheServiceError(Exception):
    """This user is neither root nor the one the station runs as."""


def be_the_service(config_file: Path, config: Config, *, makes: bool = False) -> None:
    """As root, step down to the service's user; anybody else must be it already.

    Raises :class:`NotTheServiceError`.
    """
    try:
        user = service_user.service_user(config_file, config)
    except PermissionError:
        raise NotTheServiceError from None
    if user is None or user.pw_uid == os.geteuid():
        return
    if os.geteuid() != 0:
        raise NotTheServiceError
    if makes:
        service_user.make_folder(Path(config.station.data_dir), user)
    keep_credentials(config)
    service_user.become(user)


def keep_credentials(config: Config) -> None:
    """Read what only root may read, before root is let go of."""
    for name in _credentials(config):
        # What is wrong with it is said by who needs it.
        with contextlib.suppress(
            OSError, service_unit.NotAllowedError, service_unit.UnsealingFailedError
        ):
            service_unit.keep_credential(name)


def as_root_words() -> str:
    """Who may run this, and the line to type."""
    words = sys.argv[1:]
    line = [words[0], "…"] if words and words[0] in PERSONAL else words
    text = tr("Bare root og stasjonens egen bruker kan gjøre dette. Skriv: {line}")
    return text.format(line=f"sudo kiosk {shlex.join(line).replace(chr(39) + '…' + chr(39), '…')}")


def open_store(
    config: Config, *, alone: bool = False, make: bool = False, new: bool | None = None
) -> Store:
    """Open the configured store; raises :class:`ConfigError` with a sentence for each fault.

    With ``make`` off, as for everything that only looks, neither store nor key is made and nothing
    is migrated. With ``new`` off as well as ``make`` on, an older store is migrated and none made.
    """
    from kiosk.station.doctor.store_words import error_words
    from kiosk.station.keys import key_of
    from kiosk.store.database.presence import require
    from kiosk.store.errors import StoreError, StoreFault
    from kiosk.store.store import Store

    folder = Path(config.station.data_dir)
    new = make if new is None else new
    try:
        if not new:
            require(folder)
        return Store.open(folder, key_of(config, make=new), alone=alone, make=make, new=new)
    except StoreError as error:
        absent = error.fault is StoreFault.ABSENT
        raise ConfigError([no_store_words() if absent else error_words(error)]) from None
    except PermissionError:
        raise ConfigError([as_root_words()]) from None


def no_store_words() -> str:
    """There is nothing to look at yet."""
    return tr("Stasjonen har ikke noe lager ennå. Det lages av «kiosk setup».")


def no_room_words(folder: Path) -> str:
    """The service's user may not write there."""
    if not folder.is_dir():
        return tr("Mappen {folder} finnes ikke.").format(folder=folder)
    user = service_user.name_of(os.geteuid())
    text = tr(
        "Brukeren {user} kan ikke skrive i {folder}. Lag en mappe til kopiene: "
        "sudo install -d -o {user} -m 0700 /var/backups/kiosk"
    )
    return text.format(user=user, folder=folder)


def out_of_reach_words(file: Path) -> str:
    """The service's user may not read it."""
    user = service_user.name_of(os.geteuid())
    text = tr("{file} kan ikke leses av {user}. Rett det: chown {user} {file}")
    return text.format(user=user, file=file)


def cause_words(error: Exception) -> str:
    """Why a file or a port could not be used; what is no error of the system speaks for itself."""
    if not isinstance(error, OSError) or error.errno is None:
        return str(error)
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            text = tr("{file} finnes ikke.")
        case errno.EISDIR:
            text = tr("{file} er en mappe.")
        case errno.EACCES | errno.EPERM | errno.EROFS:
            text = tr("ingen tilgang til {file}.")
        case errno.ENOSPC | errno.EDQUOT:
            text = tr("disken er full.")
        case errno.EADDRINUSE | errno.EBUSY | errno.EEXIST:
            text = tr("{file} er i bruk.")
        case _:
            text = tr("feil {number} fra systemet.")
    file = error.filename2 or error.filename or tr("filen")
    if error.errno == errno.ENOENT and not Path(file).parent.is_dir():
        file = Path(file).parent  # the file itself was to be made there
    return text.format(file=file, number=error.errno)


def _credentials(config: Config) -> list[str]:
    """The credentials of the unit that this configuration needs."""
    from kiosk.journal.sign_in.keys import CREDENTIAL
    from kiosk.station.keys import CREDENTIAL as STORE_KEY

    names = [] if config.database.key_file else [STORE_KEY]
    sign_in = config.journal.sign_in if config.journal is not None else None
    if sign_in is not None and sign_in.key_file.startswith(CREDENTIAL):
        names.append(sign_in.key_file.removeprefix(CREDENTIAL))
    return names
