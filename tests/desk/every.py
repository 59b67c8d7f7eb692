"""Every message, news and effect there is, by its name: for tests that speak of many features."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from types import ModuleType, SimpleNamespace
from typing import get_args

from kiosk import features
from kiosk.desk import messages as base
from kiosk.features import hearing
from kiosk.features.second_reading import Which

MODULES: tuple[ModuleType, ...] = (
    base,
    *(
        import_module(f"{package.__name__}.{info.name}")
        for package in (features, hearing)
        for info in pkgutil.iter_modules(package.__path__)
    ),
)


def kinds(of: type) -> tuple[type, ...]:
    """Every kind of touch, news or effect that a feature has, by name."""
    found = {
        one
        for module in MODULES
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, of) and one is not of
    }
    return tuple(sorted(found, key=lambda one: (one.__name__, one.__module__)))


TOUCHES, EFFECTS = kinds(base.Touch), kinds(base.Effect)
NEWS = (*kinds(base.DeskNews), *(one for one in get_args(base.News) if one is not base.DeskNews))


effects = SimpleNamespace(
    **{one.__name__: one for one in EFFECTS},
    Effect=base.Effect,
    Trace=base.Trace,
)
messages = SimpleNamespace(
    **{one.__name__: one for one in (*TOUCHES, *kinds(base.DeskNews))},
    Moment=base.Moment,
    Message=base.Message,
    News=base.News,
    Touch=base.Touch,
    Which=Which,
)
