"""The walk-through in docs/adding-a-driver.md, carried out word for word on a copy."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "adding-a-driver.md").read_text("utf-8")
FILES = dict(re.findall(r"^File: `([^`]+)`\n\n```\w+\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE))
SESSIONS = re.findall(r"^```console\n\$ ([^\n]+)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the repository's code with the files of the page in it, and nothing else new."""
    folder = tmp_path_factory.mktemp("tree")
    for name in ("drivers", "kiosk", "tests/drivers"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run one line of the page in the copy, with ``kiosk`` and ``pytest`` of this environment."""
    commands = folder / "commands"
    commands.mkdir(exist_ok=True)
    for name in ("kiosk", "pytest"):
        script = commands / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {name} "$@"\n')
        script.chmod(0o755)
    environment = os.environ | {
        "PATH": f"{commands}:{os.environ['PATH']}",
        "PYTHONPATH": str(folder),
        "PYTEST_ADDOPTS": "-p no:cacheprovider -p no:xdist",
    }
    return subprocess.run(
        ["/bin/bash", "-c", command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


def test_the_page_has_two_files_and_its_commands():
    assert sorted(FILES) == ["drivers/scales/axis.py", "drivers/vectors/axis.toml"]
    assert len(SESSIONS) == 3


@pytest.mark.parametrize(("command", "answer"), SESSIONS, ids=[c[:30] for c, _ in SESSIONS])
def test_a_command_of_the_page_answers_as_printed(tree, command, answer):
    done = run(command, tree)
    assert done.returncode == 0, done.stdout + done.stderr
    if answer:
        assert done.stdout == answer
    else:
        assert "passed" in done.stdout


def test_the_printed_driver_meets_the_house_rules(tree):
    file = tree / "drivers" / "scales" / "axis.py"
    for tool in (["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]):
        done = subprocess.run(
            [sys.executable, "-m", *tool, str(file)],
            cwd=tree,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_driver_is_within_the_promised_size():
    lines = sum(len(text.splitlines()) for text in FILES.values())
    assert len(FILES) == 2
    assert lines <= 120


OUTSIDE = PAGE.partition("## Outside this repository")[2].partition("\n## ")[0]


def mine(folder: Path) -> None:
    """The driver of the page under a key of its own, in a folder of its own."""
    folder.mkdir(parents=True)
    driver = FILES["drivers/scales/axis.py"].replace('key="axis"', 'key="mine"')
    (folder / "axis.py").write_text(driver, "utf-8")
    (folder / "axis.toml").write_text(FILES["drivers/vectors/axis.toml"], "utf-8")


def test_a_folder_of_drivers_is_used_as_the_page_says(tree, tmp_path):
    mine(tmp_path / "etc")
    (command,) = re.findall(r"^```sh\n(kiosk doctor .*)\n```", OUTSIDE, re.MULTILINE)
    done = run(command.replace("/etc/kiosk/drivers", str(tmp_path / "etc")), tree)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_package_of_drivers_is_installed_and_used_as_the_page_says(tmp_path):
    package = tmp_path / "source" / "my_package"
    mine(package)
    (package / "__init__.py").touch()
    (entry,) = re.findall(r"^```toml\n(.*?)^```", OUTSIDE, re.MULTILINE | re.DOTALL)
    (tmp_path / "source" / "pyproject.toml").write_text(
        "[build-system]\nrequires = ['setuptools']\nbuild-backend = 'setuptools.build_meta'\n"
        "[project]\nname = 'my-package'\nversion = '1'\n"
        f"{entry}\n[tool.setuptools.package-data]\nmy_package = ['*.toml']\n"
    )
    installed = tmp_path / "installed"
    pip = "-m pip install --quiet --no-deps --no-build-isolation --no-index --target"
    command = [sys.executable, *pip.split(), str(installed), str(tmp_path / "source")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "doctor", "--driver", "mine"],
        env=os.environ | {"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stdout + done.stderr
