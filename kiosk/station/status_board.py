"""How the ways into the journal stand together: as the one that is worst off."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from kiosk.journal.sender_news import News
from kiosk.model.delivery import worst_line
from kiosk.model.outbox import JournalState, OutboxStatus


class StatusBoard:
    """Takes the news of every sender and posts one status for the desk. For any thread."""

    def __init__(self, post: Callable[[News], None]) -> None:
        self._post = post
        self._lock = Lock()
        self._stand: dict[str, OutboxStatus] = {}

    def lines(self) -> dict[str, str]:
        """How the line of each interface stands. For any thread."""
        with self._lock:
            return {name: one.journal.value for name, one in self._stand.items()}

    def troubles(self) -> dict[str, str]:
        """What is wrong with each interface that something is wrong with. For any thread."""
        with self._lock:
            stand = self._stand.items()
            return {name: one.failure.value for name, one in stand if one.failure is not None}

    def of(self, interface: str) -> Callable[[News], None]:
        """Where the sender of an interface publishes."""

        def publish(news: News) -> None:
            if not isinstance(news, OutboxStatus):
                self._post(news)
                return
            with self._lock:
                self._stand[interface] = news
                name = worst_line({way: one.journal for way, one in self._stand.items()})
                worst = self._stand[name]
                several = len(self._stand) > 1 and worst.journal is not JournalState.REACHABLE
            # Every sender counts the whole outbox; the newest count is the true one.
            told = name if several else ""
            self._post(OutboxStatus(worst.journal, news.counts, worst.failure, told))

        return publish
