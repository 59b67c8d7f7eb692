"""From the bytes of a configuration file to its tables, with a sentence for each way they fail."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from kiosk.language.texts import tr

BOM = b"\xef\xbb\xbf"
FEW = 4
"""UTF-16 of Western text has a null byte in about every second; one in so many is enough."""
CURLY, UNSEEN = "“”„‟‘’‚«»", "\u00a0\u200b\u2060\ufeff"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_KEY = re.compile(r"""\s*(\[\[?[^\]=]*\]?\]?|[A-Za-z0-9_."'-]+\s*(?==))""")
_LANGUAGE = re.compile(r"""^\s*language\s*=\s*["'](\w+)["']""", re.MULTILINE)


class Unreadable(Exception):  # noqa: N818 - names what happened
    """The file cannot be read. The text is a sentence that names the file."""


def read_bytes(path: Path) -> bytes:
    """The content of a file; raises :class:`Unreadable`."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        text = tr(
            "{file}: filen finnes ikke. Lag den med «kiosk setup», eller oppgi en annen med "
            "--config."
        )
    except IsADirectoryError:
        text = tr("{file}: dette er en mappe. Oppgi filen, for eksempel {file}/kiosk.toml.")
    except PermissionError:
        text = tr(
            "{file}: filen kan ikke leses av denne brukeren. Bruk sudo, eller gi stasjonens bruker "
            "tilgang: chown root:kiosk {file} && chmod 0640 {file}"
        )
    except (OSError, ValueError):
        text = tr("{file}: filen kan ikke leses. Er disken i orden?")
    raise Unreadable(text.format(file=path))


def tables_in(path: Path, content: bytes) -> dict[str, Any]:
    """The tables of a file with this content; raises :class:`Unreadable`."""
    written = _decoded(path, content)
    try:
        return tomllib.loads(written)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(_syntax(path, written, str(error))) from None
    except ValueError:
        # A number of thousands of digits, which Python refuses to read.
        text = tr("{file}: ikke gyldig TOML: et tall er altfor langt.")
        raise Unreadable(text.format(file=path)) from None
    except RecursionError:
        text = tr("{file}: ikke gyldig TOML: noe er satt inn i noe annet altfor mange ganger.")
        raise Unreadable(text.format(file=path)) from None


def language_in(content: bytes) -> str:
    """The language a file that cannot be read as a whole seems to ask for, or an empty text."""
    found = _LANGUAGE.search(content.decode("latin-1").replace("\0", ""))
    return found[1] if found else ""


def _decoded(path: Path, content: bytes) -> str:
    if content.startswith(BOM):
        text = tr(
            "{file}, linje 1: filen begynner med et usynlig tegn (BOM). Lagre den som UTF-8 uten "
            "BOM."
        )
        raise Unreadable(text.format(file=path))
    if b"\0" in content and content.count(b"\0") * FEW < len(content):
        text = tr("{file}: dette er ingen tekstfil. Lag den med «kiosk setup».")
        raise Unreadable(text.format(file=path))
    if content.startswith(UTF_16) or b"\0" in content:
        text = tr("{file}: filen er lagret som UTF-16. Lagre den som UTF-8 uten BOM.")
        raise Unreadable(text.format(file=path))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        text = tr(
            "{file}, linje {line}: et tegn er ikke UTF-8; filen er trolig lagret som latin-1 "
            "(Windows-1252). Lagre den som UTF-8."
        )
        raise Unreadable(text.format(file=path, line=line)) from None


def _syntax(path: Path, written: str, message: str) -> str:
    """A sentence for what the parser says. Of the line itself only the key is shown: what stands
    behind it may be a secret that somebody put there by mistake.
    """
    lines = written.split("\n")
    place = _PLACE.search(message)
    number = int(place[1]) if place is not None and place[1] else len(lines)
    cause = _PLACE.sub("", message)
    text = lines[number - 1] if 0 < number <= len(lines) else ""
    found = _KEY.match(text)
    key = found[1].strip() if found else ""
    words = (_looks_right(text) or _cause(cause, key)).format(key=key)
    at = tr("{file}, linje {line}").format(file=path, line=max(number, 1))
    return f"{at}: " + tr("ikke gyldig TOML: {words}").format(words=words)


def _looks_right(line: str) -> str:
    """What is wrong with a line that looks right on a screen; empty for any other."""
    if any(mark in line for mark in UNSEEN):
        return tr("linjen har et usynlig tegn. Slett linjen, og skriv den på nytt.")
    value = line.partition("=")[2].strip()
    if value[:1] in tuple(CURLY):
        return tr('verdien til «{key}» står i skrå hermetegn. Bruk rette: "')
    return ""


def _cause(cause: str, key: str) -> str:
    """What the parser means (``tomllib``, 3.11 to 3.13), by how its message begins."""
    known = {
        "Cannot declare": tr("tabellen {key} står to ganger. Samle nøklene under den første."),
        "Cannot overwrite": tr("«{key}» står to ganger. Behold den ene.")
        if key and not key.startswith("[")
        else tr("noe står to ganger. Behold det ene."),
        "Duplicate inline": tr("«{key}» har en nøkkel to ganger. Behold den ene."),
        "Cannot mutate": tr("«{key}» utvider noe som er ferdig skrevet tidligere i filen."),
        "Cannot redefine": tr("«{key}» utvider noe som er ferdig skrevet tidligere i filen."),
        "Expected '=' after": tr("det mangler et likhetstegn. Skriv: nøkkel = verdi"),
        "Invalid initial character": tr(
            "en nøkkel begynner feil. Bruk bokstaver uten æ, ø og å, sifre, _ og -."
        ),
        "Invalid statement": tr("linjen er verken en nøkkel, en [tabell] eller en # kommentar."),
        "Invalid value": tr(
            "verdien til «{key}» er ikke gyldig. Tekst står i hermetegn, og ja og nei skrives "
            "true og false."
        ),
        "Expected newline": tr("det står noe etter {key}. Bruk én linje til hver nøkkel.")
        if key.startswith("[")
        else tr(
            "det står noe etter verdien til «{key}». Bruk én linje til hver nøkkel, og hermetegn "
            "rundt hele teksten."
        ),
        "Expected ']'": tr("tabellen {key} mangler en ] til slutt."),
        "Expected ']]'": tr("tabellen {key} mangler ]] til slutt."),
        "Unterminated string": tr("teksten til «{key}» mangler hermetegnet til slutt."),
        'Expected "': tr("teksten til «{key}» mangler hermetegnet til slutt."),
        "Expected '\"": tr("teksten til «{key}» mangler hermetegnet til slutt."),
        "Illegal character": tr(
            "teksten til «{key}» mangler hermetegnet til slutt, eller har et tegn som ikke kan "
            "brukes."
        ),
        "Found invalid character": tr("linjen har et tegn som ikke kan brukes."),
        "Unescaped '\\'": tr("i teksten til «{key}» skrives tegnet \\ to ganger: \\\\"),
        "Invalid hex": tr("i teksten til «{key}» skrives tegnet \\ to ganger: \\\\"),
        "Escaped character": tr("i teksten til «{key}» skrives tegnet \\ to ganger: \\\\"),
        "Unclosed array": tr("listen til «{key}» mangler en ] til slutt."),
        "Unclosed inline": tr("verdien til «{key}» mangler en krøllparentes til slutt."),
        "Invalid date": tr("«{key}» er ingen dato. Skriv den slik: 2026-03-02"),
    }
    fitting = (text for begins, text in known.items() if cause.startswith(begins))
    return next(fitting, tr("linjen kan ikke forstås."))
