from datetime import timedelta

import pytest

from kiosk.config.load import ConfigError
from kiosk.config.schema import Config, Database, Journal, Printer, Scale
from kiosk.config.schema import Station as StationTable
from kiosk.model.slip import Paper
from kiosk.station.station import Station
from kiosk.store.database.key import new_key
from kiosk.store.store import Store
from kiosk.system.clock import now_utc


def config(tmp_path, **tables):
    table = StationTable(clinic="Solbakken", data_dir=str(tmp_path))
    return Config(station=table, **tables)


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ({"scale": Scale(driver="radwagg", port="/dev/x")}, "Mente du «radwag»?"),
        ({"printer": Printer(address="lpt1")}, "«printer.address»"),
        ({"journal": Journal(url="http://journal.example.no/fhir")}, "«journal.url»"),
    ],
)
def test_an_address_or_driver_that_is_none_stops_the_start_with_a_sentence(tmp_path, tables, words):
    store = Store.open(tmp_path, new_key())
    try:
        with pytest.raises(ConfigError) as caught:
            Station(config(tmp_path, **tables), store, training=False)
    finally:
        store.close()
    assert words in caught.value.problems[0]


def test_a_station_with_nothing_plugged_in_is_usable(tmp_path):
    store = Store.open(tmp_path, new_key())
    station = Station(config(tmp_path), store, training=False)
    station.start()
    assert station.runtime.desk.station.strip.printer is Paper.NOT_CONFIGURED
    assert [row.kind for row in store.audit_rows()] == ["started"]
    station.stop()


def test_a_start_forgets_what_the_journal_has_had_for_longer_than_the_configured_days(
    tmp_path, monkeypatch
):
    asked = []
    store = Store.open(tmp_path, new_key())
    monkeypatch.setattr(store, "purge", lambda *given: asked.append(given))
    station = Station(
        config(tmp_path, database=Database(keep_days=9, keep_delivered_days=90)),
        store,
        training=False,
    )
    station.start()
    station.stop()
    ((now, *days),) = asked
    assert days == [9, 90]
    assert now_utc() - now < timedelta(minutes=1)
