"""``kiosk run``: the touchscreen station."""

from __future__ import annotations

import argparse
import faulthandler
import gc
import os
import signal
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from drivers.folder import replace_file
from drivers.living import Part, catch_the_rest, tell
from kiosk.cli.common import accept, config_of
from kiosk.config.load import ConfigError, speech
from kiosk.config.schema import Config, Panel
from kiosk.language.texts import tr
from kiosk.system import logs
from kiosk.system.watchdog import notify

if TYPE_CHECKING:
    from kiosk.station.station import Station
    from kiosk.store.errors import StoreError
    from kiosk.store.store import Store
    from kiosk.ui.environment import WindowSettings

START_SECONDS = 20.0
"""How long the end waits for a start that is under way."""
END_SECONDS = 60.0
"""How long the end may take in all: a slip that is being printed is finished first."""
STORE_CLOSED = 4
"""Exit code of a station whose store was closed; the service manager starts it again."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "--demo", action="store_true", help="simulated devices, embedded journal, training children"
    )
    parser.add_argument("--size", default="", help="window size for --demo, such as 1024x600")
    parser.add_argument("--slips", type=Path, help="folder that --demo keeps slips in")


def run(args: argparse.Namespace) -> int:
    """Run until the window is closed by the service manager or a signal."""
    logs.configure()
    catch_the_rest()
    # A station that is ended because it hung leaves where each thread was: places, no values.
    faulthandler.enable()
    # Imports make no garbage, and looking for it takes a quarter of the start. The screen collects
    # from its first page on.
    gc.disable()
    return _run_demo(args) if args.demo else _run_station(args)


def _run_station(args: argparse.Namespace) -> int:
    config = config_of(args, makes=True, anyone=True)
    _open_window(config.panel)
    from kiosk.station.station import Station
    from kiosk.store.errors import StoreError

    # Before the store is made, and after what it needs was imported beside the window.
    accept(args.config, config)

    try:
        store = _open(config)
    except StoreError as error:
        return _show_closed(config, error)
    _tell_of_loss(config, store)
    try:
        station = Station(config, store, training=False)
    except ConfigError:
        raise
    except Exception as error:  # noqa: BLE001 - a dark screen that starts again and again says nothing
        store.close()
        return _show_not_built(config, error)
    return _serve(station)


def _open_window(panel: Panel) -> None:
    """Open the window while another thread imports what the station needs.

    The graphics library waits for the display now and then; the imports fill those gaps.
    """
    from kiosk.ui.app import open_window
    from kiosk.ui.environment import NoDisplayError

    importing = Part("importing", lambda: import_module("kiosk.station.station"), ends=True)
    importing.start()
    try:
        open_window(_window(panel))
    except NoDisplayError:
        text = tr("Det er ingen skjerm her. Start tjenesten: sudo systemctl start kiosk")
        raise ConfigError([text]) from None
    finally:
        importing.join()


def _open(config: Config) -> Store:
    from kiosk.station.keys import key_of
    from kiosk.store.database.presence import require
    from kiosk.store.store import Store

    folder = Path(config.station.data_dir)
    # A store that is gone is said to be gone, whatever became of its key; none is ever made here.
    require(folder)
    return Store.open(folder, key_of(config, make=False), new=False)


def _run_demo(args: argparse.Namespace) -> int:
    from kiosk.demo.display import VirtualDisplay, has_display
    from kiosk.demo.puppeteer import Puppeteer
    from kiosk.demo.training import Demo
    from kiosk.station.station import Station

    panel = _panel(args.size)
    # What has been started is ended and cleared away, whoever ends the station and whenever.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    with ExitStack() as stack:
        if not has_display():
            display = VirtualDisplay(panel.width, panel.height)
            stack.callback(display.stop)
            _say(f"No display: the station runs on the virtual display {display.name}.")
        _open_window(panel)
        demo = stack.enter_context(Demo(panel, args.slips))
        station = Station(demo.config, demo.open_store(), training=True)
        assert demo.scale is not None
        assert demo.audiometer is not None
        desk = station.runtime.desk
        told = replace(desk.station, practice=demo.practice)
        station.runtime.desk = replace(desk, station=told)
        station.runtime.watch(Puppeteer(demo.scale.say, press_send=demo.audiometer.say).watch)
        _say(demo.welcome())
        return _serve(station)


def _serve(station: Station) -> int:
    from kiosk.station.lookout import Lookout
    from kiosk.ui.app import run_app

    stopping = _stopped_by_signals()
    lookout = Lookout(station.bus.post, stopping.set, Path(station.config.station.data_dir))
    starting = Part("starting", station.start, ends=True)

    def ready() -> None:
        _ready()
        lookout.begin()
        starting.start()

    try:
        run_app(station.runtime, ready=ready, alive=lookout.look, stopping=stopping)
    finally:
        notify("STOPPING=1")
        _end_in_time()
        starting.end(START_SECONDS)
        station.stop()
    return lookout.code


def _end_in_time() -> None:
    """End the process whatever hangs: what is committed is safe, and the next start goes on."""
    from kiosk.station.lookout import PART_LOST

    def end() -> None:
        time.sleep(END_SECONDS)
        os._exit(PART_LOST)

    Part("ending", end).start()


def _show_not_built(config: Config, error: Exception) -> int:
    """Say on the screen that something unforeseen keeps the station from starting, and try anew."""
    from kiosk.desk.notices import Notice
    from kiosk.station.closed import ClosedDesk
    from kiosk.station.lookout import PART_LOST
    from kiosk.ui.app import run_app

    tell("starting", error)
    stopping = _stopped_by_signals()
    desk = ClosedDesk(config.station.clinic, Notice.RESTARTS_AGAIN, lambda: True, stopping.set)
    run_app(desk, ready=_ready, alive=_alive, stopping=stopping)
    return PART_LOST


def _tell_of_loss(config: Config, store: Store) -> None:
    """Say in the log that the store is less than it was. The screen says it too."""
    from kiosk.station.loss_words import found_words

    with speech(config.station.language):
        for sentence in found_words(store.found, mended=True):
            _say(sentence)


def _show_closed(config: Config, error: StoreError) -> int:
    """Say on the screen why the store is closed, until it opens or somebody stops it."""
    from kiosk.station.closed import ClosedDesk
    from kiosk.station.doctor.store_words import error_words
    from kiosk.station.trouble import closed_notice
    from kiosk.store.errors import StoreError
    from kiosk.ui.app import run_app

    def opens() -> bool:
        try:
            _open(config).close()
        except StoreError:
            return False
        return True

    with speech(config.station.language):
        _say(error_words(error))
    stopping = _stopped_by_signals()
    desk = ClosedDesk(config.station.clinic, closed_notice(error.fault), opens, stopping.set)
    run_app(desk, ready=_ready, alive=_alive, stopping=stopping)
    return STORE_CLOSED


def _window(panel: Panel) -> WindowSettings:
    from kiosk.ui.environment import WindowSettings

    return WindowSettings(
        width=panel.width,
        height=panel.height,
        inches=panel.diagonal,
        fullscreen=panel.fullscreen,
        show_cursor=not panel.hide_cursor,
    )


def _panel(size: str) -> Panel:
    if not size:
        return Panel(fullscreen=False, hide_cursor=False)
    width, _, height = size.partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise ConfigError([tr("--size skrives som BREDDExHØYDE, for eksempel 1280x800.")])
    return Panel(int(width), int(height), fullscreen=False, hide_cursor=False)


def _ready() -> None:
    notify("READY=1")
    marker = os.environ.get("KIOSK_READY_FILE", "")
    if marker:
        replace_file(Path(marker), b"ready\n")


def _alive() -> None:
    # From the screen's own clock: a screen that hangs stops telling, and systemd restarts it.
    notify("WATCHDOG=1")


def _stopped_by_signals() -> Event:
    """An event that the service manager's signal, Ctrl-C or a closed terminal sets from now on."""
    stopping = Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())
    return stopping


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
