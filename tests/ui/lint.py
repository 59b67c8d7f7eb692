"""Looks over a laid-out screen: nothing clipped, nothing overlapping, everything touchable."""

from __future__ import annotations

from functools import cache
from itertools import combinations

from fontTools.ttLib import TTFont

from tests.ui.driver import Driver

SLACK = 1.5
"""Pixels that rounding may cost."""


def faults(driver: Driver) -> list[str]:
    """Everything that is wrong with what is on the screen."""
    from kivy.uix.label import Label

    from kiosk.ui.widgets.press import Press

    widgets = [w for w in driver.walk() if _shown(w)]
    labels = [w for w in widgets if isinstance(w, Label) and w.text]
    targets = [w for w in widgets if isinstance(w, Press)]
    found = [fault for label in labels for fault in _text_faults(label)]
    found += [fault for target in targets for fault in _touch_faults(target, driver)]
    found += [fault for w in widgets for fault in _place_faults(w)]
    return found + _crowded(targets, driver)


def _shown(widget) -> bool:
    while widget is not None and hasattr(widget, "opacity"):
        if widget.opacity == 0:
            return False
        widget = widget.parent if widget.parent is not widget else None
    return True


def _name(widget) -> str:
    text = getattr(widget, "text", "")
    return f"{type(widget).__name__} {getattr(widget, 'test_id', '')!r} {text[:40]!r}"


def _text_faults(label) -> list[str]:
    from kiosk.ui import theme
    from kiosk.ui.widgets.text import text_width

    found = []
    width, height = label.texture_size
    height *= getattr(label, "ink_share", 1)
    if height > label.height + SLACK or width > label.width + SLACK:
        found.append(f"clipped: {_name(label)} {label.texture_size} in {label.size}")
    if label.font_size < theme.TEXT_MIN:
        found.append(f"small: {_name(label)} {label.font_size}")
    room = label.text_size[0] or label.width
    widest = max(text_width(w, label.font_name, int(label.font_size)) for w in label.text.split())
    if widest > room + SLACK:
        found.append(f"broken word: {_name(label)} {widest} in {room}")
    tofu = {c for c in label.text if ord(c) not in _glyphs(label.font_name) and c != "\n"}
    if tofu:
        found.append(f"no glyph: {_name(label)} {tofu}")
    return found


@cache
def _glyphs(font: str) -> frozenset[int]:
    return frozenset(TTFont(font).getBestCmap())


def _touch_faults(target, driver: Driver) -> list[str]:
    from kiosk.ui import theme
    from kiosk.ui.widgets.button import Kind

    primary = getattr(target, "kind", None) is Kind.PRIMARY
    least = theme.TOUCH_PRIMARY if primary else theme.TOUCH_MIN
    side = min(target.size) / driver.panel.px_per_mm
    if side < least:
        return [f"hard to touch: {_name(target)} {side:.1f} mm"]
    return []


def _place_faults(widget) -> list[str]:
    from kivy.uix.floatlayout import FloatLayout

    children = [c for c in widget.children if _shown(c) and c.width > 0 and c.height > 0]
    found = [
        f"outside: {_name(c)} {c.pos} {c.size} in {_name(widget)} {widget.pos} {widget.size}"
        for c in children
        if not _inside(c, widget)
    ]
    if not isinstance(widget, FloatLayout):
        found += [
            f"overlap: {_name(a)} and {_name(b)}"
            for a, b in combinations(children, 2)
            if _overlap(a, b)
        ]
    return found


def _inside(child, parent) -> bool:
    return (
        child.x >= parent.x - SLACK
        and child.y >= parent.y - SLACK
        and child.right <= parent.right + SLACK
        and child.top <= parent.top + SLACK
    )


def _overlap(a, b) -> bool:
    wide = min(a.right, b.right) - max(a.x, b.x)
    high = min(a.top, b.top) - max(a.y, b.y)
    return wide > SLACK and high > SLACK


def _crowded(targets, driver: Driver) -> list[str]:
    """Touch targets of the same layer that stand closer than the gap that fingers need."""
    from kiosk.ui import theme
    from kiosk.ui.widgets.dialog import Dialog

    dialog = next((w for w in driver.walk() if isinstance(w, Dialog)), None)
    if dialog is not None:
        targets = [t for t in targets if _within(t, dialog)]
    least = theme.TOUCH_GAP * driver.panel.px_per_mm - SLACK
    return [
        f"crowded: {_name(a)} and {_name(b)}"
        for a, b in combinations(targets, 2)
        if _apart(a, b) < least and not (_within(a, b) or _within(b, a))
    ]


def _within(widget, ancestor) -> bool:
    while widget is not None and widget.parent is not widget:
        if widget is ancestor:
            return True
        widget = widget.parent
    return False


def _apart(a, b) -> float:
    wide = max(a.x, b.x) - min(a.right, b.right)
    high = max(a.y, b.y) - min(a.top, b.top)
    return max(wide, high)
