"""What one may ask, for ``?`` and for docs/queries.md."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from db.query.fields import FIELDS, FLAGS, choices_of, fields_of
from db.query.spec import PLURAL, Entity


@dataclass(frozen=True, slots=True)
class FieldHelp:
    """One field as people read about it."""

    name: str
    kind: str
    meaning: str
    examples: tuple[str, ...]
    aliases: tuple[str, ...]
    values: tuple[tuple[str, str], ...]
    """The only values there are, each with its meaning."""


def field_help(entity: str) -> list[FieldHelp]:
    """Every field one can ask about ``entity``."""
    asked = Entity(entity)
    return [
        FieldHelp(
            field.name,
            field.kind.value,
            field.meaning,
            field.examples,
            field.aliases,
            tuple(choices_of(field, asked).items()),
        )
        for field in fields_of(asked)
    ]


def value_sql(source: str) -> str:
    """The statement that lists the known values of a ``Field.source``, for completion; bind ``:limit``."""
    table, column = source.split(".")
    return f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY {column} LIMIT :limit"


def tables() -> str:
    """The tables of docs/queries.md: every field, and every word after ``is:``."""
    return "\n".join((*_field_rows(), "", *_flag_rows()))


def _field_rows() -> Iterator[str]:
    yield "| field | asked about | values | meaning | examples |"
    yield "|---|---|---|---|---|"
    for field in sorted(FIELDS, key=lambda field: field.name):
        also = f" (also `{'`, `'.join(field.aliases)}`)" if field.aliases else ""
        asked = ", ".join(PLURAL[entity] for entity in Entity if entity in field.on)
        values = ", ".join(f"`{value}`" for value in field.choices) or field.kind.value
        examples = " · ".join(f"`{example}`" for example in field.examples)
        yield f"| `{field.name}`{also} | {asked} | {values} | {field.meaning} | {examples} |"


def _flag_rows() -> Iterator[str]:
    yield "| word | " + " | ".join(PLURAL.values()) + " | holds for what is |"
    yield "|---|---|---|---|---|---|"
    for flag in FLAGS:
        asked = " | ".join("✓" if entity in flag.on else "" for entity in Entity)
        yield f"| `is:{flag.name}` | {asked} | {flag.meaning} |"
