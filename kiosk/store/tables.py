"""The tables. Whole grams and millimetres, microseconds since 1970 UTC, text as sent.

Portable to PostgreSQL: no SQLite-only type, big integers where a count may grow. The schema
of a new store is created from here; an older one is brought here by ``migrations``.

Tables found by a text key have no hidden row numbers (``sqlite_with_rowid``): each page a commit
touches is encrypted, sealed and written, and a second tree for the rows would be one more.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

SCHEMA_VERSION = "0009"
"""The revision in ``migrations`` that these tables are."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)


def _partial(name: str, where: str, *columns: str) -> Index:
    """An index of the rows of which ``where`` holds."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


Micros = BigInteger
RowNumber = BigInteger().with_variant(Integer, "sqlite")

meta = Table(
    "meta",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)

person = Table(
    "person",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("display", String(60), nullable=False),
    Column("role", String(40), nullable=False),
    Column("hpr_number", String(20), nullable=False),
    Column("pin_hash", Text, nullable=False),
    Column("look", String(30), nullable=False, server_default=""),
    Column("failed", Integer, nullable=False),
    Column("locked_at", Micros, nullable=False),
    Column("locked_until", Micros, nullable=False),
)

visit = Table(
    "visit",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("number", String(12).with_variant(Text, "postgresql"), nullable=False),
    Column("number_kind", String(10), nullable=False),
    Column("birth_date", String(10), nullable=False),
    Column("given_name", String(80).with_variant(Text, "postgresql"), nullable=False),
    Column("patient", String(80)),
    Column("protected", Integer, nullable=False, server_default="0"),
    Column("saved_at", Micros, nullable=False),
    Column("digest", String(64), nullable=False),
    Index(None, "saved_at"),
    sqlite_with_rowid=False,
)

measurement = Table(
    "measurement",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("visit_id", String(36), ForeignKey("visit.id"), nullable=False, index=True),
    Column("place", Integer, nullable=False),
    Column("quantity", String(10), nullable=False),
    Column("value", Integer, nullable=False),
    Column("text", String(20), nullable=False),
    Column("unit", String(10), nullable=False),
    Column("source", String(10), nullable=False),
    Column("measured_at", Micros, nullable=False),
    Column("entered_at", Micros, nullable=False),
    Column("offset_minutes", Integer, nullable=False),
    Column("performer_id", String(40), nullable=False),
    Column("performer_display", String(60), nullable=False),
    Column("performer_role", String(40), nullable=False),
    Column("performer_basis", String(40), nullable=False),
    Column("performer_hpr", String(20), nullable=False),
    Column("position", String(10)),
    Column("dress", String(10)),
    Column("stability", String(10), nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("device_link", String(40)),
    Column("device_name", String(80)),
    Column("device_driver", String(40)),
    Column("device_version", String(20)),
    Column("device_serial", String(40)),
    Column("odd_reason", String(20)),
    Column("rule", String(12), nullable=False, server_default="single"),
    sqlite_with_rowid=False,
)

reading = Table(
    "reading",
    metadata,
    Column("measurement_id", String(36), ForeignKey("measurement.id"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("part", String(20), nullable=False),
    Column("value", Integer, nullable=False),
    Column("text", String(20), nullable=False),
    Column("unit", String(10), nullable=False),
    Column("stability", String(10), nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("measured_at", Micros, nullable=False),
    sqlite_with_rowid=False,
)
"""What a value was made of where it took more than one reading; empty for a single one."""

change = Table(
    "change",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("visit_id", String(36), ForeignKey("visit.id"), nullable=False, index=True),
    Column("place", Integer, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("reason", String(14), nullable=False),
    Column("made_at", Micros, nullable=False),
    Column("offset_minutes", Integer, nullable=False),
    Column("performer_id", String(40), nullable=False),
    Column("performer_display", String(60), nullable=False),
    Column("performer_role", String(40), nullable=False),
    Column("performer_basis", String(40), nullable=False),
    Column("performer_hpr", String(20), nullable=False),
    sqlite_with_rowid=False,
)
"""What became of a visit after it was saved; the visit's own rows are never overwritten."""

new_value = Table(
    "new_value",
    metadata,
    Column("change_id", String(36), ForeignKey("change.id"), primary_key=True),
    Column("measurement_id", String(36), ForeignKey("measurement.id"), primary_key=True),
    Column("value", Integer, nullable=False),
    Column("text", String(20), nullable=False),
    Column("unit", String(10), nullable=False),
    Column("position", String(10)),
    Column("odd_reason", String(20)),
    sqlite_with_rowid=False,
)
"""What a measurement says after a correction."""

