"""What the public says about devices is what the records say."""

from dataclasses import replace
from pathlib import Path

import pytest

from drivers.driver import Maturity
from drivers.registry import all_drivers
from drivers.table import markdown, maturity, page, renewed

ROOT = Path(__file__).parents[2]
DRIVERS = all_drivers()


def test_the_readme_shows_the_drivers_that_there_are():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert renewed(readme, markdown(DRIVERS.values())) == readme, "run `make table`"


def test_the_page_tells_all_that_is_known_of_each_driver():
    written = (ROOT / "docs" / "devices.md").read_text("utf-8")
    assert written == page(DRIVERS.values()), "run `make table`"
    for driver in DRIVERS.values():
        assert f"## `{driver.key}`" in written


def test_a_confirmed_driver_names_by_whom():
    confirmed = replace(
        DRIVERS["radwag"], maturity=Maturity.CONFIRMED, confirmed_by="a clinic in Narvik"
    )
    assert "by a clinic in Narvik" in maturity(confirmed)


def test_a_readme_without_marks_is_refused():
    with pytest.raises(ValueError, match="marks"):
        renewed("# Station", markdown(DRIVERS.values()))
