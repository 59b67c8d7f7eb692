"""What every step of the set-up works with, and trying things as the service would."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
import traceback
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.cli import service_user
from kiosk.cli.common import keep_credentials
from kiosk.cli.setting_up.asking import Asker
from kiosk.cli.setting_up.document import Document
from kiosk.config.load import ConfigError
from kiosk.config.schema import Config
from kiosk.language.texts import tr
from kiosk.system.logs import mask

SYSTEMD = Path("/run/systemd/system")
"""Is there where systemd runs the machine."""


@dataclass(slots=True)
class Bench:
    """The file being made, who answers, and the user the station will run as.

    ``user`` is ``None`` where the station runs as whoever sets it up. ``trouble`` collects what was
    tried and did not work.
    """

    document: Document
    asker: Asker
    user: pwd.struct_passwd | None
    trouble: list[str] = field(default_factory=list)

    def config(self) -> Config:
        """What the file would mean now."""
        return self.document.config()

    def data_dir(self) -> Path:
        """Where the store is or will be."""
        told = self.document.get("station.data_dir")
        return Path(told) if told else Path("/var/lib/kiosk")

    def owner(self) -> tuple[int, int] | None:
        """User and group the configuration is to have; ``None`` to leave both."""
        if os.geteuid() != 0 or self.user is None or self.user.pw_uid == 0:
            return None
        return 0, self.user.pw_gid

    def service_owner(self) -> tuple[int, int] | None:
        """User and group of the service, to whom a file is given; ``None`` where that is us."""
        if os.geteuid() != 0 or self.user is None:
            return None
        return self.user.pw_uid, self.user.pw_gid

    def own(self, path: Path) -> None:
        """Give a file to the service's user."""
        if (owner := self.service_owner()) is not None:
            os.chown(path, *owner)

    def heading(self, words: str) -> None:
        """Begin a step."""
        say(f"\n{words}")

    def as_service(self, action: Callable[[], bool]) -> bool:
        """Do something as the service's user, in a process of its own; whether it went well.

        What it prints is seen; what it learns is gone with it.
        """
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            os._exit(0 if self._in_child(action) else 1)
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status) == 0

    def _in_child(self, action: Callable[[], bool]) -> bool:
        done = False
        try:
            if os.geteuid() == 0 and self.user is not None and self.user.pw_uid != 0:
                keep_credentials(self.config())
                service_user.become(self.user)
            done = action()
        except ConfigError as error:
            for problem in error.problems:
                say(f"  {problem}")
        except Exception:  # noqa: BLE001 - a step that fails must not end the set-up
            # The kind and the place; never what a library was given.
            say("  " + mask(traceback.format_exc(limit=0).strip()))
        sys.stdout.flush()
        sys.stderr.flush()
        return done

    def checked(self, *, softly: bool) -> bool:
        """Tell what every command tells of the configuration as it would be now.

        Returns whether the station would start. ``softly`` tells also what would not stop it.
        """
        from kiosk.station.checking.checking import problems_of

        config, file = self.config(), self.document.path

        def look() -> bool:
            found = problems_of(config)
            for one in found:
                if softly or one.stops:
                    say(f"{file}: {one.text}")
            return not any(one.stops for one in found)

        return self.as_service(look)

    def mark_folders(self) -> None:
        """Mark the folders that files are exchanged through: a person has just named them."""
        from kiosk.station.checking.folders import mark_all

        config = self.config()
        if os.geteuid() == 0 and self.user is not None:
            service_user.make_folder(self.data_dir(), self.user)

        def mark() -> bool:
            told = list(mark_all(config))
            for _, words in told:
                say(f"  {words}")
            return all(marked for marked, _ in told)

        self.as_service(mark)

    def examined(self, only: Collection[str]) -> bool:
        """Let the doctor look at some parts as the service would; whether all is well."""
        from kiosk.station.doctor.examination import Level, examine

        config = self.config()
        words = {Level.FINE: tr("I orden:"), Level.NOTE: tr("Merk:"), Level.SICK: tr("Feil:")}

        def look() -> bool:
            findings = examine(config, only)
            for finding in findings:
                say(f"  {words[finding.level]} {finding.text}")
            return all(finding.level is not Level.SICK for finding in findings)

        return self.as_service(look)


def say(words: str) -> None:
    """Tell whoever sits there."""
    print(words, flush=True)


def systemctl(*words: str) -> bool:
    """Ask systemd for something; whether it did it."""
    try:
        done = subprocess.run(["systemctl", *words], check=False, capture_output=True)  # noqa: S603, S607 - fixed words
    except OSError:
        return False
    return done.returncode == 0


def is_systemd() -> bool:
    """Whether systemd runs this machine and takes orders from this user."""
    return SYSTEMD.is_dir() and os.geteuid() == 0


def later_words() -> str:
    """How a question is left open."""
    return tr("Svar «senere» for å hoppe over.")