outbox = Table(
    "outbox",
    metadata,
    Column("sequence", RowNumber, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("visit_id", String(36), ForeignKey("visit.id"), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("adapter", String(20), nullable=False),
    Column("body", LargeBinary),
    Column("body_sha256", String(64), nullable=False),
    Column("state", String(12), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due", Micros, nullable=False),
    Column("created", Micros, nullable=False),
    Column("settled", Micros),
    Column("failure", String(20)),
    Column("detail", Text, nullable=False),
    Column("remote", Text, nullable=False),
    Column("leased_by", String(40)),
    Column("leased_until", Micros),
    Index(None, "adapter", "state", "due", "sequence"),
    _partial("ix_outbox_unfinished", "settled IS NULL", "adapter", "sequence"),
    _partial("ix_outbox_leased", "leased_by IS NOT NULL", "leased_by"),
    Index(None, "visit_id"),
)
"""Sequence numbers of purged messages may be given again; the order of what is there holds.

However long the queue, nothing that runs at a start, at a touch or in a loop goes through it: what
is due next, and what has ended first, is found by interface and state; the oldest that waits among
those that are not ``settled``. A state that is not the end of a message leaves the second index as
it is: each page a commit touches is encrypted and written.

``due`` is when the next thing happens to a message; of one that has ended, when it ended.

``leased_by`` and ``leased_until`` (the server's clock) are used where several stations claim from
one database; in a station's own file they stay NULL.
"""

print_job = Table(
    "print_job",
    metadata,
    Column("job_id", String(60), primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("state", String(12), nullable=False),
    Column("document_sha256", String(64), nullable=False),
    Column("process_id", String(8), nullable=False),
    Column("bytes_sent", Integer, nullable=False),
    Column("cause", String(40), nullable=False),
    Column("changed", Micros, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("sequence", RowNumber, primary_key=True, autoincrement=False),
    Column("at", Micros, nullable=False),
    Column("kind", String(30), nullable=False),
    Column("actor", String(40), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("mac", String(64), nullable=False),
)

ticket = Table(
    "ticket",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("last", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""The last queue number given out on a day."""

hearing_test = Table(
    "hearing_test",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("visit_id", String(36), ForeignKey("visit.id"), nullable=False, index=True),
    Column("place", Integer, nullable=False),
    Column("tested_at", Micros, nullable=False),
    Column("passed", Integer),
    Column("file_sha256", String(64), nullable=False),
    Column("data", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""Hearing tests as they were saved. ``data`` is the whole test, written by ``core.hearing.stored``;
the other columns are what is looked for. ``passed`` is NULL where no outcome was stated."""

follow_up = Table(
    "follow_up",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("visit_id", String(36), index=True),
    Column("number", String(12).with_variant(Text, "postgresql"), nullable=False),
    Column("given_name", String(80).with_variant(Text, "postgresql"), nullable=False),
    Column("birth_date", String(10), nullable=False),
    Column("tested_at", Micros, nullable=False),
    Column("reason", String(20), nullable=False),
    Column("due", String(10), nullable=False, index=True),
    Column("data", Text, nullable=False),
    Column("settled", Micros),
    Column("settled_by_visit", String(36)),
    sqlite_with_rowid=False,
)
"""Children whose hearing is to be followed up. ``id`` is the hearing test's or the session's;
``visit_id`` is NULL where there is no such visit, or no longer. ``data`` is the outcome. An entry
holds what is needed to find the child without the visit, and goes only after it was settled: by a
person, or by a later test of the visit ``settled_by_visit``."""

new_hearing = Table(
    "new_hearing",
    metadata,
    Column("change_id", String(36), ForeignKey("change.id"), primary_key=True),
    Column("hearing_id", String(36), ForeignKey("hearing_test.id"), primary_key=True),
    Column("data", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""What a hearing test says after a correction."""

hearing_session = Table(
    "hearing_session",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("changed", Micros, nullable=False),
    Column("data", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""Hearing tests under way, kept at every touch: offered again after a power cut."""

hearing_check = Table(
    "hearing_check",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("at", Micros, nullable=False, index=True),
    Column("data", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""Listening and room checks of the audiometer."""

held_record = Table(
    "held_record",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("at", Micros, nullable=False),
    Column("link", String(40), nullable=False),
    Column("data", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""What an audiometer sent, kept until a person says whose it is."""
