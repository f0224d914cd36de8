"""Frozen results to JSON values and back, by their declared types."""

from __future__ import annotations

import types
import typing
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """A result as JSON holds it: dates ``YYYY-MM-DD``, moments ISO-8601 UTC with ``Z``."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [to_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, Decimal) else value


def grown(kind: type[T], row: Any, **more: Any) -> T:
    """A frozen row as the ``kind`` that adds fields to its own."""
    return kind(**{field.name: getattr(row, field.name) for field in fields(row)}, **more)


def thaw(hint: Any, value: Any) -> Any:
    """The value of that type which ``to_plain`` made this from."""
    if value is None:
        return None
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if isinstance(hint, types.UnionType) or origin is typing.Union:
        return thaw(next(arg for arg in args if arg is not type(None)), value)
    if origin in (tuple, list, frozenset, set):
        return origin(thaw(args[0], item) for item in value)
    if origin is dict:
        return {key: thaw(args[1], item) for key, item in value.items()}
    if is_dataclass(hint) and isinstance(hint, type):
        hints = typing.get_type_hints(hint)
        return hint(**{name: thaw(hints[name], item) for name, item in value.items()})
    if hint in (date, datetime):
        return hint.fromisoformat(value)
    return hint(value) if isinstance(hint, type) and issubclass(hint, Enum | Decimal) else value
