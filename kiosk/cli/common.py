"""What several commands share: the configuration argument, opening the store."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.config.load import ConfigError, load_config
from kiosk.config.schema import Config

if TYPE_CHECKING:
    from kiosk.store.store import Store

DEFAULT_CONFIG = Path("/etc/kiosk/kiosk.toml")


def add_config(parser: argparse.ArgumentParser) -> None:
    """The ``--config`` argument."""
    parser.add_argument(
        "--config", type=Path, default=DEFAULT_CONFIG, help="configuration file (%(default)s)"
    )


def config_of(args: argparse.Namespace) -> Config:
    """Read the named configuration; raises :class:`ConfigError`."""
    return load_config(args.config)


def open_store(config: Config, *, alone: bool) -> Store:
    """Open the configured store; raises :class:`ConfigError` with a sentence for each fault."""
    from kiosk.station.fault_words import fault_words
    from kiosk.station.keys import key_of
    from kiosk.store.errors import StoreError
    from kiosk.store.store import Store

    try:
        return Store.open(Path(config.station.data_dir), key_of(config), alone=alone)
    except StoreError as error:
        raise ConfigError([fault_words(error.fault)]) from None
