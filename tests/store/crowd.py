"""Many stations join one clinic's database at the same moment: ``python -m tests.store.crowd 200``.

Outside ``make test``: so many connections are a load of their own. A station's engine is the real
one; the stations are threads of one process. They come to an empty database, and all again when it
is furnished, as after a server that was away.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from collections import Counter

import psycopg

from kiosk.store.database.key import new_key
from kiosk.store.database.server import join, read_url
from kiosk.store.errors import StoreError
from kiosk.store.store import Store
from tests.postgres import running

CONNECTIONS = 5
"""Of one station at most: one that writes and four that read."""


def main() -> int:
    """Return 0 if every station got in, both times."""
    parser = argparse.ArgumentParser(prog="python -m tests.store.crowd", description=__doc__)
    parser.add_argument("stations", type=int, nargs="?", default=200)
    number = parser.parse_args().stations
    key = new_key()
    with running(connections=CONNECTIONS * number + 10) as server:
        url = server.database()
        well = True
        for furnished in ("an empty", "a furnished"):
            started = time.monotonic()
            joined, refused = crowd(url, key, number)
            seconds = time.monotonic() - started
            held = connections(url)
            print(
                f"{number} stations and {furnished} database: {len(joined)} joined, "
                f"{sum(refused.values())} refused {dict(refused)}, {seconds:.1f} s, "
                f"{held} connections",
                flush=True,
            )
            for one in joined:
                one.close()
            well = well and len(joined) == number
    return 0 if well else 1


def crowd(url: str, key: bytes, number: int) -> tuple[list[Store], Counter[str]]:
    """So many stations at one moment, each as :mod:`kiosk.station.clinic` does it."""
    joined: list[Store] = []
    refused: Counter[str] = Counter()
    gate = threading.Barrier(number)

    def come(name: str) -> None:
        gate.wait()
        try:
            store = join(url, key, name)
            store.note("joined", name, "")
        except StoreError as error:
            refused[error.fault.value] += 1
        else:
            joined.append(store)

    stations = [threading.Thread(target=come, args=(f"s-{n}",)) for n in range(number)]
    for one in stations:
        one.start()
    for one in stations:
        one.join()
    return joined, refused


def connections(url: str) -> int:
    """How many the server has from stations."""
    address = read_url(url).set(drivername="postgresql").render_as_string()
    with psycopg.connect(address) as asking:
        row = asking.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'kiosk'"
        ).fetchone()
    return int(row[0]) if row is not None else 0


if __name__ == "__main__":
    sys.exit(main())
