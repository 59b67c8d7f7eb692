from pathlib import Path

from drivers.registry import all_drivers
from drivers.table import markdown


def test_the_readme_shows_the_drivers_that_there_are():
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    assert markdown(all_drivers().values()) in readme
