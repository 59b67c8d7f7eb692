"""The pages of an installer: every command in them is one, and the boot test runs them all."""

from __future__ import annotations

import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest

from assets.package.layout import FILES, FOLDERS
from kiosk.cli.command_line import COMMANDS
from kiosk.cli.setting_up.asking import Answers
from kiosk.config.load import config_from
from tests.machine.pages import blocks, commands

ROOT = Path(__file__).parents[2]
PAGES = ("installation.md", "several-stations.md")
FORBIDDEN = ("pip install", "/opt/kiosk", "--identifier 0", "git clone")


@pytest.mark.parametrize("page", PAGES)
def test_every_command_parses_and_is_there(page):
    lines = commands(page)
    assert lines
    for line in lines:
        subprocess.run(["sh", "-nc", line], check=True)
        words = shlex.split(line)
        if words[0] == "kiosk":
            assert words[1] in COMMANDS, line


@pytest.mark.parametrize("page", PAGES)
def test_every_file_of_the_package_that_a_page_names_is_in_it(page):
    text = "\n".join(block.text for block in blocks(page))
    for name in re.findall(r"/usr/[\w./@-]+", text):
        inside = name.strip("/") in FILES.values() or any(
            name.strip("/").startswith(target) and (ROOT / source / Path(name).name).exists()
            for source, target in FOLDERS.items()
        )
        assert inside, name


@pytest.mark.parametrize("page", PAGES)
def test_no_page_tells_what_cannot_work(page):
    text = (ROOT / "docs" / page).read_text("utf-8")
    for words in FORBIDDEN:
        assert words not in text


def test_the_answers_of_the_page_are_answers(tmp_path):
    (block,) = [b for b in blocks("installation.md") if b.language == "toml"]
    (tmp_path / "answers.toml").write_text(block.text, "utf-8")
    answers = Answers(tmp_path / "answers.toml")
    for table in ("station", "key", "person", "scale", "printer", "journal"):
        assert answers.wants(table, "", default=False)


def test_the_configuration_of_the_page_is_one():
    (told,) = [b for b in blocks("several-stations.md") if b.language == "toml"]
    tables = tomllib.loads(told.text)
    tables["station"]["clinic"] = "Solbakken helsestasjon"
    assert config_from(tables, "the page").database.clinic_id == "solbakken"


def test_the_boot_test_runs_every_command_of_the_pages():
    source = (Path(__file__).parent / "checks.py").read_text("utf-8")
    for page in PAGES:
        for block in blocks(page):
            if block.language == "sh":
                assert f'"{block.heading}"' in source, f"{page}: {block.heading} is never run"
