"""Why a journal does not do as it should, from its reply. Pure."""

from __future__ import annotations

from datetime import datetime

from kiosk.journal.contract import Answer, NoAnswer, Reply, Trouble
from kiosk.journal.fhir.searching import read_resource
from kiosk.journal.sign_in.clock_check import seconds_off
from kiosk.model.causes import Cause, by_status, cause_in

_PROXY_SIGNS = ("x-squid-error", "proxy-authenticate", "proxy-status")
_TROUBLES = {Trouble.SIGN_IN: Cause.SIGN_IN_REFUSED, Trouble.CLOCK: Cause.CLOCK}


def cause_of(reply: Reply, now: datetime) -> Cause | None:
    """What a reply to the question for the service's capabilities says is wrong; ``None`` if it is
    a FHIR service that answers.
    """
    if isinstance(reply, NoAnswer):
        if reply.trouble is Trouble.SIGN_IN and reply.detail[:1].isdigit():
            return Cause.SIGN_IN_REFUSED  # the authorization server's status, not the journal's
        return cause_in(reply.detail) or _TROUBLES.get(reply.trouble, Cause.OTHER)
    return _by_answer(reply, now)


def _by_answer(answer: Answer, now: datetime) -> Cause | None:
    headers = answer.headers
    if any(sign in headers for sign in _PROXY_SIGNS):
        return Cause.PROXY
    if answer.status in {401, 403} and seconds_off(headers, now):
        return Cause.CLOCK
    if (cause := by_status(answer.status)) is not None:
        return cause
    if read_resource(answer.body).get("resourceType") == "CapabilityStatement":
        return None
    html = "html" in headers.get("content-type", "") or answer.body.lstrip()[:1] == b"<"
    return Cause.WEB_PAGE if html else Cause.NOT_FHIR
