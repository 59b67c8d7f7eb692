r"""The forms of a line that a display has shown: what stands around the number, and what it means.

A form is one line of text, so that a profile can hold it and a person can read it::

    stable kg ST,GS,{8.3: +-} kg
    moving minus kg \x02N{6.0>3}

First the state, ``minus`` where the text around the number means it, and the unit. Then the line
without its ending: ``{8.3: +-}`` is a number in eight characters with three decimals, padded with
what stands behind the colon; ``<`` in front of the width: left aligned; ``>3``: the point is not
sent and stands before the last three digits; ``,`` in place of ``.``: a decimal comma. Everything
else stands for itself; ``\x02`` is a byte that cannot be printed, a brace or a backslash.

What no form says is not read: another width, another sign, another word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from drivers.digits import signed
from drivers.events import Quantity, Reading, Stability

UNITS: Final = ("kg", "g", "lb")
PADS: Final = frozenset(" +-")
LONGEST_NUMBER: Final = 9
_FORM = re.compile(
    r"(?P<state>stable|moving|unknown) (?P<minus>minus )?(?P<unit>kg|g|lb) "
    r"(?P<before>[^{}]*)"
    r"\{(?P<left><?)(?P<width>\d{1,2})(?P<mark>[.,])(?P<decimals>\d)(?:>(?P<shift>[1-6]))?"
    r"(?::(?P<pads>[ +-]{1,3}))?\}"
    r"(?P<after>[^{}]*)"
)
_ESCAPED = re.compile(r"\\x([0-9a-f]{2})")


class FormError(ValueError):
    """A text that is no form."""


@dataclass(frozen=True, slots=True)
class Form:
    """One form. ``width`` is of the field in characters; ``shift`` decimals are not sent.

    ``pads`` are the characters that may fill the field, ``left`` says that blanks follow the
    number. ``minus`` is what ``before`` and ``after`` mean.
    """

    state: Stability
    minus: bool
    unit: str
    before: bytes
    after: bytes
    width: int
    decimals: int
    mark: str = "."
    shift: int = 0
    pads: str = ""
    left: bool = False

    def text(self) -> str:
        """Write the form as a profile holds it."""
        words = [self.state.value, *(["minus"] if self.minus else []), self.unit]
        shift = f">{self.shift}" if self.shift else ""
        pads = f":{self.pads}" if self.pads else ""
        side = "<" if self.left else ""
        field = f"{{{side}{self.width}{self.mark}{self.decimals}{shift}{pads}}}"
        return f"{' '.join(words)} {_escaped(self.before)}{field}{_escaped(self.after)}"

    def read(self, line: bytes, raw: bytes) -> Reading | None:
        """Read a line without its ending, or ``None`` if it has another form."""
        end = len(line) - len(self.after)
        field = line[len(self.before) : end]
        if not (line.startswith(self.before) and line.endswith(self.after)):
            return None
        if len(field) != self.width or end < len(self.before):
            return None
        return self._number(field, raw)

    def _number(self, field: bytes, raw: bytes) -> Reading | None:
        fraction = rf"{re.escape(self.mark)}\d{{{self.decimals}}}" if self.decimals else ""
        pads = "".join(re.escape(pad) for pad in self.pads)
        pad, rest = (f"[{pads}]*" if pads else ""), (" *" if self.left else "")
        found = re.fullmatch(rf"({pad})(\d{{1,{LONGEST_NUMBER}}}{fraction}){rest}".encode(), field)
        if found is None or sum(found[1].count(sign) for sign in (b"+", b"-")) > 1:
            return None
        digits = found[2].replace(b",", b".")
        minus = self.minus or b"-" in found[1]
        value, flags = signed(digits, minus=minus)
        if self.shift:
            value = value.scaleb(-self.shift)
        return Reading(Quantity.WEIGHT, value, self.unit, self.state, flags, raw)

    def line(self, value: Decimal) -> bytes:
        """Write a value in this form; raises ``ValueError`` for what it cannot say."""
        scaled = abs(value).scaleb(self.shift)
        if scaled != round(scaled, self.decimals):
            raise ValueError("the form has fewer decimals")
        digits = f"{scaled:.{self.decimals}f}".replace(".", self.mark)
        sign = "-" if value < 0 and not self.minus else "+" if "+" in self.pads else ""
        if (sign and sign not in self.pads) or (value < 0) < self.minus:
            raise ValueError("the form has no such sign")
        fill = " " if " " in self.pads else "0"
        body = sign + digits.rjust(self.width - len(sign), fill)
        if self.left:
            body = (sign + digits).ljust(self.width)
        if len(body) != self.width:
            raise ValueError("the form has another width")
        return self.before + body.encode() + self.after


def form_of(text: str) -> Form:
    """Read one form; raises :class:`FormError`."""
    found = _FORM.fullmatch(text)
    if found is None:
        raise FormError(text)
    return Form(
        Stability(found["state"]),
        bool(found["minus"]),
        found["unit"],
        _bytes(found["before"]),
        _bytes(found["after"]),
        int(found["width"]),
        int(found["decimals"]),
        found["mark"],
        int(found["shift"] or 0),
        found["pads"] or "",
        bool(found["left"]),
    )


def forms_of(text: str) -> tuple[Form, ...]:
    """Read the forms of a profile, one a line; raises :class:`FormError`."""
    return tuple(form_of(line) for line in text.split("\n"))


def _escaped(data: bytes) -> str:
    return "".join(
        chr(byte) if 0x20 <= byte < 0x7F and byte not in b"{}\\" else f"\\x{byte:02x}"
        for byte in data
    )


def _bytes(text: str) -> bytes:
    if re.search(r"\\(?!x[0-9a-f]{2})", text) or not text.isascii():
        raise FormError(text)
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text).encode("latin-1")
