"""Tries one mutant: a forked child imports the damaged module and runs the tests that reach it.

The parent has imported every foreign library and nothing of ours, so that a child begins where the
tests begin. Nothing on the disk is changed.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest
from hypothesis import Phase, settings

OURS = ("kiosk", "drivers", "tests", "conftest", "test_")
SCARCE = 10.0
"""Seconds a mutant has beside five times what its tests need undamaged."""

AT_IMPORT = ""
"""The context of a line that ran before any test."""

OPTIONS = (
    "-x",
    "--assert=plain",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:xdist",
    "-p",
    "no:cov",
    "-p",
    "no:faulthandler",
)


@dataclass(slots=True)
class Reached:
    """The undamaged run: seconds of each test, and which lines of the module it ran."""

    seconds: dict[str, float] = field(default_factory=dict)
    lines: dict[str, list[int]] = field(default_factory=dict)

    def tests_for(self, lines: range | None) -> list[str]:
        """The tests that run any of these lines, the quickest first.

        All of them where a line runs at the import, whoever imports first.
        """
        reach = [test for test in self.seconds if self._runs(test, lines)]
        return sorted(reach, key=self.seconds.__getitem__)

    def _runs(self, test: str, lines: range | None) -> bool:
        return lines is None or any(
            line in lines for context in (AT_IMPORT, test) for line in self.lines.get(context, ())
        )


class _Only:
    """Runs these tests only, in this order."""

    def __init__(self, tests: Sequence[str]) -> None:
        self._place = {test: place for place, test in enumerate(tests)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted(
            (item for item in items if item.nodeid in self._place),
            key=lambda item: self._place[item.nodeid],
        )


class _Watch:
    """Notes what each test takes and reaches."""

    def __init__(self, coverage) -> None:
        self.reached = Reached()
        self._coverage = coverage

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item):
        self._coverage.switch_context(item.nodeid)
        begun = time.monotonic()
        result = yield
        self.reached.seconds[item.nodeid] = time.monotonic() - begun
        return result


def reached(path: Path, tests: Sequence[str], leave_out: str) -> Reached:
    """Run the tests undamaged; raises :class:`RuntimeError` if they do not pass."""

    def run(answer: Callable[[object], None]) -> int:
        import coverage

        measured = coverage.Coverage(data_file=None, include=[str(path)], config_file=False)
        watch = _Watch(measured)
        measured.start()
        code = pytest.main([*OPTIONS, "-k", leave_out, *tests], plugins=[watch])
        measured.stop()
        for line, names in measured.get_data().contexts_by_lineno(str(path)).items():
            for name in names:
                watch.reached.lines.setdefault(name, []).append(line)
        foreign = [name for name in sys.modules if _is_foreign(name)]
        answer([watch.reached.seconds, watch.reached.lines, foreign])
        return int(code)

    code, told, said = _Child(run).ended(3600.0)
    if code != 0 or told is None:
        raise RuntimeError(f"the undamaged module does not pass\n{said[-3000:]}")
    seconds, lines, foreign = told
    _warm(foreign)
    return Reached(seconds, lines)


def killed(path: Path, source: str, tests: Sequence[str], seconds: float) -> bool:
    """Whether any of these tests notices the damage."""
    files = sorted({test.split("::")[0] for test in tests})

    def run(_answer: Callable[[object], None]) -> int:
        _damage(path, source)
        return int(pytest.main([*OPTIONS, *files], plugins=[_Only(tests)]))

    code, _, _ = _Child(run).ended(5 * seconds + SCARCE)
    return code != 0


def asked(question: Callable[[], object]) -> object:
    """The answer of a child, which may import what the parent must not."""

    def run(answer: Callable[[object], None]) -> int:
        answer(question())
        return 0

    code, told, said = _Child(run).ended(300.0)
    if code != 0:
        raise RuntimeError(said)
    return told


class _Child:
    """A fork that runs something quietly, in a folder of its own."""

    def __init__(self, run: Callable[[Callable[[object], None]], int]) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="mutant"))
        self._pid = os.fork()
        if self._pid == 0:
            self._live(run)

    def _live(self, run: Callable[[Callable[[object], None]], int]) -> None:
        os.setsid()
        said, code = io.StringIO(), 70
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            os.environ["PYTEST_DEBUG_TEMPROOT"] = str(self._folder)
            settings.register_profile(
                "any-machine",
                deadline=None,
                database=None,
                derandomize=True,
                phases=(Phase.explicit, Phase.generate),
            )
            try:
                code = run(lambda told: self._path("told").write_text(json.dumps(told)))
            except BaseException:  # a fork must never return into what the parent does
                traceback.print_exc()
        self._path("said").write_text(said.getvalue())
        os._exit(code)

    def _path(self, name: str) -> Path:
        return self._folder / name

    def ended(self, seconds: float) -> tuple[int, object, str]:
        """The exit code, the answer and what was printed; a child that hangs is ended."""
        until = time.monotonic() + seconds
        while True:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            if pid:
                code = os.waitstatus_to_exitcode(status)
                break
            if time.monotonic() > until:
                os.killpg(self._pid, signal.SIGKILL)
                os.waitpid(self._pid, 0)
                code = -1
                break
            time.sleep(0.01)
        told, said = self._path("told"), self._path("said")
        answer = json.loads(told.read_text()) if told.exists() else None
        words = said.read_text() if said.exists() else ""
        shutil.rmtree(self._folder, ignore_errors=True)
        return code, answer, words


def _damage(path: Path, source: str) -> None:
    undamaged = SourceFileLoader.get_code

    def get_code(loader: SourceFileLoader, name: str):
        if loader.path == str(path):
            return compile(source, str(path), "exec", dont_inherit=True)
        return undamaged(loader, name)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign]


def _is_foreign(name: str) -> bool:
    top = name.partition(".")[0]
    if top in ("coverage", "xdist", "pytest_cov") or top.startswith(OURS):
        return False
    file = getattr(sys.modules[name], "__file__", None) or ""
    return "site-packages" in file or "/lib/python" in file


def _warm(names: Sequence[str]) -> None:
    for name in names:
        with contextlib.suppress(Exception):
            import_module(name)
