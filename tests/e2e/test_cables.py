"""Pull the scale, the printer and the journal at any moment: recovery by itself within 5 s."""

import pytest
import requests

from drivers.events import LinkState
from kiosk.desk.child_form import LookUp
from kiosk.desk.state import Screen
from kiosk.model.outbox import JournalState
from kiosk.model.slip import Paper, SlipState
from kiosk.model.visit import Delivery
from kiosk.weighing.gate import Hold
from tests.desk.every import messages as m
from tests.patience import within

RECOVERY = 5.0


def in_journal(clinic):
    page = requests.get(f"{clinic.journal.base_url}/Observation", timeout=10).json()
    return [e["resource"] for e in page.get("entry", [])]


@pytest.mark.fhir
def test_the_main_job_leaves_the_same_value_everywhere(clinic):
    clinic.open_child(clinic.children[3])
    clinic.weigh(8420)
    clinic.save()
    assert clinic.desk.screen is Screen.DONE
    clinic.touch(m.PrintSlip())
    clinic.until(lambda d: d.saved.delivery is Delivery.DONE)
    clinic.until(lambda d: d.saved.slip is SlipState.PRINTED)
    (observation,) = in_journal(clinic)
    (stored,) = clinic.station.store.visit(clinic.desk.saved.id).measurements
    assert observation["valueQuantity"]["value"] == 8.42
    assert (stored.value, stored.text, stored.unit) == (8420, "8.420", "kg")
    assert observation["identifier"][0]["value"] == str(stored.id)
    assert len(clinic.printer.wait_slips(1)) == 1
    assert clinic.printer.unknown == []


@pytest.mark.fhir
def test_the_scale_is_pulled_while_it_shows_a_weight(clinic):
    clinic.open_child(clinic.children[3])
    clinic.scale.put(8420, wriggle=0)
    clinic.until(lambda d: d.station.weighing.shown is not None)
    clinic.scale.unplug()
    clinic.until(lambda d: d.station.strip.scale in {LinkState.LOST, LinkState.ABSENT})
    assert clinic.desk.station.weighing.shown is None
    assert clinic.desk.station.weighing.offer is None
    clinic.scale.replug()
    assert clinic.until(lambda d: d.station.weighing.shown is not None) < within(RECOVERY)
    # The load was on all the time: nothing is offered until the platform was empty.
    clinic.until(lambda d: d.station.weighing.hold is Hold.NOT_NEW)
    clinic.weigh(8430)
    assert [d.text for d in clinic.desk.visit.drafts] == ["8.430"]


@pytest.mark.fhir
def test_the_journal_is_away_from_the_look_up_to_the_end(clinic):
    clinic.journal.stop()
    clinic.open_child(clinic.children[4])
    assert clinic.desk.visit.look_up is LookUp.OFFLINE
    clinic.weigh(10_420)
    clinic.save()
    assert clinic.desk.screen is Screen.DONE
    clinic.until(lambda d: d.station.strip.journal is JournalState.UNREACHABLE)
    assert clinic.desk.saved.delivery is not Delivery.DONE
    clinic.journal.start()
    took = clinic.until(lambda d: d.saved.delivery is Delivery.DONE)
    assert took < within(RECOVERY)
    (observation,) = in_journal(clinic)
    assert observation["subject"]["reference"].startswith("Patient/")


@pytest.mark.fhir
def test_the_printer_is_pulled_and_comes_back(clinic):
    clinic.until(lambda d: d.station.strip.printer is Paper.READY)
    clinic.printer.unplug()
    clinic.until(lambda d: d.station.strip.printer is Paper.ABSENT)
    clinic.open_child(clinic.children[3])
    clinic.weigh(8420)
    clinic.save()
    clinic.touch(m.PrintSlip())
    clinic.printer.replug()
    took = clinic.until(lambda d: d.saved.slip is SlipState.PRINTED)
    assert took < within(RECOVERY + 3)
    assert len(clinic.printer.wait_slips(1)) == 1


@pytest.mark.fhir
@pytest.mark.parametrize(
    ("trouble", "mend", "shown"),
    [
        ("paper_out", "paper_in", Paper.PAPER_OUT),
        ("open_cover", "close_cover", Paper.COVER_OPEN),
    ],
)
def test_paper_and_cover_are_named_and_mended(clinic, trouble, mend, shown):
    clinic.until(lambda d: d.station.strip.printer is Paper.READY)
    getattr(clinic.printer, trouble)()
    clinic.until(lambda d: d.station.strip.printer is shown)
    getattr(clinic.printer, mend)()
    assert clinic.until(lambda d: d.station.strip.printer is Paper.READY) < within(RECOVERY)


@pytest.mark.fhir
def test_twenty_pulls_of_the_scale_in_a_row(clinic):
    clinic.open_child(clinic.children[3])
    for round_ in range(20):
        clinic.scale.put(5000 + round_ * 10, wriggle=0.1)
        clinic.scale.unplug()
        clinic.until(lambda d: d.station.weighing.shown is None)
        clinic.scale.replug()
        clinic.until(lambda d: d.station.weighing.shown is not None)
    clinic.weigh(8440)
    assert clinic.desk.visit.drafts[0].text == "8.440"
