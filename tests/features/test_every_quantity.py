"""Every measured quantity, from the keys that type it to the journal, the slip and the lists."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from uuid6 import uuid7

from kiosk.desk.state import Desk
from kiosk.features.find import AskJournal
from kiosk.features.save import SaveVisit
from kiosk.journal.contract import PatientRef, Site
from kiosk.journal.fhir.earlier import read_earlier
from kiosk.journal.fhir.mapping import visit_bundle
from kiosk.journal.files.csv_message import csv_file
from kiosk.journal.files.gdt_message import GdtAddresses, gdt_record
from kiosk.journal.hl7.hl7_message import Addresses, oru
from kiosk.language.known import Texts
from kiosk.language.texts import LANGUAGES, SLIP_DOMAIN, SOURCE_LANGUAGE, speaking, tr
from kiosk.model.quantities import LOINC, MEASURED
from kiosk.model.visit import Position, Quantity
from kiosk.receipts.content import label, lines_of
from kiosk.receipts.languages import SLIP_LANGUAGES
from kiosk.store.database.key import new_key
from kiosk.store.store import Store
from kiosk.ui import theme
from kiosk.weighing.plausibility import Verdict, judge, limits_at, shipped_table
from kiosk.weighing.schedule import shipped_schedule
from kiosk.weighing.second_reading import reckon
from tests.desk.desk_bench import NOON, Bench
from tests.desk.every import messages as m
from tests.desk.flat_desk import made
from tests.ui.driver import Driver
from tests.ui.hearing_states import AUDIOMETER, SAVED_HEARING
from tests.ui.lint import faults
from tests.ui.states import WELL

SITE = Site("urn:x-helsestasjon-kiosk:999999999:station-1", "999999999", "Solbakken helsestasjon")
BORN = date(2026, 8, 24)
AGE = (NOON.date() - BORN).days
GDT = GdtAddresses("KIOSK", "EPJ", long_numbers=True)
LINES = 4
"""Lines that stand on a page of the smallest panel, each with its buttons."""
PANELS = (theme.DESIGN, theme.Panel(1024, 600, 10.1))


def usual(quantity: Quantity) -> str:
    """A usual number of the child's age, as it is typed."""
    limits = limits_at(shipped_table().points[quantity], AGE)
    return MEASURED[quantity].written((limits.low + limits.high) // 2).replace(".", ",")


def measuring() -> Bench:
    bench = Bench().sign_in().form(born=f"{BORN:%d%m%Y}").send(m.FindChild())
    request = bench.last(AskJournal).request
    return bench.send(m.LookUpAnswered(request, "found", "Patient/7", "Nora"), m.ConfirmChild())


def typing(bench: Bench, quantity: Quantity) -> Bench:
    bench.send(m.OpenEntry(quantity))
    if MEASURED[quantity].taken:
        bench.send(m.SetPosition(Position.STANDING))
    return bench


def saved(*quantities: Quantity) -> Bench:
    """A desk at which these were typed twice and saved."""
    bench = measuring()
    for one in quantities:
        typing(bench, one).typed(usual(one)).typed(usual(one))
    bench.send(m.OpenReview(), m.Save())
    return bench.send(m.VisitSaved(bench.desk.visit.id))


@pytest.fixture(params=Quantity, ids=str)
def quantity(request) -> Quantity:
    return request.param


@pytest.fixture
def bench(quantity) -> Bench:
    return saved(quantity)


@pytest.fixture
def visit(bench):
    return bench.last(SaveVisit).visit


def test_the_table_and_the_limits_hold_every_quantity_in_its_order():
    assert list(MEASURED) == list(Quantity)
    assert set(shipped_table().points) == set(Quantity)
    assert {one for control in shipped_schedule() for one in control.measure} <= set(Quantity)


def test_its_row_of_the_table_is_whole(quantity):
    table = MEASURED[quantity]
    assert table.codes[0].system == LOINC
    assert table.units[table.unit] == table.decimals
    assert table.difference_in in table.units
    assert set(table.exact) <= set(table.taken) or table.dressed
    assert reckon(quantity, [3, 4]) in {3, 4}
    fields = [one.gdt for one in MEASURED.values() if one.gdt]
    firsts = [one.codes[0] for one in MEASURED.values()]
    assert len(set(fields)) == len(fields)
    assert len(set(firsts)) == len(firsts)


def test_it_is_typed_twice_and_saved_with_its_own_digits(quantity, visit):
    (one,) = visit.measurements
    table = MEASURED[quantity]
    assert (one.quantity, one.text, one.unit) == (
        quantity,
        usual(quantity).replace(",", "."),
        table.unit,
    )
    assert table.written(one.value) == one.text
    assert (one.position is not None) == bool(table.taken)
    assert (one.dress is not None) == table.dressed


def test_ten_times_too_much_is_asked_about(quantity, visit):
    (one,) = visit.measurements
    assert judge(quantity, one.value, AGE) is Verdict.USUAL
    assert judge(quantity, one.value * 10, AGE) is not Verdict.USUAL


def test_it_is_a_row_of_the_store_and_stands_in_the_list(quantity, visit, tmp_path):
    store = Store.open(tmp_path / "data", new_key())
    try:
        store.save_visit(visit, (), visit.measurements[0].performer)
        assert store.visit(visit.id) == visit
        (listed,) = store.visits_since(datetime.now(UTC) - timedelta(days=1))
        assert [of for of, _ in listed.measured] == [quantity]
    finally:
        store.close()


def test_it_goes_to_the_journal_by_every_way_under_its_own_code(quantity, visit):
    table, (one,) = MEASURED[quantity], visit.measurements
    code, sent = table.codes[0].code, Decimal(one.text)
    bundle = visit_bundle(visit, PatientRef("Patient/7"), SITE)
    resource = json.loads(bundle, parse_float=Decimal)["entry"][-1]["resource"]
    assert resource["code"]["coding"][0] == {
        "system": LOINC,
        "code": code,
        "display": table.codes[0].display,
    }
    assert resource["valueQuantity"]["value"] == sent
    assert resource["valueQuantity"]["code"] == table.unit
    back = read_earlier(resource)
    assert back is not None
    assert (back.quantity, back.value, back.position) == (quantity, one.value, one.position)
    hl7 = oru(visit, uuid7(), Addresses("KIOSK", "A", "EPJ", "B"), SITE).decode("utf-8")
    assert f"|NM|{code}^" in hl7
    assert f"|{sent}|{table.unit}^" in hl7
    gdt = gdt_record(visit, uuid7(), GDT, SITE).decode("iso-8859-1")
    assert f"8410{code}\r\n" in gdt
    assert f"8420{sent}\r\n" in gdt
    assert not table.gdt or f"{table.gdt}{sent}\r\n" in gdt
    text = csv_file(visit, uuid7(), SITE, "final").decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["code"], row["unit"]) == (code, table.unit)
    assert row["value"].replace(",", ".") == str(sent)


