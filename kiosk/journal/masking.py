"""The server's own words, made fit to be kept: shortened, and without anything personal.

An OperationOutcome may repeat what was sent to it. Identity numbers, dates and quoted text
are masked whatever they are; the caller adds the words it knows to be personal.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

MASK = "•••"
MAX_LENGTH = 200
_LONG_NUMBER = re.compile(r"\d(?:[\s.\-]?\d){5,}")
_DATE = re.compile(r"\b\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\b")
_QUOTED = re.compile(r"""'[^']*'|"[^"]*"|«[^»]*»|“[^”]*”|‘[^’]*’|`[^`]*`""")
_HARMLESS = re.compile(
    r"\d{1,5}-\d"  # a LOINC code
    r"|[A-Z][A-Za-z]+(?:\.[a-z][A-Za-z]*(?:\[[x\d]\])?)+"  # a FHIR path
    r"|https?://(?:hl7\.org|hl7\.no|loinc\.org|snomed\.info|unitsofmeasure\.org)/?[A-Za-z/\-]*"
)
_LOINC = re.compile(r"(?<![\d\-])\d{1,5}-\d(?![\d\-])")


def masked(text: str, personal: Iterable[str] = ()) -> str:
    """Return ``text`` on one line, at most 200 characters, with everything personal masked.

    ``personal`` holds words known to be about this child, compared without regard to case.
    """
    for word in sorted((w for w in personal if len(w) > 1), key=len, reverse=True):
        text = re.sub(re.escape(word), MASK, text, flags=re.IGNORECASE)
    text = _QUOTED.sub(_quoted, text)
    text = _LONG_NUMBER.sub(_number, text)
    text = _DATE.sub(MASK, text)
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text if len(text) <= MAX_LENGTH else text[: MAX_LENGTH - 1] + "…"


def _quoted(match: re.Match[str]) -> str:
    inside = match.group()[1:-1]
    return match.group() if _HARMLESS.fullmatch(inside) else MASK


def _number(match: re.Match[str]) -> str:
    return match.group() if _LOINC.fullmatch(match.group()) else MASK


def server_words(body: bytes, personal: Iterable[str] = ()) -> str:
    """Return what an OperationOutcome says, masked; an empty text if the body is none."""
    try:
        outcome = json.loads(body)
    except ValueError:
        return ""
    if not isinstance(outcome, dict) or outcome.get("resourceType") != "OperationOutcome":
        return ""
    issues = outcome.get("issue")
    words = (
        [_issue(issue) for issue in issues if isinstance(issue, dict)]
        if isinstance(issues, list)
        else []
    )
    return masked("; ".join(w for w in words if w), personal)


def _issue(issue: dict[str, Any]) -> str:
    details = issue.get("details")
    text = details.get("text") if isinstance(details, dict) else None
    expression = issue.get("expression")
    first = expression[0] if isinstance(expression, list) and expression else None
    parts = (issue.get("code"), first, text, issue.get("diagnostics"))
    return ": ".join(part for part in parts if isinstance(part, str) and part)
