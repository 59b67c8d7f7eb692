"""The look as data: colours, type sizes, spaces, and one unit that follows the panel.

Sizes are given in design pixels of a 10.1 inch panel of 1280 × 800, and touch targets in
millimetres; :func:`use` fixes how many pixels they are on the panel at hand. Contrast pairs are
declared here so that a test holds them in each palette: 4.5:1 for text, 3:1 for borders, icons
and text from 24 px (WCAG 2.2, 1.4.3 and 1.4.11). Touch sizes follow kiosk keypad studies: 20 mm
for the main action, 15 mm for others, 12 mm at the very least, 3 mm between.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from kiosk.desk.appearance import Hand, Look, Palette

Rgba = tuple[float, float, float, float]


def rgb(code: str, alpha: float = 1.0) -> Rgba:
    """Read ``#rrggbb`` as Kivy's four parts between 0 and 1."""
    red, green, blue = (int(code[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue, alpha


CLEAR = rgb("#ffffff", 0.0)
SCRIM = rgb("#10191e", 0.62)
DARK = rgb("#000000")

LIGHT = {
    "PAGE": "#f3f5f6",
    "SURFACE": "#ffffff",
    "SUNKEN": "#eaeef0",
    "INK": "#1d2a31",
    "SUBTLE": "#51606a",
    "LINE": "#d5dce0",
    "BORDER": "#7b8992",
    "PRIMARY": "#0a6175",
    "PRIMARY_DOWN": "#084b5b",
    "WAKING": "#4a7a86",
    "PRIMARY_SOFT": "#e1f0f3",
    "ON_PRIMARY": "#ffffff",
    "IDLE": "#dfe5e8",
    "ON_IDLE": "#55636c",
    "GOOD": "#0b6b3c",
    "GOOD_SOFT": "#e3f3ea",
    "WARN": "#7a4a00",
    "WARN_SOFT": "#fdf0d7",
    "BAD": "#a3281a",
    "BAD_SOFT": "#fbe9e6",
    "TRAINING": "#5b2a86",
    "ON_TRAINING": "#ffffff",
    "EAR_RIGHT": "#c0182b",
    "EAR_LEFT": "#1650b8",
}
CONTRAST = {
    "PAGE": "#ffffff",
    "SURFACE": "#ffffff",
    "SUNKEN": "#f0f0f0",
    "INK": "#000000",
    "SUBTLE": "#262626",
    "LINE": "#000000",
    "BORDER": "#000000",
    "PRIMARY": "#003b4a",
    "PRIMARY_DOWN": "#001d25",
    "WAKING": "#2f5f6c",
    "PRIMARY_SOFT": "#e6f4f7",
    "ON_PRIMARY": "#ffffff",
    "IDLE": "#e4e4e4",
    "ON_IDLE": "#3f3f3f",
    "GOOD": "#00421f",
    "GOOD_SOFT": "#effaf3",
    "WARN": "#4a2c00",
    "WARN_SOFT": "#fff6e3",
    "BAD": "#7d0d00",
    "BAD_SOFT": "#fdf0ee",
    "TRAINING": "#3d1560",
    "ON_TRAINING": "#ffffff",
    "EAR_RIGHT": "#8f0016",
    "EAR_LEFT": "#002b80",
}
"""Black on white with black edges: every text 7:1 or more (WCAG 2.2, 1.4.6)."""

PALETTES: dict[Palette, dict[str, str]] = {Palette.LIGHT: LIGHT, Palette.CONTRAST: CONTRAST}
"""Each colour by its name; :func:`wear` puts one palette on."""

PAGE = rgb(LIGHT["PAGE"])
SURFACE = rgb(LIGHT["SURFACE"])
SUNKEN = rgb(LIGHT["SUNKEN"])
INK = rgb(LIGHT["INK"])
SUBTLE = rgb(LIGHT["SUBTLE"])
LINE = rgb(LIGHT["LINE"])
BORDER = rgb(LIGHT["BORDER"])
PRIMARY = rgb(LIGHT["PRIMARY"])
PRIMARY_DOWN = rgb(LIGHT["PRIMARY_DOWN"])
WAKING = rgb(LIGHT["WAKING"])
PRIMARY_SOFT = rgb(LIGHT["PRIMARY_SOFT"])
ON_PRIMARY = rgb(LIGHT["ON_PRIMARY"])
IDLE = rgb(LIGHT["IDLE"])
ON_IDLE = rgb(LIGHT["ON_IDLE"])
GOOD = rgb(LIGHT["GOOD"])
GOOD_SOFT = rgb(LIGHT["GOOD_SOFT"])
WARN = rgb(LIGHT["WARN"])
WARN_SOFT = rgb(LIGHT["WARN_SOFT"])
BAD = rgb(LIGHT["BAD"])
BAD_SOFT = rgb(LIGHT["BAD_SOFT"])
TRAINING = rgb(LIGHT["TRAINING"])
ON_TRAINING = rgb(LIGHT["ON_TRAINING"])
EAR_RIGHT = rgb(LIGHT["EAR_RIGHT"])
EAR_LEFT = rgb(LIGHT["EAR_LEFT"])

TEXT_PAIRS: tuple[tuple[str, str, str], ...] = (
    ("ink on page", "INK", "PAGE"),
    ("ink on surface", "INK", "SURFACE"),
    ("ink on sunken", "INK", "SUNKEN"),
    ("ink on soft primary", "INK", "PRIMARY_SOFT"),
    ("subtle on page", "SUBTLE", "PAGE"),
    ("subtle on surface", "SUBTLE", "SURFACE"),
    ("subtle on sunken", "SUBTLE", "SUNKEN"),
    ("primary button", "ON_PRIMARY", "PRIMARY"),
    ("primary button pressed", "ON_PRIMARY", "PRIMARY_DOWN"),
    ("primary button waking", "ON_PRIMARY", "WAKING"),
    ("primary on surface", "PRIMARY", "SURFACE"),
    ("primary on soft primary", "PRIMARY", "PRIMARY_SOFT"),
    ("disabled button", "ON_IDLE", "IDLE"),
    ("good on surface", "GOOD", "SURFACE"),
    ("good on soft good", "GOOD", "GOOD_SOFT"),
    ("warning on soft warning", "WARN", "WARN_SOFT"),
    ("warning on surface", "WARN", "SURFACE"),
    ("bad on soft bad", "BAD", "BAD_SOFT"),
    ("bad on surface", "BAD", "SURFACE"),
    ("training banner", "ON_TRAINING", "TRAINING"),
    ("right ear on surface", "EAR_RIGHT", "SURFACE"),
    ("left ear on surface", "EAR_LEFT", "SURFACE"),
)
SHAPE_PAIRS: tuple[tuple[str, str, str], ...] = (
    ("border on surface", "BORDER", "SURFACE"),
    ("border on page", "BORDER", "PAGE"),
    ("training border on page", "TRAINING", "PAGE"),
    ("primary border on surface", "PRIMARY", "SURFACE"),
    ("waking bar on surface", "WAKING", "SURFACE"),
)
"""What stands on what, by the names of the colours."""

HUGE = 132
NAME = 88
BIRTH = 58
DISPLAY = 44
TITLE = 32
LARGE = 27
BODY = 23
SMALL = 20
TEXT_MIN = 18
"""No text is smaller than this many pixels, on any panel."""

GAP = 24
GAP_SMALL = 12
MARGIN = 32
RADIUS = 14
LINE_HEIGHT = 1.362
"""Height of a line of Noto Sans, in parts of the font size; 0.293 of it lies below the line."""
DESCENT = 0.293

TOUCH_MIN, TOUCH, TOUCH_PRIMARY, TOUCH_GAP = 12, 15, 20, 3
"""Millimetres: the least, secondary, primary, and the gap between targets."""

MM_PER_INCH = 25.4
DESIGN_WIDTH, DESIGN_HEIGHT, DESIGN_INCHES = 1280, 800, 10.1

ASSETS = Path(__file__).resolve().parent.parent.parent / "assets"
FONTS = {
    "regular": str(ASSETS / "fonts" / "NotoSans-Regular.ttf"),
    "semibold": str(ASSETS / "fonts" / "NotoSans-SemiBold.ttf"),
    "bold": str(ASSETS / "fonts" / "NotoSans-Bold.ttf"),
}


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel: pixels and the diagonal in inches. A detected dpi is not to be trusted."""

    width: int
    height: int
    inches: float

    @property
    def px_per_mm(self) -> float:
        """Pixels a millimetre of glass."""
        return math.hypot(self.width, self.height) / (self.inches * MM_PER_INCH)

    @property
    def unit(self) -> float:
        """Pixels of a design pixel: as large as the window allows, never physically smaller."""
        drawn = min(self.width / DESIGN_WIDTH, self.height / DESIGN_HEIGHT)
        return max(drawn, self.px_per_mm / DESIGN.px_per_mm)


DESIGN = Panel(DESIGN_WIDTH, DESIGN_HEIGHT, DESIGN_INCHES)


@dataclass(slots=True)
class _Setting:
    """What holds for every widget: the station has one panel, and one look at a time."""

    panel: Panel
    look: Look


_setting = _Setting(DESIGN, Look())


def wear(look: Look) -> None:
    """Draw in this look from now on. Widgets take colours and sizes along: build them anew."""
    _setting.look = look
    globals().update({name: rgb(code) for name, code in PALETTES[look.palette].items()})


def left_handed() -> bool:
    """Whether the main action and the keys are at the left."""
    return _setting.look.hand is Hand.LEFT


def text_growth() -> float:
    """How many times larger than usual texts are drawn where there is room; at least 1."""
    return _setting.look.text / 100


def use(panel: Panel) -> None:
    """Fix the panel that every size is computed for."""
    _setting.panel = panel


def panel() -> Panel:
    """The panel in use."""
    return _setting.panel


def px(design: float) -> int:
    """Pixels for a size in design pixels."""
    return round(design * _setting.panel.unit)


def mm(millimetres: float) -> int:
    """Pixels for at least so many millimetres of glass, growing with the rest of the page."""
    return math.ceil(millimetres * DESIGN.px_per_mm * _setting.panel.unit)


def font_px(design: float) -> int:
    """Pixels for a type size, never below the least readable one."""
    return max(px(design), TEXT_MIN)


def contrast(one: Rgba, other: Rgba) -> float:
    """The contrast ratio of two opaque colours (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Rgba) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3]
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
