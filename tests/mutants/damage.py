"""Damages one module in every small way: the mutants, each with a name that lines may move under.

The ways are those of mutmut, used as a library because mutmut itself leaves module constants and
decorated functions alone, and here half of the rules are tables. Some ways of our own come on top:
a neighbour from the same enum, ``min`` for ``max``, a row less in a table, a condition turned
round, a statement left out. What only declares (annotations, decorators, imports, words of an error
or a log line, values of an enum) is left alone.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import EnumMeta
from pathlib import Path
from types import ModuleType

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators, operator_string

OPPOSITE = {"min": "max", "max": "min", "any": "all", "all": "any"}
UNTOUCHED = (cst.Annotation, cst.Decorator, cst.Import, cst.ImportFrom, cst.Assert, cst.TypeAlias)
DECLARED = re.compile(r"(__all__|LOG) =|\w+ = (TypeVar|NewType)\(|LOG\.|\w+ = \w+( \| \w+)+$")
"""Statements that only declare: logs, type variables, unions of types."""

SHOWN = 60
"""So much of a statement stands in a mutant's name, around what was changed."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One damaged module. ``where`` is the function (or ``module``), ``lines`` those of it."""

    where: str
    change: str
    line: int
    lines: range | None
    source: str

    @property
    def name(self) -> tuple[str, str]:
        """What it is called in the list of the equivalent ones."""
        return self.where, self.change


def mutants_of(path: Path, module: ModuleType) -> list[Mutant]:
    """Every mutant of a module that does not read the same as the module itself."""
    source = path.read_text("utf-8")
    whole = MetadataWrapper(cst.parse_module(source))
    finder = _Finder(module, whole.resolve(PositionProvider))
    whole.module.visit(finder)
    meaning, known, made = _meaning(source), Counter[tuple[str, str]](), []
    for found in finder.found:
        damaged = whole.module.deep_replace(found.node, found.instead)
        code = damaged.code
        try:
            if _meaning(code) == meaning:
                continue
        except SyntaxError:
            continue
        name = (found.where, _change(whole.module, found))
        known[name] += 1
        change = name[1] if known[name] == 1 else f"{name[1]} ({known[name]})"
        made.append(Mutant(found.where, change, found.line, found.lines, code))
    return made


@dataclass(frozen=True, slots=True)
class _Found:
    node: cst.CSTNode
    instead: cst.CSTNode
    statement: cst.CSTNode
    where: str
    line: int
    lines: range | None


