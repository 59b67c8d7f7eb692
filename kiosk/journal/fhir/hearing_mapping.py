"""A hearing test in FHIR R4: one Observation with a component a tone.

What was heard at 20 dB is sent as *at most 20*, what was not heard at 90 dB as *more than 90*; a
tone without a level has no value, but the reason why. None of them can be read as a threshold.
"""

from __future__ import annotations

from drivers.hearing import Response, Tone
from kiosk.journal import codes, hearing_codes
from kiosk.journal.contract import Identifier, PatientRef, Shape, Site
from kiosk.journal.fhir.exact_json import Json
from kiosk.journal.fhir.resources import coding, device_reference, entry, local_time, performers
from kiosk.journal.mapping_error import MappingError
from kiosk.model.hearing_test import HearingTest, Result

COMPARATORS = {Response.THRESHOLD: "", Response.HEARD: "<=", Response.NO_RESPONSE: ">"}
"""How a level is to be read. A response that is not here has none."""

ABSENT = {
    Response.NO_RESPONSE_LEVEL_UNKNOWN: ("unknown", "ikke svar, nivå ukjent"),
    Response.NOT_TESTED: ("not-performed", "ikke testet"),
    Response.COULD_NOT_BE_TESTED: ("not-performed", "lot seg ikke teste"),
}
"""Why there is no level: FHIR's code, and the words that tell the reasons apart."""


def audiogram_entry(
    test: HearingTest, patient: PatientRef, site: Site, shape: Shape = Shape.TRANSACTION
) -> Json:
    """Return the entry of a hearing test in the transaction of its visit.

    Raises :class:`MappingError` for a whole test in which nothing was tested, and for one that
    says two things about the same tone. A test that was broken off before the first answer is
    sent: that it was tried belongs to the journal.
    """
    keys = [(t.ear, t.transducer, t.hz, t.masking) for t in test.tones]
    untested = all(tone.response is Response.NOT_TESTED for tone in test.tones)
    if not test.tones or (untested and test.whole):
        raise MappingError("nothing-was-tested")
    if len(set(keys)) != len(keys):
        raise MappingError("two-answers-for-one-tone")
    identifier = Identifier(site.system, str(test.id))
    resource = _observation(test, patient, site, identifier)
    if test.device is not None:
        resource["device"] = device_reference(test.device, site, shape)
    resource |= components(test, site)
    return entry(f"urn:uuid:{test.id}", resource, identifier)


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
    if notes := notes_of(test):
        resource["note"] = [{"text": note} for note in notes]
    resource["method"] = {"text": hearing_codes.METHOD}
    return resource


def components(test: HearingTest, site: Site) -> dict[str, Json]:
    """What a test says, tone by tone."""
    return {"component": [_component(tone, site) for tone in test.tones]}


def notes_of(test: HearingTest) -> tuple[str, ...]:
    """What the journal is told besides the tones, in sentences."""
    notes = [hearing_codes.ENDS[test.end]] if not test.whole else []
    if test.is_retest:
        notes.append("Ny test etter en tidligere hørselstest")
    if test.catch_trials:
        told = "{n} prøver uten tone, {false} av dem ble besvart"
        notes.append(told.format(n=test.catch_trials, false=test.false_answers))
    outcome = (_outcome(test), hearing_codes.missing_words(test.outcome.missing))
    notes += [words for words in outcome if words]
    if test.calibrated_on is not None:
        notes.append(f"Audiometeret er kalibrert {test.calibrated_on.isoformat()}")
    return tuple(notes)


def _outcome(test: HearingTest) -> str:
    """What the clinic's protocol said or could not say, and which one it was."""
    outcome, followed = test.outcome, test.followed
    words = hearing_codes.RESULTS[outcome.result] if outcome.result is not None else ""
    words = hearing_codes.WHYS[outcome.why] if outcome.why is not None else words
    if not words or followed is None:
        return ""
    if outcome.result is Result.RETEST:
        days = (outcome.retest_from, outcome.retest_until)
        words += "".join(
            f" {word} {day.isoformat()}"
            for word, day in zip(("fra", "til"), days, strict=True)
            if day is not None
        )
    if outcome.may_refer:
        words += f", {hearing_codes.MAY_REFER}"
    if outcome.refer_to:
        words += f" til {outcome.refer_to}"
    return f"{words}, etter protokoll {followed.id} {followed.version} ({followed.hash[:12]})"


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
