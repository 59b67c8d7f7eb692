"""What the service's unit gives it beyond its files: credentials and groups.

A command that somebody types has neither by itself, and must not do without: a store that is opened
with another key than the service's is no store. So the unit's own files are read, as systemd does.

Sources: systemd.exec(5) (``LoadCredential=``, ``SupplementaryGroups=``), systemd.unit(5) (drop-ins,
an empty assignment resets a list), systemd-creds(1).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

UNIT = "kiosk.service"
UNIT_FOLDERS = (
    Path("/usr/lib/systemd/system"),
    Path("/run/systemd/system"),
    Path("/etc/systemd/system"),
)
"""Where units and their drop-ins lie; what comes later stands over what comes before."""

RUNNING = Path("/run/credentials")
"""Below it the service manager keeps the credentials of the units that run."""

STORES = (Path("/etc/credstore"), Path("/run/credstore"))
SEALED_STORES = (Path("/etc/credstore.encrypted"), Path("/run/credstore.encrypted"))
"""Where a credential is looked for that the unit names without a path."""

DECRYPT_SECONDS = 60.0
_PLAIN, _SEALED = "LoadCredential", "LoadCredentialEncrypted"
_kept: dict[str, bytes] = {}


@dataclass(frozen=True, slots=True)
class Source:
    """The file a credential of the unit comes from; ``sealed`` by this machine or its TPM."""

    path: Path
    sealed: bool


class NotAllowedError(Exception):
    """The service has this credential, and this user may not read it."""


class UnsealingFailedError(Exception):
    """The credential cannot be opened on this machine."""


def settings(key: str) -> list[str]:
    """Every value that the unit and its drop-ins assign to ``key``, in order."""
    found: list[str] = []
    for line in _lines():
        name, assigned, value = line.partition("=")
        if assigned and name.strip() == key:
            found = [*found, value.strip()] if value.strip() else []
    return found


def groups() -> list[str]:
    """The names of the groups the unit adds to those of its user."""
    return [name for value in settings("SupplementaryGroups") for name in value.split()]


def writable_places() -> list[Path] | None:
    """Below which folders the unit's sandbox lets the service write; ``None`` if it sets no bounds.

    Permissions of the files are another matter.
    """
    if settings("ProtectSystem")[-1:] != ["strict"]:
        return None
    given = [one for value in settings("ReadWritePaths") for one in value.split()]
    found = [Path(one.lstrip("-+")) for one in given]
    for key, above in (("StateDirectory", "/var/lib"), ("RuntimeDirectory", "/run")):
        found += [Path(above, one) for value in settings(key) for one in value.split()]
    return found


def source_of(name: str) -> Source | None:
    """Where the unit's credential ``name`` comes from; ``None`` if the unit has none."""
    for key, sealed, stores in ((_PLAIN, False, STORES), (_SEALED, True, SEALED_STORES)):
        for value in settings(key):
            given, _, path = value.partition(":")
            if given == name:
                return Source(_placed(path or name, stores), sealed)
    return None


def read_credential(name: str) -> bytes | None:
    """The credential as the service gets it; ``None`` if it gets none by that name.

    Raises :class:`NotAllowedError` where only root or the service itself may read it,
    :class:`UnsealingFailedError`, :class:`FileNotFoundError` or another :class:`OSError`.
    """
    if name in _kept:
        return _kept[name]
    for folder in (os.environ.get("CREDENTIALS_DIRECTORY", ""), str(RUNNING / UNIT)):
        if folder and (read := _read_if_there(Path(folder) / name)) is not None:
            return read
    source = source_of(name)
    if source is None:
        return None
    try:
        return _unsealed(source.path, name) if source.sealed else source.path.read_bytes()
    except PermissionError:
        raise NotAllowedError(str(source.path)) from None


def keep_credential(name: str) -> None:
    """Read a credential while this process still may, for when it has become the service's user.

    Raises as :func:`read_credential`.
    """
    value = read_credential(name)
    if value is not None:
        _kept[name] = value


def _lines() -> Iterator[str]:
    for path in _files():
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        yield from text.replace("\\\n", " ").splitlines()


def _files() -> Iterator[Path]:
    """The unit's file, then the drop-ins by name whatever folder they lie in."""
    units = [folder / UNIT for folder in UNIT_FOLDERS if (folder / UNIT).is_file()]
    yield from units[-1:]
    drop_ins = {path.name: path for f in UNIT_FOLDERS for path in (f / f"{UNIT}.d").glob("*.conf")}
    yield from (drop_ins[name] for name in sorted(drop_ins))


def _placed(path: str, stores: tuple[Path, ...]) -> Path:
    if path.startswith("/"):
        return Path(path)
    return next((s / path for s in stores if (s / path).exists()), stores[0] / path)


def _read_if_there(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _unsealed(path: Path, name: str) -> bytes:
    import subprocess  # only here: every start imports this module

    with path.open("rb"):  # who may not read it is told so, not what systemd-creds says then
        pass
    command = ["systemd-creds", "decrypt", f"--name={name}", str(path), "-"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=DECRYPT_SECONDS, check=False)  # noqa: S603 - fixed words
    except (OSError, subprocess.SubprocessError) as error:
        raise UnsealingFailedError(type(error).__name__) from None
    if done.returncode != 0:
        raise UnsealingFailedError(str(done.returncode))
    return done.stdout
