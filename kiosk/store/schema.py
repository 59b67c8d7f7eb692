"""Bringing a store to today's schema, or refusing one from a newer station.

A new store is created from the tables and stamped; an older one is migrated by Alembic, all or
nothing. Alembic is imported only then: it would cost each start half a second.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, insert, select, text

from kiosk.store import audit
from kiosk.store import tables as t
from kiosk.store.errors import StoreError, StoreFault

MODE = "mode"
KNOWN_VERSIONS = tuple(f"{number:04d}" for number in range(1, int(t.SCHEMA_VERSION) + 1))
"""Every revision this station can read or migrate, oldest first."""

_PREPARING = 0x6B696F736B
"""The number of the advisory lock under which a database is prepared ("kiosk")."""
TURN_SECONDS = 120
"""How long a station waits for those that came before it, and may take itself."""

_CREATE_STAMP = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"


def prepare(connection: Connection, *, demo: bool, make: bool = True, new: bool = True) -> None:
    """Create, migrate or accept the store; raises :class:`StoreError`.

    With ``make`` off it is accepted as it is or refused (ABSENT, OLDER_SCHEMA); with ``new`` off it
    is not created.
    """
    version = current_version(connection)
    if version != t.SCHEMA_VERSION and connection.dialect.name == "postgresql":
        take_turn(connection)
        version = current_version(connection)
    if not make and version != t.SCHEMA_VERSION and version in (None, *KNOWN_VERSIONS):
        raise StoreError(StoreFault.ABSENT if version is None else StoreFault.OLDER_SCHEMA)
    if version is None and not new:
        raise StoreError(StoreFault.ABSENT)
    if version is None:
        _create(connection, demo=demo)
    elif version not in KNOWN_VERSIONS:
        raise StoreError(StoreFault.NEWER_SCHEMA)
    elif version != t.SCHEMA_VERSION:
        migrate(connection)
    _check_mode(connection, demo=demo)


def take_turn(connection: Connection) -> None:
    """Wait on a server until no other station prepares the database, until this transaction ends.

    However many are started at the same moment, it is made once. Where nothing is to be made
    nobody waits for anybody.
    """
    for limit in ("lock_timeout", "statement_timeout"):
        connection.execute(text(f"SET LOCAL {limit} = '{TURN_SECONDS}s'"))
    connection.execute(text(f"SELECT pg_advisory_xact_lock({_PREPARING})"))


def current_version(connection: Connection) -> str | None:
    """The stored revision, ``None`` for an empty file."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    stored = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return str(stored) if stored is not None else None


def migrate(connection: Connection) -> None:
    """Run Alembic up to today's revision inside the caller's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    command.upgrade(config, t.SCHEMA_VERSION)


def _create(connection: Connection, *, demo: bool) -> None:
    t.metadata.create_all(connection)
    connection.execute(text(_CREATE_STAMP))
    connection.execute(
        text("INSERT INTO alembic_version VALUES (:version)"), {"version": t.SCHEMA_VERSION}
    )
    audit.begin(connection)
    connection.execute(insert(t.meta), {"key": MODE, "value": "demo" if demo else "real"})


def _check_mode(connection: Connection, *, demo: bool) -> None:
    mode = connection.execute(select(t.meta.c.value).where(t.meta.c.key == MODE)).scalar_one()
    if (mode == "demo") != demo:
        raise StoreError(StoreFault.MODE_MIX)
