"""The guided first day: each step says what to do next, and only in training."""

from __future__ import annotations

import pytest

from kiosk.desk.child_form import ChildForm, Field
from kiosk.model.visit import ChangeKind
from kiosk.ui.parts.coach import next_step
from tests.desk.flat_desk import made
from tests.desk.flat_desk import replaced as replace
from tests.ui import states as s

TYPED = ChildForm(number=s.NUMBER, active=Field.BIRTH_DATE)


@pytest.mark.parametrize(
    ("desk", "said"),
    [
        (s.LOCKED, "Trykk på navnet Anne"),
        (s.PIN, "Tast PIN-koden 1234"),
        (s.SIGNED_IN, f"Tast nummeret {s.NUMBER}"),
        (replace(s.SIGNED_IN, form=TYPED), "Tast fødselsdatoen 14082026"),
        (
            replace(s.SIGNED_IN, form=replace(TYPED, birth_date="14082026")),
            "Trykk «Finn barnet»",
        ),
        (s.IDENTITY, "Les navnet, og trykk «Ja, riktig barn»"),
        (s.STATES["measure-moving"], "Vent til det står «Klar»"),
        (s.STATES["measure-offer"], "Trykk «Bruk vekten»"),
        (s.FILLED, "Trykk «Se over og lagre»"),
        (s.REVIEW, "Les navn og tall, og trykk «Lagre for …»"),
        (s.DONE, "Se på de tre merkene, og trykk «Skriv ut måleark»"),
        (s.done(copies=1), "Trykk «Noe er feil», og rett et tall"),
        (s.done(copies=1, change=ChangeKind.CORRECTED), "Det var alt. Trykk «Neste barn»"),
    ],
)
def test_the_next_step_is_said(desk, said):
    assert next_step(made(desk, practice=s.PRACTICE)) == said


def test_a_real_station_guides_nobody():
    assert next_step(s.DONE) == ""
