"""Core statements compiled once, for the few that run with each save.

SQLAlchemy looks a statement up in its cache and builds its parameters anew at each execution,
which costs as much as the statement itself. Here a statement keeps its text for each dialect.
Only for plain columns (text, whole numbers, bytes), whose values need no conversion.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable
from sqlalchemy.sql import ClauseElement


class Prepared:
    """One statement, ready to run."""

    def __init__(self, statement: Executable, columns: Sequence[str] | None = None) -> None:
        """``columns`` are those an INSERT gives values for; all of the table if ``None``."""
        assert isinstance(statement, ClauseElement)
        self._statement = statement
        self._columns = list(columns) if columns is not None else None
        self._compiled: dict[str, tuple[str, Sequence[str] | None, dict[str, Any]]] = {}

    def run(self, connection: Connection, *rows: Mapping[str, Any]) -> CursorResult[Any]:
        """Execute with one row of parameters, or with many at once."""
        name = connection.dialect.name
        if name not in self._compiled:
            self._compile(connection)
        text, names, fixed = self._compiled[name]
        if names is None:
            named = [{**fixed, **row} for row in rows]
            return connection.exec_driver_sql(text, named if len(named) > 1 else named[0])
        if fixed:
            rows = tuple({**fixed, **row} for row in rows)
        given = [tuple([row[key] for key in names]) for row in rows]
        return connection.exec_driver_sql(text, given if len(given) > 1 else given[0])

    def _compile(self, connection: Connection) -> None:
        done = self._statement.compile(dialect=connection.dialect, column_keys=self._columns)
        fixed = {key: value for key, value in done.params.items() if value is not None}
        names = getattr(done, "positiontup", None)
        self._compiled[connection.dialect.name] = (str(done), names, fixed)
