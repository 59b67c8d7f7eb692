"""Which senders a station runs: its own, or those of a clinic with a database for all stations."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from msgspec.structs import replace

from kiosk.config.schema import Config
from kiosk.journal.sender import Pace, Sender
from kiosk.journal.sender_news import News
from kiosk.model.elsewhere import together
from kiosk.model.interfaces import BY_FILES, CLINIC
from kiosk.model.outbox import DeliveryChanged, OutboxCounts
from kiosk.station.clinic.clinic import Clinic
from kiosk.station.clinic.clinic_echo import ClinicEcho
from kiosk.station.clinic.clinic_interface import ClinicInterface
from kiosk.station.interfaces import Composer, by_files, by_network, ways_of
from kiosk.station.status_board import StatusBoard
from kiosk.store.store import Store

USUAL = Pace()
Senders = tuple[Sender, ...]


def own_senders(config: Config, store: Store, board: StatusBoard) -> Senders:
    """One sender a way in, out of the station's own outbox."""
    return tuple(
        Sender(store, way.connect, board.of(way.keys[0]), adapters=way.keys)
        for way in ways_of(config)
    )


def clinic_senders(
    config: Config,
    store: Store,
    clinic: Clinic,
    board: StatusBoard,
    post: Callable[[News], None],
    *,
    pace: Pace = USUAL,
) -> tuple[ClinicEcho, Senders]:
    """One that hands over, and one a way in out of the clinic's database.

    Files are written by the station that measured, out of its own outbox. What was saved before the
    station had such a database is still sent and corrected from where it is, under the name the
    journal knows it by.
    """
    echo = ClinicEcho(store, clinic, post)

    def counts() -> OutboxCounts:
        return together(store.counts(), clinic.elsewhere)

    ways = by_network(ways_of(config))
    shared = tuple(
        Sender(
            store,
            way.connect,
            partial(_tell, board.of(way.keys[0]), echo),
            adapters=way.keys,
            elsewhere=clinic.store,
            counts=counts,
            pace=pace,
        )
        for way in ways
    )

    def handed() -> None:
        for sender in shared:
            sender.wake()
        echo.wake()

    compose = Composer(ways).compose
    handover = Sender(
        store,
        lambda: ClinicInterface(clinic, compose, config.station.id, handed),
        board.of(CLINIC),
        adapters=(CLINIC,),
        counts=counts,
        pace=pace,
    )
    known = store.counts_by_interface()
    alone = replace(config, database=replace(config.database, url=""))
    own = tuple(
        Sender(
            store,
            way.connect,
            board.of(way.keys[0]),
            adapters=way.keys,
            counts=counts,
            pace=pace,
        )
        for way in (*by_files(ways_of(config)), *by_network(ways_of(alone)))
        if way.keys[0] in BY_FILES or any(key in known for key in way.keys)
    )
    return echo, (handover, *shared, *own)


def _tell(publish: Callable[[News], None], echo: ClinicEcho, news: News) -> None:
    if isinstance(news, DeliveryChanged):
        # It is of a message in the clinic's database, maybe of another station's: the echo tells
        # of this station's own.
        echo.wake()
    else:
        publish(news)
