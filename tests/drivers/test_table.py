"""What the public says about devices is what the records say."""

from dataclasses import replace
from pathlib import Path

import pytest

from drivers.driver import Kind, Maturity
from drivers.registry import all_drivers
from drivers.table import markdown, maturity, page, renewed
from drivers.vector_file import FOLDER, VectorError, read_vectors, vectors_for, vectors_of

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


SCALES = sorted(key for key, driver in DRIVERS.items() if driver.kind is Kind.SCALE)


@pytest.mark.parametrize("key", SCALES)
def test_every_model_is_told_with_its_form_and_where_the_bytes_come_from(key):
    driver = DRIVERS[key]
    rows = vectors_of(driver.decoder.__module__).tested
    assert set(driver.models) <= {row.model for row in rows}
    others = {model for d in DRIVERS.values() for model in d.models}
    assert {row.model for row in rows} <= others
    own = {vector.id for vector in vectors_for(driver)}
    for row in rows:
        if row.model in driver.models:
            assert set(row.vectors) <= own, row.model


def test_a_row_about_a_model_that_shows_no_vector_is_refused(tmp_path):
    text = (FOLDER / "axis.toml").read_text()
    for change in (
        text.replace('vectors = ["X1", "X2"]', 'vectors = ["X9"]'),
        text.replace('origin = "manual"', 'origin = "hearsay"'),
        text.replace('form = "16 bytes"\n', ""),
    ):
        assert change != text
        (tmp_path / "axis.toml").write_text(change)
        with pytest.raises(VectorError, match="tested"):
            read_vectors(tmp_path / "axis.toml")
