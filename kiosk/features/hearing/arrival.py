"""What came from an audiometer as a hearing test of the open child."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from drivers.hearing import Response
from kiosk.desk.hearing_work import Audiometer, HearingWork
from kiosk.desk.messages import Moment
from kiosk.hearing.receiving import Received
from kiosk.model.hearing_test import HearingTest, Origin
from kiosk.model.performer import Performer


def arrived_test(
    work: HearingWork,
    received: Received,
    audiometer: Audiometer,
    user: Performer,
    moment: Moment,
) -> HearingTest | None:
    """The test as it will be saved; ``None`` where nothing at all was tested."""
    if all(tone.response is Response.NOT_TESTED for tone in work.tones):
        return None
    tested_at = tested_time(received, moment)
    zone = timezone(timedelta(minutes=moment.offset_minutes))
    return HearingTest(
        id=moment.id,
        tones=work.tones,
        tested_at=tested_at,
        entered_at=moment.wall,
        offset_minutes=moment.offset_minutes,
        performer=user,
        device=audiometer.device,
        calibrated_on=audiometer.calibrated_on,
        origin=Origin.FILE if received.file is not None else Origin.CABLE,
        followed=work.followed,
        outcome=work.outcome(tested_at.astimezone(zone).date()),
        is_retest=work.is_retest,
        remarks=tuple(one.value for one in received.remarks),
        digest=work.digest,
        raw=tuple(dict.fromkeys(record.raw for record in received.records)),
    )


def tested_time(received: Received, moment: Moment) -> datetime:
    """When it was tested, as the device says, in UTC; now where it says nothing.

    A time without a zone is the clinic's own clock: it is shown on the drawing before it is
    confirmed. A time that has not come yet is a clock that is wrong, and is not taken.
    """
    told = received.last_tested_at
    if told is None:
        return moment.wall
    zone = timezone(timedelta(minutes=moment.offset_minutes))
    at = (told.replace(tzinfo=zone) if told.tzinfo is None else told).astimezone(UTC)
    return min(at, moment.wall)
