"""Queue tickets: a number anybody can read, and nothing of anybody."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, time

import pytest
from PIL import Image

from drivers.printers.document import WIDTH
from kiosk.receipts.languages import offered
from kiosk.receipts.raster import MARGIN
from kiosk.receipts.ticket import Ticket, draw_ticket, ticket_picture
from kiosk.store.visits.tickets import LARGEST

CLINIC = "Solbakken helsestasjon"
TICKET = Ticket(14, time(9, 41), CLINIC)


def ink(picture: Image.Image) -> int:
    return sum(picture.convert("L").histogram()[1:])


def test_a_ticket_has_no_place_for_a_person():
    assert {field.name for field in fields(Ticket)} == {"number", "printed", "clinic", "training"}


@pytest.mark.parametrize("number", [1, 42, 999])
def test_the_number_fits_the_paper_and_is_large(number):
    picture = ticket_picture(Ticket(number, time(9, 41)), ("nb",))
    assert picture.width == WIDTH
    box = picture.crop((0, 0, WIDTH, 290)).getbbox()
    assert box is not None
    assert box[0] >= MARGIN
    assert box[2] <= WIDTH - MARGIN
    assert box[3] - box[1] > 140, "readable from the other end of a waiting room"


@pytest.mark.parametrize("number", [0, 1000, -3])
def test_a_number_that_cannot_be_called_is_refused(number):
    with pytest.raises(ValueError, match="number"):
        Ticket(number, time(9, 41))


def test_each_language_says_please_wait_and_the_same_words_stand_once():
    one = ticket_picture(TICKET, ("nb",))
    same = ticket_picture(TICKET, ("nb", "nn"))
    many = ticket_picture(TICKET, offered({}))
    assert (one.size, one.tobytes()) == (same.size, same.tobytes())
    assert many.height > one.height
    assert ink(many) > ink(one)


def test_training_is_marked_and_a_protected_clinic_is_left_out():
    plain, trained = (
        draw_ticket(TICKET, ("nb",)),
        draw_ticket(Ticket(14, time(9, 41), CLINIC, training=True), ("nb",)),
    )
    assert trained.height > plain.height
    assert draw_ticket(Ticket(14, time(9, 41)), ("nb",)).height < plain.height


def test_numbers_follow_each_other_begin_anew_each_day_and_survive_a_restart(tmp_path):
    from kiosk.store.database.key import new_key
    from kiosk.store.store import Store

    key, monday, tuesday = new_key(), date(2026, 11, 23), date(2026, 11, 24)
    store = Store.open(tmp_path, key)
    assert [store.next_ticket(monday) for _ in range(3)] == [1, 2, 3]
    store.close()
    store = Store.open(tmp_path, key)
    assert store.next_ticket(monday) == 4
    assert [store.next_ticket(tuesday) for _ in range(2)] == [1, 2]
    for _ in range(LARGEST - 2):
        last = store.next_ticket(tuesday)
    assert (last, store.next_ticket(tuesday)) == (LARGEST, 1)
    store.close()
