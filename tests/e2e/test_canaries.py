"""Plants a name, a number and a value, breaks everything there is, and searches every trace."""

import logging

import pytest

from kiosk.desk.state import Screen
from tests.desk.every import messages as m
from tests.desk.flat_desk import flat

CANARIES = ("Kanarivogel", "8.474", "8,474", "8474")


@pytest.mark.fhir
def test_no_log_line_of_any_library_and_no_file_holds_a_person(clinic, caplog, tmp_path):
    caplog.set_level(logging.DEBUG)
    child = clinic.children[3]
    clinic.open_child(child)
    clinic.weigh(8474)
    clinic.journal.stop()
    clinic.printer.unplug()
    clinic.save()
    assert clinic.desk.screen is Screen.DONE
    clinic.touch(m.PrintSlip(), m.OpenStatus())
    clinic.until(lambda d: flat(d).messages)
    clinic.scale.unplug()
    clinic.station.bus.wait(1.0)
    clinic.journal.start()
    clinic.touch(m.TryNow())
    clinic.until(lambda d: d.station.strip.counts.waiting == 0)
    secrets = (*CANARIES, child.number, child.given_name, child.birth_date.strftime("%d%m%Y"))
    lines = [record.getMessage() for record in caplog.records]
    lines += [str(record.exc_info) for record in caplog.records if record.exc_info]
    logging.getLogger("probe").debug("capturing works")
    assert "capturing works" in caplog.text
    for secret in secrets:
        assert not [line for line in lines if secret in line]
    data = {p.name: p.read_bytes() for p in (tmp_path / "data").iterdir() if p.is_file()}
    for secret in secrets:
        assert not [name for name, content in data.items() if secret.encode() in content]
    assert "Sara" not in repr(flat(clinic.desk).messages)
