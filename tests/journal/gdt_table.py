"""The published table of GDT 2.1, and a reader of files that shares nothing with the writer.

Fields of record 6310: must, how often, type and length. Sources: the tables of two public practice
systems' GDT 2.1 specification, compared with three vendors' documents.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Rule(NamedTuple):
    must: bool
    often: bool
    content: str


def at_most(length: int) -> str:
    return rf".{{1,{length}}}"


DATE = r"(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])\d{4}"
TIME = r"([01]\d|2[0-3])[0-5]\d[0-5]\d"
NUMBER = r"-?\d{1,5}([.,]\d{1,4})?"
TABLE = {
    "8000": Rule(must=True, often=False, content="6310"),
    "8100": Rule(must=True, often=False, content=r"\d{5}"),
    "8315": Rule(must=False, often=False, content=at_most(8)),
    "8316": Rule(must=False, often=False, content=at_most(8)),
    "9206": Rule(must=False, often=False, content="[123]"),
    "9218": Rule(must=True, often=False, content=r"02\.10"),
    "3000": Rule(must=True, often=False, content=at_most(10)),
    "3100": Rule(must=False, often=False, content=at_most(15)),
    "3101": Rule(must=True, often=False, content=at_most(28)),
    "3102": Rule(must=True, often=False, content=at_most(28)),
    "3103": Rule(must=True, often=False, content=DATE),
    "3110": Rule(must=False, often=False, content="[12]"),
    "3622": Rule(must=False, often=False, content=NUMBER),
    "3623": Rule(must=False, often=False, content=NUMBER),
    "8402": Rule(must=False, often=False, content=at_most(6)),
    "6200": Rule(must=False, often=False, content=DATE),
    "6201": Rule(must=False, often=False, content=TIME),
    "6220": Rule(must=False, often=True, content=at_most(60)),
    "6227": Rule(must=False, often=True, content=at_most(60)),
    "8410": Rule(must=True, often=True, content=at_most(20)),
    "8411": Rule(must=False, often=True, content=at_most(60)),
    "8418": Rule(must=False, often=True, content="."),
    "8420": Rule(must=False, often=True, content=NUMBER),
    "8421": Rule(must=False, often=True, content=at_most(60)),
    "8432": Rule(must=False, often=True, content=DATE),
    "8439": Rule(must=False, often=True, content=TIME),
    "8470": Rule(must=False, often=True, content=at_most(60)),
    "8480": Rule(must=False, often=True, content=at_most(60)),
}
IN_A_TEST = {"8411", "8418", "8420", "8421", "8432", "8439", "8470", "8480"}
CHARSETS = {b"1": "ascii", b"2": "cp437", b"3": "iso-8859-1"}


def faults(data: bytes) -> list[str]:
    """What in a file is not as the table says."""
    raw = read(data)
    found = [] if b"".join(whole for _, _, whole in raw) == data else ["not made of lines"]
    declared = next((content for field, content, _ in raw if field == "9206"), b"2")
    lines = [(field, content.decode(CHARSETS[declared])) for field, content, _ in raw]
    stated = dict(lines)["8100"]
    if int(stated) != len(data):
        found.append(f"8100 says {stated} of {len(data)}")
    if [field for field, _ in lines[:2]] != ["8000", "8100"]:
        found.append("head")
    for field, text in lines:
        rule = TABLE.get(field)
        if rule is None or re.fullmatch(rule.content, text) is None:
            found.append(f"{field} {text}")
    for field, rule in TABLE.items():
        times = sum(one == field for one, _ in lines)
        if (rule.must and not times) or (times > 1 and not rule.often):
            found.append(f"{field} {times} times")
    return found + _tests(lines)


def _tests(lines: list[tuple[str, str]]) -> list[str]:
    """A value needs its unit, and what belongs to a test follows 8410."""
    found, block, seen = [], [], False
    for field, text in [*lines, ("8410", "")]:
        if field == "8410":
            if ("8420" in block) != ("8421" in block):
                found.append("8420 without 8421")
            block, seen = [], True
        elif field in IN_A_TEST:
            block.append(field)
            if not seen:
                found.append(f"{field} before 8410: {text}")
    return found


def read(data: bytes) -> list[tuple[str, bytes, bytes]]:
    """Field, content and the whole of each line."""
    found = []
    while data:
        size = int(data[:3])
        line, data = data[:size], data[size:]
        assert line.endswith(b"\r\n")
        found.append((line[3:7].decode("ascii"), line[7:-2], line))
    return found


def fields(data: bytes) -> list[tuple[str, str]]:
    """Field and text of each line, in the declared character set."""
    raw = read(data)
    declared = next((content for field, content, _ in raw if field == "9206"), b"2")
    return [(field, content.decode(CHARSETS[declared])) for field, content, _ in raw]
