"""A snapshot as OpenMetrics 1.0 text. Pure.

Source: OpenMetrics 1.0 (``# TYPE``, ``# UNIT``, ``# HELP``, samples, ``# EOF``). All are gauges:
what is purged after delivery leaves the count of what was delivered, so that may fall.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kiosk.watching.snapshot import Snapshot

CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"
LINES = ("reachable", "unreachable", "stopped", "unknown")
PRINTERS = ("ready", "paper-low", "paper-out", "cover-open", "absent", "error", "unknown")


@dataclass(frozen=True, slots=True)
class Metric:
    """One family. ``unit`` ends its name, as OpenMetrics demands."""

    name: str
    help: str
    unit: str = ""


INFO = Metric("kiosk_station", "The station and the version it runs.")
UPTIME = Metric("kiosk_uptime_seconds", "Seconds since the start.", "seconds")
STARTED = Metric("kiosk_start_time_seconds", "When it started, since 1970.", "seconds")
STORE = Metric("kiosk_store_up", "Whether the store could be asked.")
MESSAGES = Metric("kiosk_messages", "Messages in the store, by interface and state.")
OLDEST = Metric(
    "kiosk_oldest_waiting_seconds", "Age of the oldest message that waits, by interface.", "seconds"
)
LINE = Metric("kiosk_journal_line", "State of the line to the journal: 1 for the one that holds.")
TROUBLE = Metric("kiosk_journal_trouble", "What is wrong with the line, by interface: 1.")
DEVICE = Metric("kiosk_device_up", "Whether a configured device is there.")
PRINTER = Metric("kiosk_printer", "State of the printer: 1 for the one that holds.")
FREE = Metric("kiosk_disk_free_bytes", "Room on the disk of the store.", "bytes")
SIZE = Metric("kiosk_store_size_bytes", "Size of the store's file.", "bytes")
EXPIRES = Metric("kiosk_sign_in_expires_days", "Days until a key or certificate ends.", "days")
PART = Metric("kiosk_part_alive", "Whether a part of the process gives its sign of life.")
FAULTS = Metric("kiosk_faults", "Unforeseen errors since the start, by part of the process.")
RESTARTS = Metric("kiosk_restarts", "Starts in the last day because a part had stopped.")
MISSING = Metric("kiosk_store_missing_rows", "Rows of the audit trail lost and not answered for.")
COPIED = Metric(
    "kiosk_backup_age_seconds", "Since the last good copy of the store; -1: never.", "seconds"
)
REHEARSED = Metric(
    "kiosk_rehearsal_age_seconds", "Since a copy was last brought back; -1: never.", "seconds"
)
COPY_FAILED = Metric("kiosk_backup_failed", "Whether the last copy or rehearsal failed.")

ELSEWHERE = Metric(
    "kiosk_elsewhere_messages",
    "Messages of other stations in the clinic's database, by state; each station tells the same.",
)

METRICS = (
    *(INFO, UPTIME, STARTED, STORE, MESSAGES, OLDEST),
    *(LINE, TROUBLE, DEVICE, PRINTER, FREE, SIZE, EXPIRES),
    *(PART, FAULTS, RESTARTS, MISSING, ELSEWHERE),
    *(COPIED, REHEARSED, COPY_FAILED),
)

Sample = tuple[Mapping[str, str], float]


def exposition(snapshot: Snapshot) -> str:
    """The whole text, ended by ``# EOF``."""
    lines = [line for metric in METRICS for line in _family(metric, _samples(metric, snapshot))]
    return "".join(f"{line}\n" for line in [*lines, "# EOF"])


def _family(metric: Metric, samples: Iterable[Sample]) -> Iterator[str]:
    kind = "info" if metric is INFO else "gauge"
    yield f"# TYPE {metric.name} {kind}"
    if metric.unit:
        yield f"# UNIT {metric.name} {metric.unit}"
    yield f"# HELP {metric.name} {metric.help}"
    name = f"{metric.name}_info" if metric is INFO else metric.name
    for labels, value in samples:
        told = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        number = str(int(value)) if value == int(value) else repr(round(value, 3))
        yield f"{name}{{{told}}} {number}" if told else f"{name} {number}"


def _samples(metric: Metric, now: Snapshot) -> Iterator[Sample]:
    single = {
        UPTIME.name: now.uptime,
        STARTED.name: now.started,
        STORE.name: float(now.store_up),
        FREE.name: float(now.free),
        SIZE.name: float(now.stored),
        RESTARTS.name: float(now.restarts),
        MISSING.name: float(now.missing),
        COPIED.name: now.copied,
        REHEARSED.name: now.rehearsed,
        COPY_FAILED.name: float(now.copy_failed),
    }
    if metric.name in single:
        yield {}, single[metric.name]
    elif metric is INFO:
        yield {"station": now.station, "version": now.version}, 1
    elif metric is DEVICE:
        yield from (({"device": name}, float(up)) for name, up in now.devices.items())
    elif metric is PART:
        yield from (({"part": kind}, float(lives)) for kind, lives in now.parts.items())
    elif metric is FAULTS:
        yield from (({"part": kind}, float(count)) for kind, count in now.faults.items())
    elif metric is ELSEWHERE:
        yield from (({"state": state}, float(count)) for state, count in now.elsewhere.items())
    elif metric is EXPIRES:
        yield from (({"what": name}, float(days)) for name, days in now.expires.items())
    elif metric is PRINTER and "printer" in now.devices:
        yield from (({"state": state}, float(state == now.printer)) for state in PRINTERS)
    else:
        yield from _by_interface(metric, now)


def _by_interface(metric: Metric, now: Snapshot) -> Iterator[Sample]:
    for one in now.interfaces:
        name = {"interface": one.name}
        if metric is MESSAGES:
            for state in ("waiting", "parked", "delivered", "done"):
                yield {**name, "state": state}, float(getattr(one, state))
        elif metric is OLDEST:
            yield name, one.oldest
        elif metric is LINE:
            for state in LINES:
                yield {**name, "state": state}, float(state == one.line)
        elif metric is TROUBLE and one.trouble:
            yield {**name, "trouble": one.trouble}, 1


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
