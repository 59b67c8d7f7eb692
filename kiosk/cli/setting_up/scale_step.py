"""The scale: chosen from what is plugged in, and tried by waiting for a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from drivers.attached import attached
from drivers.claiming import Verdict, claims_on
from drivers.driver import Driver, Kind, Setting
from drivers.events import DeviceEvent, Reading
from drivers.hints import Hint
from drivers.profile import allows, completed
from drivers.registry import RegistryError, all_drivers
from drivers.transports.base import LinkLost, Transport
from drivers.transports.opening import AddressError, check_address, open_transport
from kiosk.cli.setting_up.asking import Answers
from kiosk.cli.setting_up.bench import Bench, later_words, say
from kiosk.language.texts import comma, tr
from kiosk.station.checking.scale_setup import ScaleSetup, driver_folder, is_teachable, scale_setup
from kiosk.station.doctor.port_words import hint_words, loss_words

WAIT = "30"
"""Seconds in which somebody has to put something on the scale."""


def scale_step(bench: Bench) -> None:
    """Ask for the scale, and ask again until it answers or is kept as it is."""
    bench.heading(tr("Vekten"))
    known = bench.document.get("scale.driver")
    if known is not None:
        told = "  " + tr("Satt opp: {driver} på {port}.")
        say(told.format(driver=known, port=bench.document.get("scale.port")))
    question = tr("Endre vekten?") if known else tr("Sette opp vekten nå?")
    if not bench.asker.wants("scale", question, default=known is None):
        return
    while _chosen(bench):
        if _tried(bench) or bench.asker.alone:
            return
        if bench.asker.confirm("scale.keep", tr("Beholde den likevel?"), default=False):
            return


def _chosen(bench: Bench) -> bool:
    """Set driver, port and settings; whether there is a scale at all."""
    try:
        drivers = all_drivers(driver_folder(bench.config()))
    except RegistryError as error:
        say("  " + tr("Driverne kan ikke brukes: {problem}").format(problem=error.problems[0]))
        return False
    scales = {key: one for key, one in drivers.items() if one.kind is Kind.SCALE}
    port = _port(bench, list(scales.values()))
    if port is None:
        return False
    key = _driver(bench, port, scales)
    if key is None:
        return False
    if key != bench.document.get("scale.driver"):
        bench.document.drop("scale")
    bench.document.set("scale.driver", key)
    bench.document.set("scale.port", port)
    settings = _settings(bench, scales[key])
    if settings:
        bench.document.set("scale.settings", dict(settings))
    return True


def _port(bench: Bench, drivers: Sequence[Driver]) -> str | None:
    found = []
    for device in attached():
        claims = [c for c in claims_on(device, drivers) if c.verdict is not Verdict.NO]
        if claims:
            name = f"{device.name or device.node}  ({device.address})"
            found.append((device.address, name))
    if not found and not bench.asker.alone:
        say("  " + tr("Ingen vekt er funnet. Sett i kabelen, eller skriv adressen."))
    say("  " + later_words())
    question = tr("Hvor er vekten koblet til? Skriv nummeret eller adressen")
    default = bench.document.get("scale.port") or (found[0][0] if len(found) == 1 else "")
    return bench.asker.choose(
        "scale.port", question, found, default, later=True, other=_address_fault
    )


def _driver(bench: Bench, port: str, scales: Mapping[str, Driver]) -> str | None:
    """Choose the driver: what knows the device first, then every other."""
    likely: list[str] = []
    for device in attached():
        if device.address == port:
            claims = claims_on(device, scales.values())
            likely = [c.driver for c in claims if c.verdict is Verdict.CLAIMS]
    order = [*likely, *(key for key in sorted(scales) if key not in likely)]
    options = [(key, f"{key}  {scales[key].name}") for key in order]
    default = bench.document.get("scale.driver") or (likely[0] if len(likely) == 1 else "")
    return bench.asker.choose(
        "scale.driver", tr("Hvilken vekt er det?"), options, default, later=True
    )


def _settings(bench: Bench, driver: Driver) -> Mapping[str, str]:
    """What the driver must be told: makers disagree about it, and nothing is guessed."""
    given = dict(bench.document.get("scale.settings") or {})
    if isinstance(bench.asker, Answers):
        return {**given, **bench.asker.table("scale.settings")}
    full = completed(driver, given)
    for setting in driver.settings:
        if setting.key not in full and not _taught_later(driver):
            answer = _setting(bench, setting)
            if answer is not None:
                given[setting.key] = answer
    return given


def _setting(bench: Bench, setting: Setting) -> str | None:
    question = f"{setting.key} ({setting.meaning})"
    if setting.choices:
        options = [(choice, choice) for choice in setting.choices]
        return bench.asker.choose(f"scale.settings.{setting.key}", question, options)

    def check(answer: str) -> str:
        fits = allows(setting, answer)
        return "" if fits else tr("For eksempel: {example}").format(example=setting.example)

    return bench.asker.ask(f"scale.settings.{setting.key}", question, setting.example, check)


def _taught_later(driver: Driver) -> bool:
    return is_teachable(ScaleSetup(driver, {}, driver.line))


def _tried(bench: Bench) -> bool:
    """Wait for a value as the station would; whether one came."""
    config = bench.config()
    wait = (
        float(bench.asker.ask("scale.wait", "", WAIT) or WAIT) if bench.asker.alone else float(WAIT)
    )

    def listen() -> bool:
        setup, table = scale_setup(config), config.scale
        assert setup is not None
        assert table is not None
        if is_teachable(setup):
            say("  " + tr("Denne vekten læres opp på skjermen, fra menyen for utstyr."))
            return True
        say("  " + tr("Legg noe på vekten. Venter i {n} sekunder …").format(n=int(wait)))
        try:
            transport = open_transport(table.port, setup.line)
        except LinkLost as lost:
            say("  " + loss_words(lost.cause, table.port))
            return False
        try:
            heard = _first_value(setup, transport, wait)
        except LinkLost as lost:
            say("  " + loss_words(lost.cause, table.port))
            return False
        finally:
            transport.close()
        if isinstance(heard, Hint):
            say("  " + hint_words(heard))
            return False
        say("  " + tr("Vekten viser {value}.").format(value=heard))
        return True

    if bench.as_service(listen):
        return True
    bench.trouble.append("scale")
    return False


def _first_value(setup: ScaleSetup, transport: Transport, wait: float) -> str | Hint:
    """The first weight above nothing as text, the last word of the line doctor otherwise."""
    from kiosk.station.probe import first

    heard = first(setup, transport, _is_load, wait)
    if isinstance(heard, Hint):
        return heard
    assert isinstance(heard, Reading)
    return f"{comma(str(heard.value))} {heard.unit}"


def _is_load(event: DeviceEvent) -> bool:
    return isinstance(event, Reading) and event.value > 0


def _address_fault(address: str) -> str:
    try:
        check_address(address)
    except AddressError:
        return tr("«{port}» er ingen adresse. Se «kiosk devices».").format(port=address)
    return ""
