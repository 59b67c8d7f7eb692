"""XML from a folder that anybody may write to: decoded strictly, without DTD and entities."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final
from xml.parsers.expat import errors

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from drivers.audiogram_files.imported import FileRefused, Refusal

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MOST_TAGS: Final = 200_000
"""A real export of 190 kB has about five thousand tags; each costs memory many times its size."""

_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_ENCODINGS: Final = {
    "utf-8": "utf-8",
    "us-ascii": "ascii",
    "iso-8859-1": "iso-8859-1",
    "windows-1252": "cp1252",
}
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f]")
_UNFINISHED: Final = frozenset(
    errors.codes[message]
    for message in (
        errors.XML_ERROR_NO_ELEMENTS,
        errors.XML_ERROR_UNCLOSED_TOKEN,
        errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        errors.XML_ERROR_PARTIAL_CHAR,
    )
)


def looks_like_xml(data: bytes) -> bool:
    """Whether the first character is ``<``, after a byte order mark and white space."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            head = data[:200].decode(encoding, "replace")
            return head.lstrip("\ufeff \t\r\n").startswith("<")
    return data[:200].lstrip().startswith(b"<")


def parse_xml(data: bytes) -> tuple[Element, int]:
    """Return the root and how many control characters were blanked.

    Noah files are known to hold the character 10h. It becomes a blank, not nothing, so that no
    two digits on its sides can grow together. Raises :class:`FileRefused`.
    """
    text, blanked = _CONTROL.subn(" ", _decoded(data))
    if "\0" in text:
        # Network shares reserve the length of a file and fill it later.
        raise FileRefused(Refusal.MALFORMED, "NUL", unfinished=True)
    if text.count("<") > MOST_TAGS:
        raise FileRefused(Refusal.TOO_LARGE, f"more than {MOST_TAGS} tags")
    return _tree(text), blanked


def _tree(text: str) -> Element:
    try:
        root: Element = fromstring(text, forbid_dtd=True)
    except DefusedXmlException as error:
        raise FileRefused(Refusal.FORBIDDEN_XML, type(error).__name__) from None
    except ParseError as error:
        line, column = error.position
        unfinished = error.code in _UNFINISHED
        code = Refusal.CUT_SHORT if unfinished else Refusal.MALFORMED
        raise FileRefused(code, f"{line}:{column}", unfinished=unfinished) from None
    return root


def _decoded(data: bytes) -> str:
    encoding = _encoding(data)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        cut = "end of data" in error.reason or "truncated" in error.reason
        code = Refusal.CUT_SHORT if cut else Refusal.WRONG_ENCODING
        raise FileRefused(code, f"{encoding} @ {error.start}", unfinished=cut) from None


def _encoding(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    declared = _DECLARED.match(data.lstrip())
    if declared is None:
        return "utf-8"
    name = declared[1].decode().lower()
    if name not in _ENCODINGS:
        raise FileRefused(Refusal.WRONG_ENCODING, name)
    return _ENCODINGS[name]


def local(element: Element) -> str:
    """The name without its namespace."""
    return element.tag.rpartition("}")[2]


def namespace(element: Element) -> str:
    """The namespace, or empty."""
    return element.tag[1:].partition("}")[0] if element.tag.startswith("{") else ""


def named(element: Element, name: str) -> Iterator[Element]:
    """Yield the children of this local name."""
    return (child for child in element if local(child) == name)


def below(element: Element, name: str) -> Iterator[Element]:
    """Yield the element and everything below it that has this local name."""
    return (child for child in element.iter() if local(child) == name)


def text_of(element: Element, name: str) -> str:
    """The text of the first child of this name without white space around; empty without one."""
    child = next(named(element, name), None)
    return (child.text or "").strip() if child is not None else ""


def find_text(element: Element, name: str) -> str:
    """The same for the first element of this name anywhere below."""
    child = next(below(element, name), None)
    return (child.text or "").strip() if child is not None else ""
