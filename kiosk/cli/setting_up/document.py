"""The configuration file being made or changed: what nobody asked about stays, comments too.

tomlkit keeps a file as somebody has written it. Nothing else needs that: it is imported only here.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.items import Item, Table

from drivers.folder import replace_file
from kiosk.config import own_devices
from kiosk.config.load import config_from, load_config
from kiosk.config.schema import Config

MODE = 0o640
"""Root writes the configuration, and the service's group reads it."""

NEW = """\
# Oppsettet til stasjonen, laget av «kiosk setup», som kan kjøres igjen. Hver nøkkel er forklart i
# dokumentet configuration.md. «kiosk check» sier om noe er galt her.
"""

COMMENTS = {
    "station.clinic": "navnet på skjermen og måleskjemaet",
    "station.id": "del av alle id-er som lages her; endres aldri",
    "scale.driver": "se «kiosk devices»",
    "scale.port": "se «kiosk devices»",
    "printer.address": "se «kiosk devices»",
    "journal.url": "grunnadressen til FHIR-tjenesten",
    "journal.token_file": "filen, aldri innholdet",
    "database.key_file": "64 heksadesimale sifre, 0600, eid av tjenestebrukeren",
    "gdt.folder": "mappen journalen henter filer fra",
    "gdt.long_numbers": "leverandøren har sagt at 11 siffer tas imot",
    "csv.folder": "mappen journalen henter filer fra",
}


class Document:
    """One configuration file. Nothing is written before :meth:`write`."""

    def __init__(self, path: Path, content: TOMLDocument, *, new: bool) -> None:
        self.path = path
        self.new = new
        self._content = content
        self._before = tomlkit.dumps(content)
        self.changed: list[str] = []

    @classmethod
    def open(cls, path: Path) -> Document:
        """The file as it is, or a new one; raises :class:`ConfigError` for one that is broken."""
        if not os.path.lexists(path):
            return cls(path, tomlkit.parse(NEW), new=True)
        load_config(path)
        document = cls(path, tomlkit.parse(path.read_text("utf-8")), new=False)
        document._take_over()
        return document

    def _take_over(self) -> None:
        """Write down what was set up on the screen as well: there is one place again then."""
        for table, values in own_devices.in_force(self._content.unwrap()).items():
            self.drop(table)
            for key, value in values.items():
                self.set(f"{table}.{key}", value)

    def get(self, name: str) -> Any:
        """The value of a key such as ``station.id``; ``None`` where it is not set."""
        here: Any = self._content
        for part in name.split("."):
            if not isinstance(here, Mapping) or part not in here:
                return None
            here = here[part]
        return here.unwrap() if hasattr(here, "unwrap") else here

    def set(self, name: str, value: Any) -> None:
        """Set a key in a table of the file, which is added where it is missing."""
        if self.get(name) == value:
            return
        table, _, key = name.partition(".")
        if table not in self._content:
            self._content.add(tomlkit.nl())
            self._content.add(table, tomlkit.table())
        inside = cast("Table", self._content[table])
        fresh = key not in inside
        inside[key] = value
        if fresh and name in COMMENTS and not isinstance(value, Mapping):
            cast("Item", inside.value.item(key)).comment(COMMENTS[name])
        self.changed.append(name)

    def drop(self, name: str) -> None:
        """Take a key away, or a whole table."""
        table, _, key = name.partition(".")
        if self.get(name) is None:
            return
        if key:
            cast("Table", self._content[table]).remove(key)
        else:
            self._content.remove(table)
        self.changed.append(name)

    def config(self) -> Config:
        """What the file would mean now; raises :class:`ConfigError`."""
        return config_from(self._content.unwrap(), str(self.path))

    def write(self, owner: tuple[int, int] | None) -> bool:
        """Put the file in place, whole or not at all; whether there was anything to write.

        ``owner`` is the user and group it is to have. Raises :class:`OSError`, and
        :class:`ConfigError` rather than write a file that the station would refuse.
        """
        text = tomlkit.dumps(self._content)
        if text == self._before and not self.new:
            return False
        self.config()
        replace_file(self.path, text.encode("utf-8"), MODE, owner)
        return True
