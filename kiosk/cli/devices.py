"""``kiosk devices``: what is plugged in, which driver could take it, and its lasting address."""

from __future__ import annotations

import argparse
import json
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kiosk.cli.drivers_named import FAILED, add_driver_folder, complain, complain_all
from kiosk.language.texts import tr

if TYPE_CHECKING:
    from drivers.attached import Attached
    from drivers.claiming import Claim
    from drivers.driver import Driver


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_driver_folder(parser)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help="one JSON array for programs")
    how.add_argument(
        "--watch", action="store_true", help="go on and tell what is plugged in and pulled out"
    )
    how.add_argument(
        "--try", dest="port", metavar="PORT", help="listen to a port: which drivers read it"
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=5.0,
        metavar="N",
        help="how long --try listens at a speed",
    )


def run(args: argparse.Namespace) -> int:
    """Print what is plugged in; nothing is opened or written to. 1 if the drivers do not load.

    With ``--try`` one port is opened and listened to; nothing is ever sent to it.

    Programs that take ports away are named on standard error.
    """
    from drivers.attached import attached
    from drivers.claiming import claims_on
    from drivers.host import rivals
    from drivers.registry import RegistryError, all_drivers

    try:
        drivers = all_drivers(args.drivers).values()
    except RegistryError as error:
        complain_all(error.problems)
        return FAILED
    if args.port:
        from kiosk.cli.trying import try_port

        return try_port(args.port, tuple(drivers), args.seconds)
    for rival in sorted(rivals()):
        complain(tr("{program} er installert og kan ta seriekabler.").format(program=rival.value))
    found = [(device, claims_on(device, drivers)) for device in attached()]
    if args.watch:
        return _watch(tuple(drivers))
    if args.json:
        print(json.dumps([as_record(*pair) for pair in found], indent=2, ensure_ascii=False))
    else:
        print("\n\n".join(as_text(*pair) for pair in found) or tr("Ingen enheter er tilkoblet."))
    return 0


def _watch(drivers: tuple[Driver, ...]) -> int:
    """Tell of each change until interrupted."""
    from drivers.claiming import Verdict, claims_on
    from drivers.watching import Change, Watcher

    def tell(change: Change) -> None:
        device = change.device
        if not change.here:
            print(tr("Borte: {name}").format(name=device.node or device.name), flush=True)
            return
        likely = [c for c in claims_on(device, drivers) if c.verdict is not Verdict.NO]
        print(tr("Nytt:") + " " + as_text(device, tuple(likely)), flush=True)

    watcher = Watcher(tell)
    watcher.start()
    try:
        # Whoever is told how to end it may do so at once.
        print(tr("Venter på at noe kobles til eller fra. Avslutt med Ctrl+C."), flush=True)
        threading.Event().wait()
    except KeyboardInterrupt:
        pass
    finally:
        watcher.stop()
    return 0


def as_record(device: Attached, claims: tuple[Claim, ...]) -> dict[str, object]:
    """Return a device for ``--json``; ids are four hexadecimal digits or null."""
    return {
        "kind": device.kind,
        "name": device.name,
        "node": device.node,
        "vendor": _hex(device.vendor),
        "product": _hex(device.product),
        "serial": device.serial or None,
        "usb_path": device.location or None,
        "accessible": device.accessible,
        "address": device.address,
        "rule": device.rule.value,
        "drivers": [
            {"driver": claim.driver, "verdict": claim.verdict.value, "why": claim.why.value}
            for claim in claims
        ],
    }


def as_text(device: Attached, claims: tuple[Claim, ...]) -> str:
    """Return a device as the lines a person reads."""
    ids = f" [{_hex(device.vendor)}:{_hex(device.product)}]" if device.vendor is not None else ""
    lines = [
        f"{device.node or device.location}  {device.name}{ids}".rstrip(),
        "  " + tr("adresse: {address}").format(address=device.address) + f"  ({_rule(device)})",
    ]
    lines += [f"  {text}" for text in _obstacles(device)]
    lines += [f"  {claim.driver}: {_why(claim)}" for claim in claims]
    return "\n".join(lines)


def _obstacles(device: Attached) -> Iterator[str]:
    """Yield what keeps this user from opening the device."""
    from drivers.host import access_to, holders

    access = access_to(device.node) if device.node else None
    if not device.accessible:
        group = access.group if access is not None else "dialout"
        yield tr("Brukeren har ikke tilgang: gruppen {group} mangler.").format(group=group)
    if device.node and (names := holders(device.node)):
        yield tr("brukes av: {names}").format(names=", ".join(names))


def _hex(number: int | None) -> str | None:
    return None if number is None else f"{number:04x}"


def _rule(device: Attached) -> str:
    return {
        "serial-number": tr("bundet til serienummeret"),
        "usb-path": tr("bundet til USB-kontakten; bytt ikke kontakt"),
        "usb-identity": tr("bundet til modellen; bare én slik enhet om gangen"),
        "node": tr("ikke varig: kan bytte navn ved omstart"),
    }[device.rule.value]


def _why(claim: Claim) -> str:
    return {
        "usb-identity": tr("kjenner enheten igjen"),
        "any-serial-port": tr("kan brukes; porten sier ikke hva som henger på den"),
        "other-usb-identity": tr("nei, en annen USB-identitet"),
        "other-interface": tr("nei, riktig enhet, men et annet grensesnitt"),
        "not-a-serial-port": tr("nei, driveren trenger en serieport"),
    }[claim.why.value]
