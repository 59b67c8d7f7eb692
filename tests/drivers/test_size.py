"""The drivers stay readable: short functions, short modules."""

import ast
from pathlib import Path
from statistics import median

import drivers

ROOT = Path(drivers.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))


def lengths():
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node.end_lineno - node.lineno + 1, f"{path.name}:{node.name}"


def test_half_of_the_functions_have_at_most_ten_lines():
    assert median(length for length, _ in lengths()) <= 10


def test_no_function_is_longer_than_sixty_lines():
    assert [name for length, name in lengths() if length > 60] == []


def test_no_module_is_longer_than_three_hundred_lines():
    long = [p.name for p in MODULES if len(p.read_text("utf-8").splitlines()) > 300]
    assert long == []
