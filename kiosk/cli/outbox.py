"""``kiosk outbox``: what waits, what the journal has, what needs a person."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from kiosk.cli.common import config_of, open_store
from kiosk.config.schema import Config
from kiosk.language.texts import tr
from kiosk.model.causes import cause_in
from kiosk.model.elsewhere import together
from kiosk.model.interfaces import INTERFACES
from kiosk.model.outbox import DiscardReason, OutboxItem, figure
from kiosk.model.performer import Performer
from kiosk.model.visit import Delivery
from kiosk.station.clinic.clinic import Clinic, clinic_of
from kiosk.station.decisions import Decisions
from kiosk.station.doctor.journal_words import short_words
from kiosk.station.doctor.store_words import fault_words
from kiosk.store.errors import StoreError, StoreFault
from kiosk.store.store import Store

SERVICE = Performer("service", "Service", role="technician", basis="service")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    actions = ["list", "show", "retry", "confirm", "discard", "mark"]
    parser.add_argument("action", nargs="?", choices=actions, default="list")
    parser.add_argument("id", nargs="?", help="message id, for show, retry, confirm and discard")
    reasons = [reason.value for reason in DiscardReason]
    parser.add_argument("--reason", choices=reasons, help="why a message is given up, for discard")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--again", action="store_true", help="mark another folder than the one that was marked"
    )
    parser.set_defaults(late="id", late_type=str)


def run(args: argparse.Namespace) -> int:
    """Carry it out; 1 if a folder could not be marked, 2 for an id that is none or unknown."""
    config = config_of(args)
    if args.action == "mark":
        return _mark(config, again=args.again)
    item_id = _id(args.id)
    if args.action != "list" and item_id is None:
        print(
            tr("«kiosk outbox {action}» trenger id-en til en melding.").format(action=args.action),
            file=sys.stderr,
        )
        return 2
    if args.action == "discard" and args.reason is None:
        print(tr("«kiosk outbox discard» trenger en grunn: --reason"), file=sys.stderr)
        return 2
    store, clinic = open_store(config), clinic_of(config)
    decide = Decisions(store, clinic).decide
    actions: dict[str, Callable[[], int]] = {
        "list": lambda: _list(store, clinic, as_json=args.json),
        "show": lambda: _show(store, clinic, item_id or UUID(int=0), as_json=args.json),
        "retry": lambda: _decided(
            lambda item: decide(item, lambda there, one: there.retry(one, SERVICE)), item_id
        ),
        "confirm": lambda: _decided(
            lambda item: decide(item, lambda there, one: there.confirm(one, SERVICE)), item_id
        ),
        "discard": lambda: _decided(
            lambda item: decide(
                item, lambda there, one: there.discard(one, DiscardReason(args.reason), SERVICE)
            ),
            item_id,
        ),
    }
    try:
        return actions[args.action]()
    except LookupError:
        print(tr("Ingen melding har id-en {id}.").format(id=args.id), file=sys.stderr)
        return 2
    finally:
        if clinic is not None:
            clinic.close()
        store.close()


def _mark(config: Config, *, again: bool) -> int:
    """Mark every folder that files are exchanged through, and say of each what came of it."""
    from kiosk.station.checking.folders import mark_all

    told = list(mark_all(config, again=again))
    if not told:
        print(tr("Ingen mapper er satt opp: [gdt] og [csv] mangler."), file=sys.stderr)
        return 1
    for marked, words in told:
        print(words, file=sys.stdout if marked else sys.stderr)
    return 0 if all(marked for marked, _ in told) else 1


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _elsewhere(store: Store, clinic: Clinic | None) -> Sequence[OutboxItem]:
    """What waits in the clinic's database of visits that other stations measured."""
    if clinic is None:
        return ()
    try:
        clinic.look(store)
    except StoreError as error:
        # What is not known is never shown as nothing.
        print(fault_words(error.fault), file=sys.stderr)
    return clinic.elsewhere


def _list(store: Store, clinic: Clinic | None, *, as_json: bool) -> int:
    listed, there = store.items(10_000), _elsewhere(store, clinic)
    stand = store.standing([item.visit_id for item in listed])
    items = [_facts(item, stand[item.visit_id].state) for item in listed]
    items += [_facts(item, item.state) | {"elsewhere": True} for item in there]
    if as_json:
        print(json.dumps(items))
        return 0
    for facts in items:
        reason = facts["failure"] or ""
        cause = cause_in(facts["detail"]) if reason else None
        reason += f" ({short_words(cause)})" if cause is not None else ""
        told = f"{facts['id']}  {facts['adapter']:<16}  {facts['state']:<10}"
        print(f"{told} {facts['attempts']:>3}  {reason} {facts['detail']}".rstrip())
    counts = together(store.counts(), there)
    numbers = (counts.waiting, counts.parked, counts.delivered, counts.done)
    words = [figure(number) for number in numbers]
    print("waiting {} · parked {} · delivered {} · done {}".format(*words))
    return 0


def _show(store: Store, clinic: Clinic | None, item_id: UUID, *, as_json: bool) -> int:
    try:
        item = store.item(item_id)
    except LookupError:
        if clinic is None:
            raise
        store = clinic.store()
        item = store.item(item_id)
    stand = store.standing([item.visit_id])[item.visit_id].state
    facts = _facts(item, stand) | {"body": _text(item)}
    if as_json:
        print(json.dumps(facts))
        return 0
    for key, value in facts.items():
        print(f"{key}: {value}")
    return 0


def _decided(decide: Callable[[UUID], None], item_id: UUID | None) -> int:
    try:
        decide(item_id or UUID(int=0))
    except StoreError as error:
        if error.fault is StoreFault.CONTENT_DIFFERS:
            print(
                tr(
                    "Bare en melding som er parkert (rejected), kan prøves igjen eller gis opp, og "
                    "bare en som er levert (delivered), kan bekreftes."
                ),
                file=sys.stderr,
            )
        else:
            print(fault_words(error.fault), file=sys.stderr)
        return 2
    print("done")
    return 0


def _text(item: OutboxItem) -> str | None:
    """The frozen bytes as text, in the characters of their interface."""
    if item.body is None:
        return None
    way = INTERFACES.get(item.adapter)
    return item.body.decode(way.characters if way is not None else "utf-8")


def _facts(item: OutboxItem, stand: Delivery) -> dict[str, Any]:
    """One message; ``stand`` is how its whole visit stands, over every interface."""
    return {
        "id": str(item.id),
        "visit": str(item.visit_id),
        "visit_state": stand.value,
        "kind": item.kind.value,
        "adapter": item.adapter,
        "state": item.state.value,
        "attempts": item.attempts,
        "created": item.created.isoformat(),
        "due": item.due.isoformat(),
        "failure": item.failure.value if item.failure else None,
        "detail": item.detail,
        "remote": item.remote,
    }
