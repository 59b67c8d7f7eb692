"""What ``make mutants`` is told to do is there: a module that moved would silently not be tried."""

import tomllib
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
RULES = tomllib.loads((HERE / "rules.toml").read_text("utf-8"))["modules"]
EQUIVALENT = tomllib.loads((HERE / "equivalent.toml").read_text("utf-8"))["equivalent"]


def test_the_rules_and_their_tests_are_where_they_are_looked_for():
    files = [module.replace(".", "/") + ".py" for module in RULES]
    files += [name for tests in RULES.values() for name in tests]
    assert [name for name in files if not (ROOT / name).is_file()] == []


def test_an_equivalent_mutant_is_of_a_rule_and_has_a_reason():
    assert [row for row in EQUIVALENT if row["module"] not in RULES or len(row["why"]) < 20] == []
    names = [(row["module"], row["where"], row["change"]) for row in EQUIVALENT]
    assert len(names) == len(set(names))