def test_it_stands_on_the_slip_under_its_own_name(quantity, bench):
    (line,) = lines_of(bench.desk.saved.drafts)
    table = MEASURED[quantity]
    assert label(line) == table.named(line.position).slip
    assert line.value == f"{usual(quantity)}\u00a0{table.unit}"
    others = [lines_of(saved(one).desk.saved.drafts)[0] for one in Quantity if one is not quantity]
    assert label(line) not in {label(one) for one in others}


def test_its_words_are_said_in_every_language(quantity):
    table = MEASURED[quantity]
    every = (table.names, *table.taken.values())
    own = {table.typing, table.correcting, table.example, *(n.page for n in every)}
    for code in (one for one in LANGUAGES if one != SOURCE_LANGUAGE):
        with speaking(code):
            known = [text for text in own if tr(text) != text]
        # A word may be the same in a neighbour's language, a sentence is not.
        assert len(known) >= 2, code
    for code, language in SLIP_LANGUAGES.items():
        if language.slip is Texts.READ and code not in {"nb", "nn"}:
            with speaking(code, domain=SLIP_DOMAIN):
                assert tr(table.names.slip) != table.names.slip, code


@pytest.fixture(scope="module")
def pages() -> dict[str, Desk]:
    """The desk at each page, with every quantity on it."""
    bench = measuring()
    found = {}
    for one in Quantity:
        found[f"entry-{one}"] = typing(bench, one).desk
        bench.typed(usual(one)).typed(usual(one))
    found["measure"] = bench.desk
    if len(Quantity) < LINES:
        tested = replace(bench.desk.visit, hearing=SAVED_HEARING.hearing)
        bench.desk = made(bench.desk, visit=tested, audiometer=AUDIOMETER)
        found["measure-hearing"] = bench.desk
    found["review"] = bench.send(m.OpenReview()).desk
    bench.send(m.Save()).send(m.VisitSaved(bench.desk.visit.id))
    found["done"] = bench.desk
    found["change"] = bench.send(m.OpenChange()).desk
    return found


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: str(panel.width))
def test_every_page_has_room_for_it_and_says_its_name(pages, panel):
    driver, wrong = Driver(next(iter(pages.values())), panel), {}
    for name, desk in pages.items():
        driver.show(made(desk, strip=WELL))
        if found := faults(driver):
            wrong[name] = found
    assert wrong == {}
    for one in Quantity:
        driver.show(pages[f"entry-{one}"])
        assert tr(MEASURED[one].typing) in driver.texts()
        position = Position.STANDING if MEASURED[one].taken else None
        names = MEASURED[one].named(position)
        for page, text in (("measure", names.page), ("review", names.page), ("done", names.short)):
            driver.show(pages[page])
            assert tr(text) in driver.texts(), page
