"""Modules and packages lie in layers: none knows, in a circle, of one that knows of it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def modules() -> dict[str, Path]:
    found = {}
    for top in ("kiosk", "drivers"):
        for path in (ROOT / top).rglob("*.py"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found[name.removesuffix(".__init__")] = path
    return found


def imports() -> dict[str, set[str]]:
    """By module: the modules it imports anywhere, also late or for its types only."""
    known = modules()
    found: dict[str, set[str]] = {name: set() for name in known}
    for name, path in known.items():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                whole = {f"{node.module}.{alias.name}" for alias in node.names}
                found[name] |= {one if one in known else str(node.module) for one in whole}
            elif isinstance(node, ast.Import):
                found[name] |= {alias.name for alias in node.names}
        found[name] = {one for one in found[name] if one in known}
    return found


def circle(graph: Mapping[str, Iterable[str]]) -> list[str]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_module_imports_itself_by_a_round_about_way():
    assert circle(imports()) == []


def test_no_package_of_the_station_imports_itself_by_a_round_about_way():
    packages: dict[str, set[str]] = {}
    for name, wanted in imports().items():
        own = ".".join(name.split(".")[:2])
        others = {".".join(one.split(".")[:2]) for one in wanted if one.startswith("kiosk.")}
        packages.setdefault(own, set()).update(others - {own})
    assert circle({name: of for name, of in packages.items() if name.startswith("kiosk.")}) == []


def test_a_circle_is_found():
    assert circle({"a": ["b"], "b": ["c"], "c": ["a"]})
    assert not circle({"a": ["b", "c"], "b": ["c"]})


def test_nothing_lies_loose_in_the_station():
    assert {p.name for p in (ROOT / "kiosk").glob("*.py")} == {"__init__.py", "__main__.py"}


@pytest.mark.parametrize("part", ["kiosk/features", "kiosk/desk", "kiosk/model"])
def test_a_module_is_read_in_one_sitting(part):
    long = {p.name: n for p in (ROOT / part).rglob("*.py") if (n := len(lines(p))) > 300}
    assert long == {}


def lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()
