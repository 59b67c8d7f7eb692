"""The one writer: a single connection, lent out one turn at a time.

Each command is one IMMEDIATE transaction, and its caller goes on after COMMIT returned. After
an error of the disk the connection is dropped, and the file is checked when the next command
opens it anew; a COMMIT whose outcome is unknown is never repeated, the caller hears of it.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from drivers.living import Part
from kiosk.store.database.engine import check_content
from kiosk.store.errors import StoreError, StoreFault, fault_of

T = TypeVar("T")
Command = Callable[[Connection], T]
SUSPICIOUS = frozenset({StoreFault.INPUT_OUTPUT, StoreFault.CORRUPT})
"""Faults after which the file is checked before anything more is written."""


class Writer:
    """Runs commands one after the other, on the caller's thread or on its own."""

    def __init__(
        self,
        engine: Engine,
        check: Callable[[Connection], None] = check_content,
        kind: str = "store",
        ended: Callable[[Connection | None], None] = lambda _: None,
    ) -> None:
        """``kind`` is what it is as a part of the station: ``store``, or ``clinic`` over a line.

        ``ended`` is told of each transaction in its turn: the connection after its commit, ``None``
        where it was rolled back or nobody knows.
        """
        self._ended = ended
        self._engine = engine
        self._check = check
        self._queue: SimpleQueue[tuple[Command[Any], Future[Any]] | None] = SimpleQueue()
        self._gate = threading.Lock()
        self._queued = 0
        self._turn = threading.Lock()
        self._closed = False
        self._suspicious = False
        self._connection: Connection | None = None
        self._thread = Part(kind, self._run)
        self._thread.start()

    def submit(self, command: Command[T]) -> Future[T]:
        """Queue a command; the future holds its result after the commit."""
        future: Future[T] = Future()
        with self._gate:
            if self._closed:
                future.set_exception(StoreError(StoreFault.CLOSED))
            else:
                self._queued += 1
                self._queue.put((command, future))
        return future

    def run(self, command: Command[T]) -> T:
        """Run a command and return after its commit; raises :class:`StoreError`.

        With nothing queued it runs on the caller's thread, in its turn: waking another thread
        and being woken by it costs as much as the commit.
        """
        if self._queued:
            return self.submit(command).result()
        with self._turn:
            return self._carry_out(command)

    def close(self) -> None:
        """Finish what is queued, then give the connection back."""
        with self._gate:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.end(10.0)

    def _run(self) -> None:
        self._thread.sign.rests()
        while (job := self._queue.get()) is not None:
            command, future = job
            if future.set_running_or_notify_cancel():
                self._answer(command, future)
            with self._gate:
                self._queued -= 1
        with self._turn:
            self._drop_connection()

    def _answer(self, command: Command[T], future: Future[T]) -> None:
        try:
            with self._turn:
                result = self._carry_out(command, last_orders=True)
        except BaseException as error:  # noqa: BLE001 - the caller gets it; the writer must live on
            future.set_exception(error)
        else:
            future.set_result(result)

    def _carry_out(self, command: Command[T], *, last_orders: bool = False) -> T:
        # What was queued before the store was closed is still carried out.
        if self._closed and not last_orders:
            raise StoreError(StoreFault.CLOSED)
        # Whoever has the turn gives the sign: while the disk does not answer, there is none.
        self._thread.sign.seen()
        committed = None
        try:
            connection = self._connection or self._connect()
            with connection.begin():
                result = command(connection)
            committed = connection
        except (SQLAlchemyError, OSError) as error:
            fault = fault_of(error)
            # A refused value says nothing about the connection; any other error may.
            if isinstance(error, DBAPIError | OSError):
                self._suspicious |= fault in SUSPICIOUS
                self._drop_connection()
        else:
            return result
        finally:
            self._ended(committed)
            self._thread.sign.rests()
        # Outside the handler: the database's error would carry the values along as its context.
        raise StoreError(fault)

    def _connect(self) -> Connection:
        connection = self._engine.connect()
        if self._suspicious:
            try:
                self._check(connection)
                connection.rollback()
            except BaseException:
                connection.close()
                raise
            self._suspicious = False
        self._connection = connection
        return connection

    def _drop_connection(self) -> None:
        if self._connection is not None:
            # The database may be gone; all that is wanted is to let go of it.
            with contextlib.suppress(SQLAlchemyError, OSError):
                self._connection.close()
            self._connection = None
        with contextlib.suppress(SQLAlchemyError, OSError):
            self._engine.dispose()
