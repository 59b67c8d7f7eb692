"""The clinic's database as a station knows it: joined when it is first needed, and let go of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Lock

from drivers.folder import read_file
from kiosk.config.schema import Config
from kiosk.language.texts import tr
from kiosk.model.outbox import COUNTED, OutboxItem
from kiosk.store.database.key import read_key_file
from kiosk.store.errors import StoreError, StoreFault
from kiosk.store.store import Store


class Clinic:
    """A clinic's database, for any thread. Nothing is connected before somebody needs it."""

    def __init__(self, join: Callable[[], Store]) -> None:
        self._join = join
        self._joined: Store | None = None
        self._closed = False
        self._lock = Lock()
        self.elsewhere: Sequence[OutboxItem] = ()
        """What waited of other stations' visits when it was last looked at."""

    def look(self, own: Store) -> None:
        """See what waits there of visits that this station does not know: another measured them.

        Raises :class:`StoreError`; then what was seen last still stands.
        """
        there = self.store().unfinished(COUNTED)
        known = own.standing([item.visit_id for item in there])
        self.elsewhere = tuple(item for item in there if item.visit_id not in known)

    def store(self) -> Store:
        """The database; raises :class:`StoreError` while it cannot be reached or used."""
        with self._lock:
            if self._closed:
                raise StoreError(StoreFault.CLOSED)
            if self._joined is None:
                self._joined = self._join()
            return self._joined

    def close(self) -> None:
        """Let go of it."""
        with self._lock:
            self._closed = True
            if self._joined is not None:
                self._joined.close()


def clinic_of(config: Config) -> Clinic | None:
    """The clinic's database of a configuration; ``None`` for a station of its own."""
    table = config.database
    if not table.url:
        return None

    def join() -> Store:
        # SQLAlchemy's PostgreSQL part is imported only where there is such a database.
        from kiosk.store.database import server

        key = read_key_file(Path(table.shared_key_file))
        password = read_password(table.password_file)
        joined = server.join(table.url, key, config.station.id, password=password)
        joined.note("joined", config.station.id, "")
        return joined

    return Clinic(join)


def read_password(path: str) -> str | None:
    """The password for the database; raises :class:`StoreError` (NOT_ADMITTED)."""
    if not path:
        return None
    try:
        return read_file(Path(path), follow=True).decode("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise StoreError(StoreFault.NOT_ADMITTED) from None


def check_clinic(config: Config) -> None:
    """Refuse a setup that could never work; raises :class:`ValueError` with a sentence."""
    for text in clinic_faults(config):
        raise ValueError(text)


def clinic_faults(config: Config) -> Iterator[str]:
    """Yield a sentence for each thing in a clinic's set-up that could never work."""
    table = config.database
    if not table.url:
        return
    from kiosk.store.database.server import read_url

    try:
        read_url(table.url)
    except ValueError as error:
        texts = {
            "password": tr(
                "«database.url»: passordet hører hjemme i filen «database.password_file», ikke her."
            ),
            "sslmode": tr(
                "«database.url»: «sslmode» skal være verify-full, som prøver serverens sertifikat."
            ),
        }
        wrong = tr(
            "«database.url»: skriv adressen som postgresql+psycopg://bruker@maskin/database."
        )
        yield texts.get(str(error), wrong)
    if not table.shared_key_file:
        yield tr("«database.shared_key_file» mangler: nøkkelen som alle stasjonene har felles.")
    if config.journal is None and config.hl7 is None:
        yield tr(
            "«database.url»: felles sending trenger [journal] eller [hl7]. Filer skriver hver "
            "stasjon selv."
        )
    if not table.clinic_id:
        yield tr("«database.clinic_id» mangler: navnet som alle stasjonene har felles.")
