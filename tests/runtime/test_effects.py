"""Everything the desk may want done is carried out by one of its hands, and by one only."""

from __future__ import annotations

from types import SimpleNamespace

from kiosk.features.ear import Listen
from kiosk.features.status import SendNow
from kiosk.runtime.effects_runner import Performing
from kiosk.station.device_side import DeviceSide
from tests.desk.every import EFFECTS


def nothing(*_: object) -> None:
    return None


def test_every_effect_is_carried_out_by_one_hand_and_by_one_only():
    hands = Performing(
        store=SimpleNamespace(hearing=None),
        decide=nothing,
        looker=nothing,
        press=nothing,
        compose=lambda _: (),
        send_now=nothing,
        post=nothing,
        trouble_of=nothing,
        teach=nothing,
        listen=nothing,
        devices=DeviceSide(nothing, nothing, nothing, nothing).handlers,
        failed=nothing,
        users=lambda: (),
        shelve=nothing,
        accept_file=nothing,
        reject_file=nothing,
    )
    hands.close()
    # The sender is woken and the ear turned at once, by no worker.
    carried = [SendNow, Listen, *(kind for kind, _ in hands.handlers)]
    assert len(carried) == len(set(carried))
    assert set(carried) == set(EFFECTS)
