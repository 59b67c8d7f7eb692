"""What is plugged in while the station runs: links look at once, and the page of devices tells it.

A device the configuration already names needs no words. Of the others only those that some driver
may drive are told: a new mouse is nobody's business.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence

from drivers.attached import Attached
from drivers.claiming import Verdict, claims_on
from drivers.driver import Driver
from drivers.transports.opening import file_behind
from drivers.watching import Change
from kiosk.desk.messages import News
from kiosk.features.devices import DevicePlugged

LOG = logging.getLogger(__name__)


class Plugging:
    """Takes the watcher's changes."""

    def __init__(
        self,
        wake: Iterable[Callable[[], None]],
        post: Callable[[News], None],
        drivers: Sequence[Driver],
        configured: Sequence[str],
    ) -> None:
        """``wake`` are the links' own; ``configured`` the addresses that are taken."""
        self._wake = tuple(wake)
        self._post = post
        self._drivers = drivers
        self._configured = configured

    def changed(self, change: Change) -> None:
        """Wake the links; tell of a device that nobody uses yet."""
        if change.here:
            for wake in self._wake:
                wake()
        device = change.device
        if not self._is_told(device):
            return
        LOG.info("%s: %s %s", "plugged in" if change.here else "gone", device.name, device.address)
        self._post(DevicePlugged(device.name or device.node, device.address, here=change.here))

    def _is_told(self, device: Attached) -> bool:
        if device.address in self._configured:
            return False
        if device.node and any(_is_node(address, device.node) for address in self._configured):
            return False
        verdicts = {claim.verdict for claim in claims_on(device, self._drivers)}
        return bool(verdicts & {Verdict.CLAIMS, Verdict.POSSIBLE})


def _is_node(address: str, node: str) -> bool:
    """Whether a configured address leads to this node now."""
    path = file_behind(address)
    try:
        return path is not None and str(path.resolve()) == node
    except OSError:
        return False
