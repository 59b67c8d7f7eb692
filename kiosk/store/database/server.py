"""The database server of a clinic, where several stations keep what is on its way together.

Reached over PostgreSQL's own protocol with psycopg. Every command has a time limit, so that a
server that went away without a word is noticed; nothing here ever waits for it on the screen.
"""

from __future__ import annotations

from importlib.util import find_spec

from sqlalchemy import URL, Connection, Engine, create_engine, insert, make_url, select, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from drivers.host_names import is_host
from kiosk.store import schema
from kiosk.store import tables as t
from kiosk.store.audit import Trail
from kiosk.store.database import copies
from kiosk.store.database.disk import DiskState
from kiosk.store.database.marker import Found, Standing
from kiosk.store.database.sealing import OPTION, Seal, hide, show
from kiosk.store.errors import StoreError, StoreFault, fault_of
from kiosk.store.store import Store
from kiosk.system.clock import now_utc

DIALECT = "postgresql+psycopg"
CONNECT_SECONDS = 5
KEY_PROOF = "key-proof"
STATEMENT_SECONDS = 20
LOCK_SECONDS = 5
SILENCE_SECONDS = 15
"""After so long without an answer of the other side's machine a connection is given up."""


SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


def read_url(address: str) -> URL:
    """The address of a server; raises :class:`ValueError` for one that is none, that is of
    another kind, or that has a password in it.
    """
    try:
        url = make_url(address)
    except ArgumentError:
        raise ValueError("not an address") from None
    if url.drivername not in {DIALECT, "postgresql"}:
        raise ValueError("not PostgreSQL")
    if url.password is not None:
        raise ValueError("password")
    if not url.database:
        raise ValueError("no database")
    if (url.host and not is_host(url.host)) or not 0 < (url.port or 1) <= 65535:
        raise ValueError("no host")
    if url.query.get("sslmode", SSL_MODES[-1]) not in SSL_MODES:
        raise ValueError("sslmode")
    return url.set(drivername=DIALECT)


def join(
    url: str, key: bytes, holder: str, *, password: str | None = None, demo: bool = False
) -> Store:
    """Join the clinic's database as the station ``holder``; raises :class:`StoreError`.

    An empty database is furnished; an older one is brought to today's tables.
    """
    return Store(ServerPlace(read_url(url), key, holder, password, demo=demo), key)


class ServerPlace:
    """A database that several stations share."""

    found = Found(Standing.SAME)

    def __init__(
        self, url: URL, key: bytes, holder: str, password: str | None, *, demo: bool
    ) -> None:
        """Connect and see to the tables; raises :class:`StoreError`."""
        if find_spec("psycopg") is None:
            raise StoreError(StoreFault.NO_DRIVER)
        self.holder = holder
        url = url.set(password=password) if password else url
        self.writing = _engine(url, key, size=1)
        self.reading = _engine(url, key, size=4, read_only=True)
        try:
            with self.writing.begin() as connection:
                schema.prepare(connection, demo=demo)
                _check_key(connection)
        except (SQLAlchemyError, StoreError, OSError) as error:
            self.close()
            raise StoreError(fault_of(error)) from None

    def check(self, _connection: Connection, /) -> None:
        """The server looks after its own disk."""

    def kept(self, _connection: Connection, _end: tuple[int, str] | None, /) -> None:
        """The server looks after its own files."""

    def was_restored(self, connection: Connection, trail: Trail, /) -> bool:
        """Whether it lies where it lay; see :mod:`kiosk.store.database.copies`."""
        return copies.moved(connection, trail, now_utc())

    def line_is_guarded(self, connection: Connection, /) -> bool:
        """Encrypted by TLS with a server that was checked, or a socket inside this machine."""
        asked = text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        inside = text("SELECT inet_server_addr() IS NULL")
        if connection.execute(inside).scalar():
            return True
        verified = self.writing.url.query.get("sslmode") == "verify-full"
        return verified and bool(connection.execute(asked).scalar())

    def disk_state(self) -> DiskState:
        """The server says so when it is full."""
        return DiskState.OK

    def after_purge(self) -> None:
        """Deleted rows are sealed, and the server's own cleaning takes them away."""

    def close(self) -> None:
        """Let go of the connections."""
        self.writing.dispose()
        self.reading.dispose()


def _check_key(connection: Connection) -> None:
    """Every station of a clinic has the same key; one with another would see nobody's name."""
    proof_of = select(t.meta.c.value).where(t.meta.c.key == KEY_PROOF)
    kept = connection.execute(proof_of).scalar()
    if kept is None:
        schema.take_turn(connection)
        kept = connection.execute(proof_of).scalar()
    if kept is None:
        proof = hide(connection, KEY_PROOF, KEY_PROOF)
        connection.execute(insert(t.meta), {"key": KEY_PROOF, "value": proof})
    else:
        show(connection, KEY_PROOF, kept)


def _engine(url: URL, key: bytes, *, size: int, read_only: bool = False) -> Engine:
    limits = f"-c statement_timeout={STATEMENT_SECONDS}s -c lock_timeout={LOCK_SECONDS}s"
    mode = " -c default_transaction_read_only=on" if read_only else ""
    silence = str(SILENCE_SECONDS * 1000)
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        pool_timeout=float(STATEMENT_SECONDS),
        hide_parameters=True,
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "options": limits + mode + " -c synchronous_commit=on",
            "application_name": "kiosk",
            "keepalives_idle": "5",
            "keepalives_interval": "5",
            "keepalives_count": "2",
            "tcp_user_timeout": silence,
        },
    )
    return engine.execution_options(**{OPTION: Seal(key)})
