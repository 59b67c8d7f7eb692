"""``kiosk user``: the people who may sign in."""

from __future__ import annotations

import argparse
import getpass
import re
import sys
from pathlib import Path

from kiosk.cli.common import config_of, open_store
from kiosk.language.texts import tr
from kiosk.store.people.people import PERSON_ID, PersonRow
from kiosk.store.store import FILE_NAME, Store

PIN = re.compile(r"[0-9]{4,8}")
ROLE = "health-secretary"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments. The PIN is typed or piped, never an argument."""
    names = "{add,list,remove}"
    actions = parser.add_subparsers(dest="action", required=True, metavar=names)
    adding = actions.add_parser("add", help="add somebody, or set a new PIN")
    adding.add_argument("id", help="short name, such as anne")
    adding.add_argument("--display", required=True, help="first name shown on the sign-in tile")
    adding.add_argument("--hpr", default="", help="number in the health personnel register")
    actions.add_parser("list", help="who may sign in")
    removing = actions.add_parser("remove", help="remove somebody")
    removing.add_argument("id")


def run(args: argparse.Namespace) -> int:
    """Carry it out; 2 for a wrong id or PIN."""
    adds = args.action == "add"
    if adds and PERSON_ID.fullmatch(args.id) is None:
        print(tr("En kort id med små bokstaver, for eksempel «anne»."), file=sys.stderr)
        return 2
    config = config_of(args, makes=adds)
    # The first person may come before the first start; an older store waits for that.
    begins = adds and not (Path(config.station.data_dir) / FILE_NAME).exists()
    store = open_store(config, make=begins)
    try:
        return {"add": _add, "list": _list, "remove": _remove}[args.action](store, args)
    finally:
        store.close()


def _add(store: Store, args: argparse.Namespace) -> int:
    pin = getpass.getpass("PIN: ") if sys.stdin.isatty() else sys.stdin.readline().strip()
    if PIN.fullmatch(pin) is None:
        print(tr("PIN-koden må ha 4 til 8 sifre."), file=sys.stderr)
        return 2
    store.add_person(PersonRow(args.id, args.display, ROLE, args.hpr), pin, "cli")
    return 0


def _list(store: Store, _: argparse.Namespace) -> int:
    for person in store.persons():
        print(f"{person.id}\t{person.display}\t{person.role}")
    return 0


def _remove(store: Store, args: argparse.Namespace) -> int:
    if store.remove_person(args.id, "cli"):
        return 0
    print(tr("Ingen har id-en «{id}».").format(id=args.id), file=sys.stderr)
    return 2
