"""``kiosk measure``: one measurement without a screen.

Exit codes: 0 accepted by the journal · 2 wrong command line or configuration · 3 saved and
queued · 4 no weight in time · 5 the identity was not confirmed · 6 the number looks mistyped
and no reason was given · 7 not saved · 8 the journal refused; a person must look.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from kiosk.cli.common import accept, config_of, open_store
from kiosk.desk.state import Desk
from kiosk.language.texts import tr
from kiosk.model.identity import check_number
from kiosk.model.visit import OddReason
from kiosk.runtime.headless import EXIT_CODES, Headless, Order, Stopped, outcome_of
from kiosk.system.hidden_arguments import hide_arguments


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "--identifier", required=True, help="identity number; -: one line of standard input"
    )
    parser.add_argument(
        "--birth-date", required=True, help="YYYY-MM-DD; -: the next line of standard input"
    )
    parser.add_argument(
        "--given", required=True, help="given name; -: the next line of standard input"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--no-slip", action="store_true", help="print no slip")
    parser.add_argument(
        "--on-scale", action="store_true", help="the child is on the scale already: weigh it"
    )
    parser.add_argument(
        "--display",
        type=_number,
        metavar="NUMBER",
        help="what the scale's display shows: confirms a value that nothing else can confirm",
    )
    parser.add_argument(
        "--odd-reason",
        choices=[reason.value for reason in OddReason],
        help="confirm a number that looks mistyped",
    )
    parser.add_argument("--wait", type=float, default=120.0, help="seconds to wait for a weight")
    parser.add_argument(
        "--wait-journal", type=float, default=20.0, help="seconds to wait for the journal"
    )


def run(args: argparse.Namespace) -> int:
    """Measure; returns one of the documented exit codes."""
    from kiosk.system import logs

    # Other users of the machine can list processes with their arguments.
    hide_arguments("kiosk measure")
    logs.configure()
    order = _order(args)
    if order is None:
        return 2
    from kiosk.station.station import Station

    config = config_of(args, makes=True)
    accept(args.config, config)
    station = Station(config, open_store(config, alone=True, make=True, new=False), training=False)
    station.start()
    try:
        station.sign_in_service()
        headless = Headless(station.runtime, station.bus, _tell)
        try:
            headless.measure(order)
        except Stopped as stopped:
            return _report(headless.desk, stopped.code, as_json=args.json)
        return _report(headless.desk, outcome_of(headless.desk), as_json=args.json)
    finally:
        station.stop()


def _order(args: argparse.Namespace) -> Order | None:
    identifier, birth_date, given = map(_told, (args.identifier, args.birth_date, args.given))
    if not given:
        print(tr("Fornavnet mangler."), file=sys.stderr)
        return None
    check = check_number(identifier)
    if check.stops:
        print(tr("Identitetsnummeret har ikke 11 sifre (12 for DUF)."), file=sys.stderr)
        return None
    try:
        born = date.fromisoformat(birth_date)
    except ValueError:
        print(tr("Fødselsdatoen skrives som ÅÅÅÅ-MM-DD."), file=sys.stderr)
        return None
    if born > date.today():  # noqa: DTZ011 - birth dates are local
        print(tr("Fødselsdatoen er i fremtiden."), file=sys.stderr)
        return None
    reason = OddReason(args.odd_reason) if args.odd_reason else None
    return Order(
        number=check.number,
        birth_date=born,
        given_name=given,
        slip=not args.no_slip,
        on_scale=args.on_scale,
        odd_reason=reason,
        wait_for_weight=args.wait,
        wait_for_journal=args.wait_journal,
        display=args.display,
    )


def _told(argument: str) -> str:
    """What an argument says, or the next line of standard input in its place."""
    return (sys.stdin.readline() if argument == "-" else argument).strip()


def _number(text: str) -> Decimal:
    """The digits of a display, with a comma or a point; :class:`ValueError` for anything else."""
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise ValueError(text) from None


def _tell(hold: str) -> None:
    print(f"weighing: {hold}", file=sys.stderr)


def _report(desk: Desk, outcome: str, *, as_json: bool) -> int:
    facts: dict[str, Any] = {"outcome": outcome}
    drafts = desk.saved.drafts if desk.saved else ()
    if desk.saved is not None:
        facts["visit"] = str(desk.saved.id)
        facts["delivery"] = desk.saved.delivery.value
        facts["slip"] = desk.saved.slip.value
        facts["failure"] = desk.saved.failure.value if desk.saved.failure else None
    elif desk.front.notice is not None:
        facts["notice"] = desk.front.notice.value
    facts["measurements"] = [
        {
            "id": str(d.id),
            "quantity": d.quantity.value,
            "value": d.text,
            "unit": d.unit,
            "measured_at": d.measured_at.isoformat(),
        }
        for d in drafts
    ]
    if as_json:
        print(json.dumps(facts, ensure_ascii=False))
    else:
        for d in drafts:
            print(f"{d.quantity.value}: {d.text} {d.unit}")
        print(f"{outcome}" + (f" ({facts['delivery']})" if "delivery" in facts else ""))
    return EXIT_CODES[outcome]
