"""What is the matter with the tables of a configuration: every key that cannot stay as it is.

The schema says what may stand there; here are the words for it. A value is shown back only where it
is a number, a truth value or one of a few words: a text may be a secret in the wrong place.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, get_type_hints

import msgspec
from msgspec import Struct
from msgspec.inspect import (
    BoolType,
    DateType,
    DictType,
    FloatType,
    IntType,
    LiteralType,
    Metadata,
    NoneType,
    StrType,
    StructType,
    UnionType,
    VarTupleType,
    type_info,
)

from kiosk.language.texts import tr

SHOWN = 24
"""Characters of a wrong value that are shown back."""


def problems_in(data: Mapping[str, Any], table: type[Struct], prefix: str = "") -> Iterator[str]:
    """Yield a sentence for each unknown, missing or wrong key, each with its full name."""
    info = type_info(table)
    assert isinstance(info, StructType)
    fields = {item.name: item for item in info.fields}
    hints = get_type_hints(table, include_extras=True)
    suggested = set()
    for key, value in data.items():
        if key not in fields:
            suggested.update(_near(key, fields))
            yield _unknown(f"{prefix}{key}", key, prefix, list(fields))
            continue
        yield from _one(f"{prefix}{key}", value, fields[key].type, hints[key])
    for name, item in fields.items():
        if item.required and name not in data and name not in suggested:
            yield _missing(f"{prefix}{name}", item.type)


def _one(name: str, value: object, info: Any, hint: Any) -> Iterator[str]:
    inner = struct_of(info)
    if inner is not None:
        if isinstance(value, dict):
            yield from problems_in(value, inner, f"{name}.")
        else:
            yield tr("«{key}» skal være en tabell. Skriv [{key}] på en egen linje.").format(
                key=name
            )
        return
    plain = _plain(info)
    if isinstance(plain, DictType) and isinstance(value, dict):
        yield from (
            _wrong(f"{name}.{key}", one, plain.value_type)
            for key, one in value.items()
            if not isinstance(one, str)
        )
        return
    try:
        msgspec.convert(value, hint)
    except msgspec.ValidationError:
        yield _wrong(name, value, info)


def _near(key: str, known: Iterable[str]) -> list[str]:
    """The key that was probably meant, if any."""
    return difflib.get_close_matches(key, list(known), n=1, cutoff=0.6)


def _unknown(name: str, key: str, prefix: str, known: list[str]) -> str:
    near = _near(key, known)
    text = tr("ukjent nøkkel «{key}»").format(key=name)
    if near:
        return f"{text}. " + tr("Mente du «{near}»?").format(near=f"{prefix}{near[0]}")
    return f"{text}. " + tr("Kjente nøkler her: {known}.").format(known=", ".join(sorted(known)))


def _missing(name: str, info: Any) -> str:
    if struct_of(info) is not None:
        return tr("tabellen [{key}] mangler.").format(key=name)
    text = tr("«{key}» mangler. Det skal være {expected}.")
    return text.format(key=name, expected=_expected(name, info))


def _wrong(name: str, value: object, info: Any) -> str:
    text = tr("«{key}» skal være {expected}.").format(key=name, expected=_expected(name, info))
    shown = _shown(value, _plain(info))
    return f"{text} " + tr("Det står {value}.").format(value=shown) if shown else text


def _shown(value: object, info: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, date)):
        return str(value)[:SHOWN]
    if isinstance(value, str) and not isinstance(info, StrType):
        return json.dumps(value[:SHOWN], ensure_ascii=False)
    return ""


def struct_of(info: Any) -> type[Struct] | None:
    """The table a field holds, ``None`` for a plain value."""
    options = info.types if isinstance(info, UnionType) else (info,)
    found = (_bare(option) for option in options)
    return next((option.cls for option in found if isinstance(option, StructType)), None)


def _bare(info: Any) -> Any:
    return info.type if isinstance(info, Metadata) else info


def _plain(info: Any) -> Any:
    """The type of a value, without description and without "or nothing"."""
    bare = _bare(info)
    if isinstance(bare, UnionType):
        return next(_plain(one) for one in bare.types if not isinstance(_bare(one), NoneType))
    return bare


def _expected(name: str, info: Any) -> str:
    """What may stand there, to follow "skal være"."""
    plain = _plain(info)
    match plain:
        case BoolType():
            return tr("true eller false, uten hermetegn")
        case IntType():
            return tr("et helt tall") + _limits(plain)
        case FloatType():
            return tr("et tall") + _limits(plain)
        case DateType():
            return tr("en dato, skrevet uten hermetegn: 2026-03-02")
        case LiteralType():
            choices = ", ".join(json.dumps(one, ensure_ascii=False) for one in plain.values)
            return tr("en av disse: {choices}").format(choices=choices)
        case VarTupleType():
            return tr('en liste av tekster: ["…", "…"]')
        case DictType():
            return tr("en tabell: [{key}]").format(key=name)
        case StrType() if plain.pattern is not None:
            return form_of(name) or tr("en tekst i hermetegn")
        case StrType():
            return _text(plain)
    return tr("noe annet")


def _text(info: StrType) -> str:
    if info.max_length is not None:
        return tr("en tekst i hermetegn på høyst {most} tegn").format(most=info.max_length)
    if info.min_length:
        return tr("en tekst i hermetegn som ikke er tom")
    return tr("en tekst i hermetegn")


def _limits(info: Any) -> str:
    steps = getattr(info, "multiple_of", None)
    text = ""
    if info.ge is not None and info.le is not None:
        text = " " + tr("fra {low} til {high}").format(low=info.ge, high=info.le)
    elif info.ge is not None:
        text = " " + tr("på minst {low}").format(low=info.ge)
    return text + (" " + tr("i trinn på {step}").format(step=steps) if steps else "")


def form_of(name: str) -> str:
    """What the pattern of a key means, in words; empty for a key without one."""
    forms = {
        "station.id": tr(
            "små bokstaver (a–z), sifre og bindestrek, høyst 40 tegn, og begynne med bokstav "
            'eller siffer, for eksempel "solbakken-1"'
        ),
        "scale.id": _device_id(),
        "length_board.id": _device_id(),
        "audiometer.id": _device_id(),
        "database.clinic_id": tr(
            'små bokstaver (a–z), sifre og bindestrek, høyst 40 tegn, for eksempel "solbakken"'
        ),
        "journal.url": tr('en adresse, for eksempel "https://journal.example.no/fhir"'),
        "journal.organisation": tr("et organisasjonsnummer på 9 sifre i hermetegn, eller tomt"),
        "journal.sign_in.organisation": tr(
            "et organisasjonsnummer på 9 sifre i hermetegn, eller tomt"
        ),
        "journal.patient_search": tr('en av disse: "post", "get"'),
        "journal.test_patient": tr('en testpasient, skrevet som "Patient/123", eller tomt'),
    }
    return forms.get(name, "")


def _device_id() -> str:
    return tr(
        "bokstaver (a–z), sifre, bindestrek og understrek, høyst 40 tegn, og begynne med bokstav "
        'eller siffer, for eksempel "vekt-1"'
    )
