"""How a letter is spelt where a character set does not hold it, as one table.

Sources: ICAO Doc 9303-3, section 6 (Latin letters in passports); resolution 55 of the Cabinet of
Ministers of Ukraine, 2010 (Ukrainian); ICAO Doc 9303-3 (other Cyrillic letters); ISO 843 type 2
(Greek). A letter with a mark that is not here loses the mark.
"""

from __future__ import annotations

from collections.abc import Mapping

_LATIN = {
    "Æ": "AE",
    "Ø": "OE",
    "Å": "AA",
    "Þ": "TH",
    "Ð": "D",
    "Đ": "D",
    "Ł": "L",
    "Ŋ": "N",
    "Ŧ": "T",
    "Ħ": "H",
    "Œ": "OE",
    "Ʒ": "Z",
    "Ǥ": "G",
    "Ə": "E",
    "Ĳ": "IJ",
    "ẞ": "SS",
}
_LATIN_SMALL = {"ß": "ss", "ı": "i", "ĸ": "k", "ŉ": "n"}
_CYRILLIC = {
    "А": "A", "Б": "B", "В": "V", "Г": "H", "Ґ": "G", "Д": "D", "Е": "E", "Є": "Ie", "Ж": "Zh",
    "З": "Z", "И": "Y", "І": "I", "Ї": "I", "Й": "I", "К": "K", "Л": "L", "М": "M", "Н": "N",
    "О": "O", "П": "P", "Р": "R", "С": "S", "Т": "T", "У": "U", "Ф": "F", "Х": "Kh", "Ц": "Ts",
    "Ч": "Ch", "Ш": "Sh", "Щ": "Shch", "Ю": "Iu", "Я": "Ia", "Ё": "E", "Ъ": "Ie", "Ы": "Y",
    "Э": "E", "Ў": "U", "Ј": "J", "Љ": "Lj", "Њ": "Nj", "Ђ": "D", "Ћ": "C", "Џ": "Dz", "Ѓ": "G",
    "Ќ": "K", "Ѕ": "Dz", "Ь": "",
}  # fmt: skip
_GREEK = {
    "Α": "A", "Β": "V", "Γ": "G", "Δ": "D", "Ε": "E", "Ζ": "Z", "Η": "I", "Θ": "Th", "Ι": "I",
    "Κ": "K", "Λ": "L", "Μ": "M", "Ν": "N", "Ξ": "X", "Ο": "O", "Π": "P", "Ρ": "R", "Σ": "S",
    "Τ": "T", "Υ": "Y", "Φ": "F", "Χ": "Ch", "Ψ": "Ps", "Ω": "O",
}  # fmt: skip
_SIGNS = {
    "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-", "‘": "'", "’": "'", "ʼ": "'", "‚": "'",
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "…": "...", "≤": "<=", "≥": ">=",
    "·": "-", "•": "-", "°": " grader", "µ": "u", "μ": "u", "²": "2", "³": "3", "×": "x",
    "ς": "s", "´": "'", "€": "EUR", "№": "nr.",
}  # fmt: skip

_CAPITALS = {**_LATIN, **_CYRILLIC, **_GREEK}
LETTERS: Mapping[str, str] = {
    **{letter.lower(): spelt.lower() for letter, spelt in _CAPITALS.items()},
    **_CAPITALS,
    **_LATIN_SMALL,
    **_SIGNS,
}
FIRST: Mapping[str, str] = {
    "Є": "Ye", "Ї": "Yi", "Й": "Y", "Ю": "Yu", "Я": "Ya",
    "є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya",
}  # fmt: skip
"""Ukrainian letters that are spelt otherwise at the beginning of a word."""

PAIRS: Mapping[str, str] = {"ЗГ": "ZGH", "Зг": "Zgh", "зг": "zgh"}
