"""What is the matter with a device's profile settings, and what to write instead."""

from __future__ import annotations

import difflib

from drivers.driver import Driver
from drivers.profile import Problem
from kiosk.language.texts import tr


def problem_words(driver: Driver, problem: Problem) -> str:
    """Return a sentence that names the setting and what it may be."""
    setting = problem.setting
    if setting is None:
        return _unknown(driver, problem.key)
    values = ", ".join(setting.choices) or setting.example
    near = difflib.get_close_matches(problem.value, setting.choices, n=1, cutoff=0.4)
    if not problem.value:
        text = tr(
            "Velg «{key}» for driveren «{driver}»: produsentene er uenige, og det gjettes ikke. "
            "Mulige verdier: {choices}."
        )
    elif near:
        text = tr("«{value}» passer ikke for «{key}». Mente du «{near}»?")
    else:
        text = tr("«{value}» passer ikke for «{key}». Mulige verdier: {choices}.")
    return text.format(
        value=problem.value,
        key=setting.key,
        driver=driver.key,
        choices=values,
        near=near[0] if near else "",
    )


def _unknown(driver: Driver, key: str) -> str:
    known = [setting.key for setting in driver.settings]
    sentence = tr("Driveren «{driver}» har ingen innstilling «{key}».").format(
        driver=driver.key, key=key
    )
    if near := difflib.get_close_matches(key, known, n=1, cutoff=0.4):
        return sentence + " " + tr("Mente du «{near}»?").format(near=near[0])
    names = ", ".join(known) or tr("ingen")
    return sentence + " " + tr("Kjente innstillinger: {known}.").format(known=names)
