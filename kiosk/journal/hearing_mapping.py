"""A hearing test as a FHIR R4 transaction: one Observation with a component a tone.

What was heard at 20 dB is sent as *at most 20*, what was not heard at 90 dB as *more than 90*; a
tone without a level has no value, but the reason why. None of them can be read as a threshold.
"""

from __future__ import annotations

from drivers.hearing import Response, Tone
from kiosk.core.hearing.result import HearingTest
from kiosk.journal import codes, hearing_codes
from kiosk.journal.contract import Identifier, PatientRef, Site
from kiosk.journal.fhirjson import Json, to_bytes
from kiosk.journal.mapping import MappingError
from kiosk.journal.resources import (
    coding,
    device_entry,
    device_identifier,
    device_url,
    entry,
    local_time,
    performers,
)

COMPARATORS = {Response.THRESHOLD: "", Response.HEARD: "<=", Response.NO_RESPONSE: ">"}
"""How a level is to be read. A response that is not here has none."""

ABSENT = {
    Response.NO_RESPONSE_LEVEL_UNKNOWN: ("unknown", "ikke svar, nivå ukjent"),
    Response.NOT_TESTED: ("not-performed", "ikke testet"),
    Response.COULD_NOT_BE_TESTED: ("not-performed", "lot seg ikke teste"),
}
"""Why there is no level: FHIR's code, and the words that tell the reasons apart."""


def audiogram_bundle(test: HearingTest, patient: PatientRef, site: Site) -> bytes:
    """Return the transaction for a hearing test as frozen UTF-8 JSON.

    Raises :class:`MappingError` for a test in which nothing was tested, and for one that says
    two things about the same tone.
    """
    keys = [(t.ear, t.transducer, t.hz, t.masking) for t in test.tones]
    if all(tone.response is Response.NOT_TESTED for tone in test.tones):
        raise MappingError("nothing-was-tested")
    if len(set(keys)) != len(keys):
        raise MappingError("two-answers-for-one-tone")
    entries: list[Json] = []
    if test.device is not None:
        entries.append(device_entry(device_identifier(test.device, site), test.device))
    identifier = Identifier(site.system, str(test.id))
    resource = _observation(test, patient, site, identifier)
    entries.append(entry(f"urn:uuid:{test.id}", resource, identifier))
    return to_bytes({"resourceType": "Bundle", "type": "transaction", "entry": entries})


def _observation(
    test: HearingTest, patient: PatientRef, site: Site, identifier: Identifier
) -> dict[str, Json]:
    category: Json = {"system": codes.CATEGORY_SYSTEM, "code": hearing_codes.CATEGORY}
    resource: dict[str, Json] = {
        "resourceType": "Observation",
        "identifier": [{"system": identifier.system, "value": identifier.value}],
        "status": "final",
        "category": [{"coding": [category]}],
        "code": {"coding": [coding(hearing_codes.PANEL)]},
        "subject": {"reference": patient.reference},
        "effectiveDateTime": local_time(test.tested_at, test.offset_minutes),
        "issued": local_time(test.entered_at, test.offset_minutes),
        "performer": performers(test.performer, site),
    }
    if notes := _notes(test):
        resource["note"] = notes
    resource["method"] = {"text": hearing_codes.METHOD}
    if test.device is not None:
        resource["device"] = {"reference": device_url(device_identifier(test.device, site))}
    resource["component"] = [_component(tone, site) for tone in test.tones]
    return resource


def _notes(test: HearingTest) -> list[Json]:
    notes = [] if test.whole else ["Testen ble avbrutt"]
    if test.calibrated_on is not None:
        notes.append(f"Audiometeret er kalibrert {test.calibrated_on.isoformat()}")
    return [{"text": note} for note in notes]


def _component(tone: Tone, site: Site) -> Json:
    code = hearing_codes.code_of(tone, site)
    component: dict[str, Json] = {"code": {"coding": [coding(code)], "text": code.display}}
    if tone.level_db is None:
        reason, words = ABSENT[tone.response]
        absent: Json = {"system": hearing_codes.ABSENT_SYSTEM, "code": reason}
        return component | {"dataAbsentReason": {"coding": [absent], "text": words}}
    quantity: dict[str, Json] = {"value": tone.level_db}
    if comparator := COMPARATORS[tone.response]:
        quantity["comparator"] = comparator
    quantity |= {
        "unit": hearing_codes.UNIT,
        "system": codes.UCUM,
        "code": hearing_codes.UNIT_CODE,
    }
    return component | {"valueQuantity": quantity}
