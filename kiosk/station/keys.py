"""Where the store's key is: a file named in the configuration, a systemd credential, or a file
that is made on the first start, with a warning."""

from __future__ import annotations

import logging
from pathlib import Path

from kiosk.config.schema import Config
from kiosk.store.database.key import create_key_file, read_key, read_key_file
from kiosk.store.errors import StoreError, StoreFault, fault_of
from kiosk.store.store import FILE_NAME
from kiosk.system import service_unit

CREDENTIAL = "kiosk.key"
LOG = logging.getLogger(__name__)


def key_of(config: Config, *, make: bool = True) -> bytes:
    """Read the key; raises :class:`StoreError` with one of the KEY faults.

    A key is made only where neither a key nor a store exists yet: a new key beside an old
    store would make its content look lost. With ``make`` off a missing key is always a fault.
    """
    if config.database.key_file:
        return read_key_file(Path(config.database.key_file))
    credential = _credential()
    if credential is not None:
        return read_key(credential)
    return _key_beside_store(Path(config.station.data_dir), make=make)


def _credential() -> bytes | None:
    """The service's credential. Its mode is the service manager's matter, and looks open with the
    access list that lets the service in.
    """
    try:
        return service_unit.read_credential(CREDENTIAL)
    except service_unit.NotAllowedError:
        raise StoreError(StoreFault.NOT_ALLOWED) from None
    except service_unit.UnsealingFailedError:
        raise StoreError(StoreFault.KEY_SEALED) from None
    except FileNotFoundError as error:
        raise StoreError(StoreFault.KEY_MISSING, Path(error.filename)) from None
    except OSError:
        raise StoreError(StoreFault.KEY_UNREADABLE) from None


def _key_beside_store(folder: Path, *, make: bool) -> bytes:
    path = folder / "key"
    if path.exists():
        return read_key_file(path)
    if not make or (folder / FILE_NAME).exists():
        raise StoreError(StoreFault.KEY_MISSING)
    LOG.warning("The store's key is made in its own folder; a stolen disk would hold both.")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return create_key_file(path)
    except OSError as error:
        raise StoreError(fault_of(error)) from None
