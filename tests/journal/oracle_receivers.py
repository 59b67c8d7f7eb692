"""Receivers that know exactly what they hold and since when, and that go wrong at random.

What is held is what was really stored: by the real FHIR server behind the gate, by the HL7 receiver
before it answers, by whoever fetches the files. Moments are those of the monotonic clock, which all
processes of a machine share. ``happened`` is told of every step, so that a kill can strike there.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock, RLock, Thread
from typing import Any

import hl7

from tests.journal import faulty_gate as gates
from tests.journal.faulty_gate import Gate
from tests.journal.hostile_server import Talk
from tests.journal.mllp_receiver import END, START, MllpReceiver, ack, manners

Happened = Callable[[str], None]
NOTHING_FOUND = b'{"resourceType":"Bundle","type":"searchset","total":0}'
FHIR_JSON = "Content-Type: application/fhir+json"
ANSWERED_BADLY = (
    *(gates.status(code) for code in (400, 401, 403, 404, 409, 412, 413, 422, 429, 500, 503)),
    gates.html,
    gates.error_entry,
    gates.portal,
)


LOST = (gates.behind_a_gateway, gates.reset_before, gates.reset_after, gates.truncated)


@dataclass(frozen=True)
class Copied:
    """What of a request is needed to carry it out later."""

    head: bytes
    body: bytes


class Journal(Gate):
    """The gate before the real FHIR server. ``ignores``: the condition of a creation means nothing
    to this journal. ``faulty`` is the part of the requests that go wrong.
    """

    def __init__(self, upstream: str, chance: random.Random, happened: Happened) -> None:
        super().__init__(upstream)
        self.held: dict[str, list[float]] = defaultdict(list)
        self.now: dict[str, dict[str, Any]] = {}
        self.story: dict[str, list[str]] = defaultdict(list)
        self.faulty, self.ignores = 0.0, False
        self.lost: set[str] = set()
        self.told: dict[str, int] = defaultdict(int)
        self._chance, self._happened = chance, happened
        self._late: list[Copied] = []
        self._forgets: set[str] = set()
        self._alone = RLock()

    def holds(self, ids: list[str], at: float) -> bool:
        """Whether all of these were stored by then."""
        return all(self.held.get(one, [at + 1])[0] <= at for one in ids)

    def look(self) -> None:
        """A person looks into the journal, when it is done with all it was given."""
        self._finish_late()
        self.lost.clear()
        self._forgets.clear()

    def _talk(self, talk: Talk) -> None:
        asks = b"_search " in talk.head.split(b"\r\n")[0]
        sends = not asks and talk.head.startswith((b"POST", b"PUT"))
        if asks or sends:
            self._happened("asked" if asks else "sent")
        self._carry_out(talk, asks=asks, sends=sends)
        if asks or sends:
            self._happened("answered")
        if asks and b"/Observation/" in talk.head.split(b"\r\n")[0]:
            self._finish_late()

    def _carry_out(self, talk: Talk, *, asks: bool, sends: bool) -> None:
        ids = identifiers_of(talk.body) if sends else []
        for ident in ids:
            self.story[ident].append(f"sent, conditions {not self.ignores}")
        if self._chance.random() < self.faulty:
            if sends and self._goes_wrong(talk, ids):
                return
            forgotten = {one for one in self._forgets if one.encode() in talk.body}
            if asks and forgotten:
                self._forgets -= forgotten
                self.told["finds nothing"] += 1
                talk.answer(200, NOTHING_FOUND, FHIR_JSON)
                return
            if self._chance.random() < 0.5:
                fault = self._chance.choice((*ANSWERED_BADLY, *LOST))
                self.told["answers badly"] += 1
                self.lost.update(ids if fault in LOST or fault is gates.html else ())
                for ident in ids:
                    self.story[ident].append(str(fault))
                fault(talk, self)
                return
        status, body, headers = self.forward(talk)
        self.lost.difference_update(ids)
        talk.answer(status, body, *headers)

    def _goes_wrong(self, talk: Talk, ids: list[str]) -> bool:
        """What only a sending can meet: done late, done and forgotten, said and not done."""
        what = self._chance.choice(("late", "forgets", "drops", "else", "else", "else"))
        changes = b'"PUT"' in talk.body or talk.head.startswith(b"PUT")
        if ids and b'"ifNoneExist"' in talk.body and self._may_lie(ids):
            self.told["says what is not so"] += 1
            talk.answer(200, taken(talk.body), FHIR_JSON)
            return True
        if what not in {"late", "forgets", "drops"} or changes:
            return False
        self.told[what] += 1
        for ident in ids:
            self.story[ident].append(what)
        self.lost.update(ids)
        if what == "late":
            self._late.append(Copied(talk.head, talk.body))
        elif what == "forgets":
            self.forward(talk)
            self._forgets.update(ids)
        talk.reset()
        return True

    def _may_lie(self, ids: list[str]) -> bool:
        """Only of what was in doubt before can a station see that it is not there."""
        doubtful = self.lost.issuperset(ids) and not any(self.held.get(one) for one in ids)
        return doubtful and self._chance.random() < 0.5

    def _finish_late(self) -> None:
        with self._alone:
            late, self._late = self._late, []
            for one in late:
                self.forward(one)

    def forward(self, talk: Talk) -> tuple[int, bytes, list[str]]:
        """Let the real server carry it out, and note what it holds since."""
        asked = without_conditions(talk) if self.ignores else talk
        with self._alone:
            answer = super().forward(asked)
            if 200 <= answer[0] < 300 and talk.body.startswith(b"{"):
                self._note(talk, answer[0], answer[1])
        self._happened("stored")
        return answer

    def _note(self, talk: Talk | Copied, status: int, body: bytes) -> None:
        asked = json.loads(talk.body)
        if asked["resourceType"] != "Bundle":
            method = talk.head.split(b" ")[0].decode()
            self._stored(asked, method, str(status))
            return
        for entry, told in zip(asked["entry"], json.loads(body)["entry"], strict=True):
            request = entry["request"]
            self._stored(entry["resource"], request["method"], str(told["response"]["status"]))

    def _stored(self, resource: dict[str, Any], method: str, status: str) -> None:
        if resource["resourceType"] != "Observation" or not status.startswith("20"):
            return
        ident = resource["identifier"][0]["value"]
        value = resource["valueQuantity"]["value"]
        self.story[ident].append(f"{method} {status} {resource['status']} {value}")
        if method == "POST" and status.startswith("201"):
            self.held[ident].append(time.monotonic())
        if method == "PUT" or status.startswith("201"):
            self.now[ident] = resource


def identifiers_of(body: bytes) -> list[str]:
    """The identifiers of the Observations in a request."""
    asked = json.loads(body) if body.startswith(b"{") else {}
    resources = [asked, *(entry["resource"] for entry in asked.get("entry", []))]
    return [
        one["identifier"][0]["value"] for one in resources if one["resourceType"] == "Observation"
    ]


def without_conditions(talk: Talk | Copied) -> Copied:
    """The request as a journal reads it that knows no condition of a creation of values."""
    head = re.sub(rb"\r\nif-none-exist:[^\r]*", b"", talk.head, flags=re.IGNORECASE)
    if not talk.head.split(b" ")[1].endswith(b"/Observation"):
        head = talk.head
    body = talk.body
    if body.startswith(b"{"):
        asked = json.loads(body)
        for entry in asked.get("entry", []):
            if entry["resource"]["resourceType"] == "Observation":
                entry["request"].pop("ifNoneExist", None)
        body = json.dumps(asked).encode()
        head = re.sub(rb"(?i)content-length: *\d+", b"Content-Length: %d" % len(body), head)
    return Copied(head, body)


def taken(body: bytes) -> bytes:
    """An answer that says that everything of a bundle was stored."""
    asked = json.loads(body)
    entries = [
        {"response": {"status": "201", "location": f"{entry['resource']['resourceType']}/lie"}}
        for entry in asked["entry"]
    ]
    kind = f"{asked['type']}-response"
    return json.dumps({"resourceType": "Bundle", "type": kind, "entry": entries}).encode()


class Engine:
    """An HL7 receiver. ``files``: AA means it stands in the journal; a system that only accepts
    keeps what it took, and it is in no journal. ``repetitions``: it knows them by MSH-10.
    """

    def __init__(self, chance: random.Random, happened: Happened) -> None:
        self.receiver = MllpReceiver(self._answer)
        self.taken: dict[str, float] = {}
        self.filed: dict[str, float] = {}
        self.texts: dict[str, str] = {}
        self.twice: set[str] = set()
        self.faulty, self.files, self.repetitions = 0.0, False, True
        self.told: dict[str, int] = defaultdict(int)
        self._chance, self._happened = chance, happened
        self._manners = list(manners().items())

    def finals(self) -> dict[str, set[str]]:
        """By the number of an order, the messages that told it as final."""
        found: dict[str, set[str]] = defaultdict(set)
        for control, text in list(self.texts.items()):
            for segment in hl7.parse(text):
                if str(segment[0]) == "OBR" and str(segment[25]) == "F":
                    found[str(segment[3])].add(control)
        return found

    def _answer(self, number: int, control: str) -> Any:
        text = self.receiver.received[number - 1]
        self._happened("HL7 read")
        if self._chance.random() >= self.faulty:
            return self._well(control, text)
        what = self._chance.choice(("busy", "refused", "closed", "kept and closed", "strange"))
        self.told[what] += 1
        if what == "busy":
            return ack(control, "AE", self._chance.choice(("206", "207")))
        if what == "refused":
            return ack(control, "AR", "101", "x")
        if what == "closed":
            return None
        if what == "kept and closed" or self._chance.random() < 0.5:
            self._keep(control, text)
        return [self._strange(control), None] if what == "strange" else None

    def _strange(self, control: str) -> bytes:
        return self._chance.choice(
            (
                ack("8811"),
                ack("", "AA"),
                ack("8811", "AA") + ack("", "CA"),
                ack(control, "XX"),
                START + b"OK" + END,
                b"OK\r\n",
                ack(control)[:25],
                ack(control[:-1]),
                ack(control + "0"),
            )
        )

    def _well(self, control: str, text: str) -> Any:
        fields = text.split("\r", 1)[0].split("|")
        asked = (fields[14], fields[15])
        if asked == ("AL", "NE"):
            self._keep(control, text)
            return ack(control, "CA")
        name, manner = self._chance.choice(self._manners)
        if asked == ("NE", "AL"):
            name, manner = "AA", ack
        elif asked == ("AL", "AL"):
            name, manner = "CA and AA", lambda c: ack(c, "CA") + ack(c)
        self._keep(control, text, filed=name != "only CA")
        self._happened("HL7 kept")
        return manner(control)

    def _keep(self, control: str, text: str, *, filed: bool = False) -> None:
        moment = time.monotonic()
        if control in self.taken and not self.repetitions:
            self.twice.add(control)
        self.taken.setdefault(control, moment)
        self.texts.setdefault(control, text)
        if filed and self.files:
            self.filed.setdefault(control, moment)


class Shares:
    """The two folders, which may be away, and those who fetch from them."""

    def __init__(
        self, folder: Path, chance: random.Random, happened: Happened, *, keeps_csv: bool
    ) -> None:
        self.gdt, self.csv = folder / "gdt", folder / "csv"
        self.fetched: dict[str, list[float]] = defaultdict(list)
        self.rows: dict[str, set[str]] = defaultdict(set)
        self.first: dict[str, float] = {}
        self.torn: list[str] = []
        self._keeps_csv, self._chance, self._happened = keeps_csv, chance, happened
        self._away: dict[Path, Path] = {}
        self._lock, self._ending = Lock(), Event()
        for one in (self.gdt, self.csv):
            one.mkdir()
        self._thread = Thread(target=self._fetch_now_and_then, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Nobody fetches any more."""
        self._ending.set()
        self._thread.join(5)

    @property
    def are_away(self) -> bool:
        """Whether one of them is away."""
        return bool(self._away)

    def lose(self) -> None:
        """Something takes the share away; its mount point is an empty folder."""
        with self._lock:
            for folder in (self.gdt, self.csv):
                if folder not in self._away and self._chance.random() < 0.6:
                    self._away[folder] = folder.rename(folder.with_name(f"{folder.name}-away"))
                    folder.mkdir()

    def bring_back(self) -> None:
        """It is there again. Nothing may have been written where it was not."""
        with self._lock:
            for folder, away in self._away.items():
                assert list(folder.iterdir()) == [], "written into an empty mount point"
                folder.rmdir()
                away.rename(folder)
            self._away.clear()

    def since(self, message: str, at: float) -> bool:
        """Whether the receiver of a folder had the file of a message by then."""
        self.fetch()
        return self.fetched.get(message, [at + 1])[0] <= at or bool(self._kept(message))

    def _kept(self, message: str) -> list[Path]:
        if not self._keeps_csv:
            return []
        folder = self._away.get(self.csv, self.csv)
        return list(folder.glob(f"{message}.csv"))

    def files_of(self, message: str) -> int:
        """How often the receiver has got, or will get, the file of a message."""
        return len(self.fetched.get(message, [])) + len(self._kept(message))

    def fetch(self) -> None:
        """Take what lies there, whole; what was kept is read where it lies."""
        with self._lock:
            for folder, pattern in ((self.gdt, "*.gdt"), (self.csv, "*.csv")):
                if folder not in self._away:
                    # By name, which is the order they were made in: two may lie there at once.
                    for path in sorted(folder.glob(pattern)):
                        self._take(path)

    def _take(self, path: Path) -> None:
        content = path.read_bytes()
        if path.suffix == ".csv":
            told = list(csv.DictReader(io.StringIO(content.decode())))
            message = told[0]["message"] if told else ""
            for row in told:
                self.rows[row["id"]].add(f"{message} {row['status']}")
            self.first.setdefault(message, time.monotonic())
            if self._keeps_csv:
                return
        else:
            message = whole_record(content)
        if not message:
            self.torn.append(path.name)
        # Noted before it is gone: nothing may be called fetched before.
        self.fetched[message].append(time.monotonic())
        path.unlink()
        self._happened("fetched")

    def _fetch_now_and_then(self) -> None:
        while not self._ending.wait(self._chance.uniform(0.005, 0.08)):
            self.fetch()


def whole_record(content: bytes) -> str:
    """The message a GDT record is of; empty where the record is not whole."""
    total = re.search(rb"8100(\d{5})", content)
    if total is None or int(total[1]) != len(content):
        return ""
    named = re.search(rb"6227helsestasjon-kiosk ([0-9a-f-]{36})\r\n", content)
    return named[1].decode() if named else ""
