"""The reference of the configuration file, written from the schema so that it stays true."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import cleandoc
from typing import Any, get_type_hints

import msgspec
from msgspec import Struct
from msgspec.inspect import Metadata, StructType, UnionType, type_info

from kiosk.config.schema import Config


def reference() -> str:
    """Markdown: one table for each TOML table, in the order of the schema."""
    return "\n\n".join(_tables(Config, "")) + "\n"


def _tables(above: type[Struct], prefix: str) -> Iterator[str]:
    """Yield a section for each table in ``above``, the tables inside it right after it."""
    for name, hint in get_type_hints(above, include_extras=True).items():
        table = _struct(type_info(hint))
        if table is not None:
            yield f"## `[{prefix}{name}]`\n\n{cleandoc(table.__doc__ or '')}\n\n{_rows(table)}"
            yield from _tables(table, f"{prefix}{name}.")


def _struct(info: Any) -> type[Struct] | None:
    options = info.types if isinstance(info, UnionType) else (info,)
    return next((option.cls for option in options if isinstance(option, StructType)), None)


def _rows(table: type[Struct]) -> str:
    info = type_info(table)
    assert isinstance(info, StructType)
    lines = ["| key | default | meaning |", "| --- | --- | --- |"]
    for item in info.fields:
        if _struct(item.type) is not None:
            continue  # a table inside this one has a section of its own
        default = "**required**" if item.required else f"`{_shown(item)}`"
        lines.append(f"| `{item.name}` | {default} | {_described(item.type)} |")
    return "\n".join(lines)


def _shown(item: Any) -> str:
    if item.default is None:
        return "not set"
    if item.default is msgspec.NODEFAULT:
        return msgspec.json.encode(item.default_factory()).decode()
    return msgspec.json.encode(item.default).decode()


def _described(info: Any) -> str:
    extra = info.extra_json_schema if isinstance(info, Metadata) else None
    text = str((extra or {}).get("description", ""))
    limits = _limits(info.type if isinstance(info, Metadata) else info)
    return f"{text} {limits}".strip().replace("|", "\\|")


def _limits(info: Any) -> str:
    low, high = getattr(info, "ge", None), getattr(info, "le", None)
    return f"{low} to {high}." if low is not None and high is not None else ""
