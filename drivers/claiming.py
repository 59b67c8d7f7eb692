"""Which drivers could drive a device that is plugged in, and why the others could not.

Nothing is opened or written: an answer to a guess proves nothing, and a guess sent to the
wrong device may do harm. A USB adapter says what the adapter is, never what hangs on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from drivers.attached import Attached
from drivers.driver import Driver, UsbClaim


class Verdict(StrEnum):
    """How a driver stands to a device."""

    CLAIMS = "claims"
    POSSIBLE = "possible"
    NO = "no"


class Why(StrEnum):
    """The ground for a verdict."""

    USB_IDENTITY = "usb-identity"
    ANY_SERIAL_PORT = "any-serial-port"
    OTHER_USB_IDENTITY = "other-usb-identity"
    OTHER_INTERFACE = "other-interface"
    NOT_A_SERIAL_PORT = "not-a-serial-port"


@dataclass(frozen=True, slots=True)
class Claim:
    """One driver's verdict on one device."""

    driver: str
    verdict: Verdict
    why: Why


def claims_on(device: Attached, drivers: Iterable[Driver]) -> tuple[Claim, ...]:
    """Return every driver's verdict, the likeliest first and the higher priority before."""
    order = list(Verdict)
    ranked = sorted(drivers, key=lambda driver: (-driver.priority, driver.key))
    return tuple(
        sorted((_claim(device, d) for d in ranked), key=lambda claim: order.index(claim.verdict))
    )


def _claim(device: Attached, driver: Driver) -> Claim:
    if any(_fits(device, claim) for claim in driver.claims):
        return Claim(driver.key, Verdict.CLAIMS, Why.USB_IDENTITY)
    if device.kind == "serial":
        return Claim(driver.key, Verdict.POSSIBLE, Why.ANY_SERIAL_PORT)
    if not driver.claims:
        return Claim(driver.key, Verdict.NO, Why.NOT_A_SERIAL_PORT)
    identity = any(_same_identity(device, claim) for claim in driver.claims)
    return Claim(
        driver.key, Verdict.NO, Why.OTHER_INTERFACE if identity else Why.OTHER_USB_IDENTITY
    )


def _fits(device: Attached, claim: UsbClaim) -> bool:
    if not _same_identity(device, claim):
        return False
    return claim.interface_class is None or claim.interface_class in device.interface_classes


def _same_identity(device: Attached, claim: UsbClaim) -> bool:
    return device.vendor == claim.vendor and claim.product in (None, device.product)
