"""The one writer: a thread with the only writing connection, lent out one turn at a time.

Each command is one IMMEDIATE transaction, and its future is done after COMMIT returned. After
any error of the disk the connection is dropped and opened anew before the next command; a
COMMIT whose outcome is unknown is never repeated blindly, the command's caller hears of it.
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

from kiosk.store.errors import StoreError, StoreFault, fault_of

T = TypeVar("T")
Command = Callable[[Connection], T]


class Writer:
    """Runs commands one after the other on its own thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._queue: SimpleQueue[tuple[Command[Any], Future[Any]] | None] = SimpleQueue()
        self._closed = False
        self._turn = threading.Lock()
        self._connection: Connection | None = None
        self._thread = threading.Thread(target=self._run, name="store", daemon=True)
        self._thread.start()

    def submit(self, command: Command[T]) -> Future[T]:
        """Queue a command; the future holds its result after the commit."""
        future: Future[T] = Future()
        if self._closed:
            future.set_exception(StoreError(StoreFault.CLOSED))
        else:
            self._queue.put((command, future))
        return future

    def run(self, command: Command[T]) -> T:
        """Run a command and wait for its commit; raises :class:`StoreError`.

        While nobody else writes it runs on the caller's thread, in the writer's turn: waking
        another thread and being woken by it costs as much as the commit.
        """
        if self._turn.acquire(blocking=False):
            try:
                if self._queue.empty() and not self._closed:
                    future: Future[T] = Future()
                    self._carry_out(command, future)
                    return future.result()
            finally:
                self._turn.release()
        return self.submit(command).result()

    def close(self) -> None:
        """Finish what is queued, then give the connection back."""
        if self._closed:
            return
        self._closed = True
        self._queue.put(None)
        self._thread.join(10.0)

    def _run(self) -> None:
        while (job := self._queue.get()) is not None:
            command, future = job
            if future.set_running_or_notify_cancel():
                with self._turn:
                    self._carry_out(command, future)
        with self._turn:
            self._drop_connection()

    def _drop_connection(self) -> None:
        if self._connection is not None:
            # The database may be gone; all that is wanted is to let go of it.
            with contextlib.suppress(SQLAlchemyError, OSError):
                self._connection.close()
            self._connection = None
        self._engine.dispose()

    def _carry_out(self, command: Command[T], future: Future[T]) -> None:
        try:
            if self._connection is None:
                self._connection = self._engine.connect()
            with self._connection.begin():
                result = command(self._connection)
        except StoreError as error:
            future.set_exception(error)
        except (DBAPIError, OSError) as error:
            # The connection's state is unknown after an error of the disk: open a new one.
            self._drop_connection()
            future.set_exception(StoreError(fault_of(error)))
        except SQLAlchemyError as error:
            future.set_exception(StoreError(fault_of(error)))
        except BaseException as error:  # noqa: BLE001 - the caller gets it; the writer must live on
            future.set_exception(error)
        else:
            future.set_result(result)
