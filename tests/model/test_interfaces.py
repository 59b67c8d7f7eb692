"""The keys of the interfaces are in one table, and nowhere else in the station."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

from kiosk.config.load import config_from
from kiosk.model.interfaces import BY_FILES, CLINIC, FHIR_BATCH, FHIR_SINGLE, INTERFACES
from kiosk.station.interfaces import ways_of

KIOSK = Path(__file__).parents[2] / "kiosk"
TEXT = """
[station]
clinic = "Solbakken helsestasjon"
[journal]
url = "https://journal.example/fhir"
[hl7]
host = "journal.example"
port = 2575
[gdt]
folder = "/srv/gdt"
receiver = "EPJ"
[csv]
folder = "/srv/csv"
"""


def test_every_way_that_can_be_configured_is_in_the_table():
    ways = ways_of(config_from(tomllib.loads(TEXT), Path("kiosk.toml")))
    assert {key for way in ways for key in way.keys} | {CLINIC} == set(INTERFACES)
    assert {way.keys[0] for way in ways if way.keys[0] in BY_FILES} == BY_FILES
    assert {FHIR_BATCH, FHIR_SINGLE} <= set(ways[0].keys)


def test_no_module_writes_a_key_of_its_own():
    found = [
        f"{file.relative_to(KIOSK)}:{node.lineno}"
        for file in KIOSK.rglob("*.py")
        if "migrations" not in file.parts and file.name != "interfaces.py"
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and node.value in INTERFACES
    ]
    assert found == []