class _Finder(cst.CSTVisitor):
    def __init__(self, module: ModuleType, positions) -> None:
        self.found: list[_Found] = []
        self._module = module
        self._positions = positions
        self._above: list[cst.CSTNode] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, UNTOUCHED) or self._only_declares(node):
            return False
        place = self._positions.get(node)
        for instead in self._instead(node):
            line = place.start.line if place else self._line()
            self.found.append(
                _Found(node, instead, self._statement(node), self._where(), line, self._lines())
            )
        self._above.append(node)
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if self._above and self._above[-1] is original_node:
            self._above.pop()

    def _only_declares(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.ClassDef):
            bases = {_code(base.value) for base in node.bases}
            return bool(bases & {"StrEnum", "Enum", "IntEnum", "Protocol"})
        if isinstance(node, cst.SimpleStatementLine):
            text = _code(node)
            declared = r"(__all__|LOG) =|\w+ = (TypeVar|NewType)\(|LOG\."
            return (
                bool(re.match(declared, text))
                or re.match(r"\w+ = \w+( \| \w+)+$", text) is not None
            )
        inside_raise = any(isinstance(above, cst.Raise) for above in self._above)
        return inside_raise and isinstance(node, cst.BaseString)

    def _instead(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        if isinstance(node, cst.BaseString):
            yield from list(operator_string(node))[:1]  # upper and lower case show no more
        else:
            for kind, operator in mutation_operators:
                if isinstance(node, kind):
                    yield from operator(node)
        yield from self._own_ways(node)

    def _own_ways(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        match node:
            case cst.Name(value=value) if value in OPPOSITE:
                yield node.with_changes(value=OPPOSITE[value])
            case cst.Integer(value=value):
                yield node.with_changes(value=repr(int(value, 0) - 1)) if int(value, 0) else node
            case cst.Attribute(value=cst.Name(value=owner), attr=cst.Name(value=member)):
                yield from self._neighbour(node, owner, member)
            case cst.Set(elements=elements) | cst.Dict(elements=elements) if len(elements) > 1:
                yield from _one_less(node, elements)
            case cst.Tuple(elements=elements) if len(elements) > 1 and self._where() == "module":
                yield from _one_less(node, elements)
            case cst.If(test=test) | cst.CompIf(test=test):
                yield node.with_changes(test=_turned(test))
            case cst.Expr(value=cst.Call()) | cst.Raise():
                yield cst.Pass()

    def _neighbour(self, node: cst.Attribute, owner: str, member: str) -> Iterator[cst.CSTNode]:
        kind = getattr(self._module, owner, None)
        if isinstance(kind, EnumMeta) and member in kind.__members__:
            names = list(kind.__members__)
            after = names[(names.index(member) + 1) % len(names)]
            yield node.with_changes(attr=cst.Name(after))

    def _functions(self) -> list[cst.CSTNode]:
        return [n for n in self._above if isinstance(n, cst.FunctionDef | cst.ClassDef)]

    def _where(self) -> str:
        return ".".join(n.name.value for n in self._functions()) or "module"

    def _lines(self) -> range | None:
        inside = [n for n in self._above if isinstance(n, cst.FunctionDef)]
        if not inside:
            return None
        place, body = self._positions[inside[0]], self._positions[inside[0].body]
        # The line of ``def`` and its defaults run at the import, whatever is tested.
        at_head = len(self._above) > 0 and any(isinstance(n, cst.Parameters) for n in self._above)
        return None if at_head else range(body.start.line, place.end.line + 1)

    def _line(self) -> int:
        for node in reversed(self._above):
            if place := self._positions.get(node):
                return place.start.line
        return 1

    def _statement(self, node: cst.CSTNode) -> cst.CSTNode:
        for above in reversed([*self._above, node]):
            if isinstance(above, cst.BaseSmallStatement | cst.BaseCompoundStatement):
                return above
        return node


def _code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node).strip()


def _turned(test: cst.BaseExpression) -> cst.BaseExpression:
    held = test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return cst.UnaryOperation(cst.Not(), held)


def _one_less(node, elements) -> Iterator[cst.CSTNode]:
    for gone in range(len(elements)):
        left = [element for place, element in enumerate(elements) if place != gone]
        if len(left) == 1 and isinstance(node, cst.Tuple):
            left = [left[0].with_changes(comma=cst.Comma())]
        yield node.with_changes(elements=left)


def _meaning(source: str) -> str:
    """A module without what says nothing at run time: its texts of documentation."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [s for s in body if not _is_text(s)] or [ast.Pass()]
    return ast.dump(tree)


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _change(module: cst.Module, found: _Found) -> str:
    before = _one_line(module, found.statement)
    after = _one_line(
        module,
        found.instead
        if found.statement is found.node
        else found.statement.deep_replace(found.node, found.instead),
    )
    start = _same(before, after)
    end = _same(before[start:][::-1], after[start:][::-1])
    first = max(0, start - SHOWN // 2)
    ends = [min(len(text), len(text) - end + SHOWN // 2) for text in (before, after)]
    return f"{before[first : ends[0]]} -> {after[first : ends[1]]}"


def _one_line(module: cst.Module, node: cst.CSTNode) -> str:
    if isinstance(node, cst.BaseCompoundStatement) and not isinstance(node, cst.Match):
        node = node.with_changes(body=cst.SimpleStatementSuite([cst.Expr(cst.Ellipsis())]))
        if isinstance(node, cst.If | cst.For | cst.While):
            node = node.with_changes(orelse=None)
    code = module.code_for_node(node)
    return re.sub(r"\s+", " ", re.sub(r"#.*", "", code)).strip()


def _same(one: Iterable[str], other: Iterable[str]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
